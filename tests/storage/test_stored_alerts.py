"""What people were told, and what the watch reads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import (
    BEIJING,
    HOME,
    MODEL,
    NOW,
    SHARES,
    TEXTS,
    annotation,
    correction,
    labels,
    quarantined,
    review,
    theme,
)

from feedback_nlp.records import (
    Alert,
    AlertKind,
    Denominator,
    Exposure,
    Intent,
    PlainLabels,
    Polarity,
    Quote,
    Spike,
)
from feedback_nlp.storage import (
    alerts,
    annotations,
    exposure,
    heard,
    label_corrections,
    quarantine,
    reviews,
    themes,
)
from feedback_nlp.storage.database import transaction

DAY = date(2026, 3, 2)
YESTERDAY = DAY - timedelta(days=1)
SPIKE = Spike(7, 56, 12, 0.1 + 0.2, 40.0, 9.5, 120.25, 1e-9, 1e-7, 1.5, Denominator.EXPOSURE)
RISING = Alert(AlertKind.SPIKE, "T-0001", YESTERDAY, DAY, "近 7 天 12 条", spike=SPIKE)
NEW = Alert(AlertKind.NEW_THEME, "T-0001", DAY, DAY, "新主题")
BURNT = Alert(
    AlertKind.SAFETY, "r1", YESTERDAY, YESTERDAY, "安全：起火", (Quote("r1", 0, 2, "起火"),)
)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A transaction over a workspace with one review and one theme."""
    with transaction(engine) as opened:
        reviews.add(opened, HOME, [review()], now=NOW)
        themes.save(opened, HOME, [theme()], now=NOW)
        yield opened


def test_alerts_come_back_as_they_were_told_latest_first(session: Session) -> None:
    alerts.put(session, HOME, [BURNT, RISING, NEW])
    assert alerts.every(session, HOME) == [NEW, RISING, BURNT]


def test_alerts_are_found_by_when_they_held_and_when_they_were_new(session: Session) -> None:
    alerts.put(session, HOME, [BURNT, RISING, NEW])
    assert alerts.every(session, HOME, since=DAY) == [NEW, RISING]
    assert alerts.open_on(session, HOME, YESTERDAY) == [RISING, BURNT]
    assert alerts.open_on(session, HOME, DAY) == [NEW, RISING]
    assert alerts.of_day(session, HOME, DAY) == [NEW]


def test_an_episode_that_goes_on_keeps_its_row(session: Session) -> None:
    alerts.put(session, HOME, [RISING])
    longer = replace(RISING, last=DAY + timedelta(days=3), reason="近 7 天 31 条", spike=None)
    alerts.put(session, HOME, [longer, longer])
    assert alerts.every(session, HOME) == [longer]


def test_what_speaks_of_nothing_stored_is_left_out(session: Session) -> None:
    gone = [replace(BURNT, subject="r9"), replace(NEW, subject="T-0009")]
    alerts.put(session, HOME, [*gone, NEW])
    assert alerts.every(session, HOME) == [NEW]


@given(
    reason=TEXTS,
    quote=TEXTS,
    figures=st.lists(SHARES, min_size=7, max_size=7),
    days=st.integers(0, 400),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_storing_is_the_identity(
    session: Session, reason: str, quote: str, figures: list[float], days: int
) -> None:
    expected, ratio, low, high, p, q, dispersion = figures
    spike = replace(SPIKE, expected=expected, ratio=ratio, low=low, high=high, p=p, q=q)
    spike = replace(spike, dispersion=dispersion, denominator=Denominator.REVIEWS)
    told = replace(BURNT, reason=reason, quotes=(Quote("r1", 0, 9, quote),))
    rising = replace(RISING, last=YESTERDAY + timedelta(days=days), spike=spike)
    alerts.put(session, HOME, [told, rising])
    assert {each.key: each for each in alerts.every(session, HOME)} == {
        told.key: told,
        rising.key: rising,
    }


def test_reviews_count_on_their_day_in_china_unless_held(session: Session) -> None:
    late = datetime(2026, 3, 1, 23, 59, tzinfo=BEIJING)
    written = [
        review("a", created_at=late),
        review("b", created_at=late + timedelta(minutes=1)),
        review("c", created_at=late),
        review("d"),
    ]
    reviews.add(session, HOME, written, now=NOW)
    quarantine.replace(session, HOME, [quarantined("c")], now=NOW)
    assert heard.reviews_per_day(session, HOME, model=MODEL) == {YESTERDAY: 1, DAY: 1}


def heard_ids(session: Session, since: date) -> list[str]:
    found = heard.lately(session, HOME, model=MODEL, since=since)
    return [voice.review_id for voice in found]


def test_of_late_is_what_was_written_or_came_lately(session: Session) -> None:
    old, recent = NOW - timedelta(days=99), NOW - timedelta(days=3)
    early = [review("a", created_at=old), review("b", created_at=recent), review("c")]
    late = [review("d", created_at=old), review("e")]
    reviews.add(session, HOME, early, now=NOW - timedelta(days=9))
    reviews.add(session, HOME, late, now=NOW)
    annotations.add(session, HOME, [annotation(each) for each in (*early, *late)])
    assert heard_ids(session, DAY - timedelta(days=6)) == ["b", "d", "e"]
    assert heard_ids(session, DAY - timedelta(days=2)) == ["d", "e"]


def test_of_late_are_all_opinions_as_people_corrected_them(session: Session) -> None:
    praise = labels(Polarity.POS, Intent.PRAISE)
    annotations.add(session, HOME, [annotation(review(), (0, 3, labels()), (4, 7, praise))])
    assert heard_polarities(session) == [Polarity.NEG, Polarity.POS]
    mended = correction(review(), (0, 3), PlainLabels(Polarity.NEU, severity=0))
    label_corrections.add(session, HOME, mended)
    assert heard_polarities(session) == [Polarity.NEU, Polarity.POS]


def heard_polarities(session: Session) -> list[Polarity]:
    found = heard.lately(session, HOME, model=MODEL, since=DAY)
    return [voice.labels.polarity for voice in found]


def test_nothing_is_heard_where_nothing_is_stored(session: Session) -> None:
    assert list(heard.lately(session, "empty", model=MODEL, since=DAY)) == []
    assert heard.reviews_per_day(session, "empty", model=MODEL) == {}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([Exposure(DAY, orders=5, active_users=9)], {DAY: 5}, id="orders first"),
        pytest.param([Exposure(DAY, active_users=9)], {DAY: 9}, id="else active users"),
        pytest.param(
            [Exposure(DAY, orders=0, active_users=9)], {DAY: 9}, id="no orders at all are unknown"
        ),
        pytest.param(
            [Exposure(YESTERDAY, orders=5), Exposure(DAY, active_users=9)],
            {YESTERDAY: 5},
            id="measures are not mixed",
        ),
        pytest.param([Exposure(DAY, installs=3)], {}, id="installs are no denominator"),
        pytest.param([Exposure(DAY + timedelta(days=1), orders=3)], {}, id="outside the days"),
    ],
)
def test_exposure_per_day_uses_one_measure(
    session: Session, rows: list[Exposure], expected: dict[date, int]
) -> None:
    exposure.add(session, HOME, rows, now=NOW)
    assert exposure.per_day(session, HOME, first=YESTERDAY, last=DAY) == expected
