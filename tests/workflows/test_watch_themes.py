"""The watch over stored data: what it counts, what it searches, and that it tells things once."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from builders import NOW
from desk import Desk, sample_rows, write_csv
from sqlalchemy import Engine
from storage_samples import annotation, labels, quarantined, review, theme

from feedback_nlp.records import (
    CHINA,
    Alert,
    AlertKind,
    Denominator,
    Exposure,
    Intent,
    Labels,
    Polarity,
    Review,
    ThemeState,
)
from feedback_nlp.storage import (
    alerts,
    annotations,
    exposure,
    quarantine,
    reviews,
    themes,
)
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_alerts import list_alerts
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.watch_themes import watch_themes

MODEL = "model/1"
HOME = "default"
TODAY = date(2026, 5, 31)
QUIET_DAYS = 90
FEW_A_DAY = 6
NEUTRAL = labels(Polarity.NEU, Intent.OTHER)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CHINA)


def said(key: str, day: date | None, text: str = "闪退了") -> Review:
    return review(key, text, created_at=day and noon(day), author_id=f"u-{key}")


def store(engine: Engine, found: Sequence[Review], *, of: Labels | None = None) -> None:
    made = [annotation(each, (0, len(each.text), of or labels()), model=MODEL) for each in found]
    with transaction(engine) as session:
        reviews.add(session, HOME, found, now=NOW)
        annotations.add(session, HOME, made)


def watch(engine: Engine) -> list[Alert]:
    return watch_themes(engine, HOME, model=MODEL, now=NOW)


def told(engine: Engine) -> list[Alert]:
    with reading(engine) as session:
        return alerts.every(session, HOME)


def quiet(engine: Engine, *, until: date = TODAY) -> list[Review]:
    """Store a few reviews each day, one a week of which is on the theme; return the latter."""
    days = [until - timedelta(days=place) for place in range(QUIET_DAYS)]
    rest = [said(f"q{day}-{n}", day, "还行") for day in days for n in range(FEW_A_DAY)]
    ours = [said(f"t{day}", day) for day in days[::7]]
    store(engine, rest, of=NEUTRAL)
    store(engine, ours)
    return ours


def burst(engine: Engine, day: date, count: int = 15) -> list[Review]:
    found = [said(f"b{day}-{n}", day) for n in range(count)]
    store(engine, found)
    return found


def settle(engine: Engine, members: Sequence[Review], state: str = "open") -> None:
    places = [(each.id, 0) for each in members]
    with transaction(engine) as session:
        themes.save(session, HOME, [theme("T-0001", *places, state=state)], now=NOW)


@pytest.fixture
def engine(target: Target) -> Engine:
    return target.engine


def test_a_theme_that_jumps_is_told_with_its_figures(engine: Engine) -> None:
    settle(engine, [*quiet(engine), *burst(engine, TODAY)])
    (alert,) = watch(engine)
    assert (alert.kind, alert.subject, alert.day) == (AlertKind.SPIKE, "T-0001", TODAY)
    assert alert.spike is not None
    assert alert.spike.observed == 16
    assert alert.spike.denominator is Denominator.REVIEWS
    assert told(engine) == [alert]


def test_a_quiet_theme_is_not_told(engine: Engine) -> None:
    settle(engine, quiet(engine))
    assert watch(engine) == []


def test_a_closed_theme_is_not_watched(engine: Engine) -> None:
    settle(engine, [*quiet(engine), *burst(engine, TODAY)], ThemeState.CLOSED)
    assert watch(engine) == []


def test_watching_again_changes_nothing(engine: Engine) -> None:
    settle(engine, [*quiet(engine), *burst(engine, TODAY)])
    watch(engine)
    before = told(engine)
    watch(engine)
    assert told(engine) == before


def test_an_episode_keeps_its_key_while_it_goes_on(engine: Engine) -> None:
    members = [*quiet(engine), *burst(engine, TODAY)]
    settle(engine, members)
    (first,) = watch(engine)
    tomorrow = TODAY + timedelta(days=1)
    settle(engine, [*members, *burst(engine, tomorrow)])
    (second,) = watch(engine)
    assert second.key == first.key
    assert (second.day, second.last) == (TODAY, tomorrow)
    assert told(engine) == [second]


def test_orders_are_the_denominator_where_they_are_known(engine: Engine) -> None:
    settle(engine, [*quiet(engine), *burst(engine, TODAY)])
    days = [TODAY - timedelta(days=place) for place in range(QUIET_DAYS)]
    with transaction(engine) as session:
        exposure.add(session, HOME, [Exposure(day, orders=1_000) for day in days], now=NOW)
    (alert,) = watch(engine)
    assert alert.spike is not None
    assert alert.spike.denominator is Denominator.EXPOSURE


def test_more_orders_explain_more_complaints(engine: Engine) -> None:
    settle(engine, [*quiet(engine), *burst(engine, TODAY)])
    days = [TODAY - timedelta(days=place) for place in range(QUIET_DAYS)]
    orders = {TODAY: 200_000}
    rows = [Exposure(day, orders=orders.get(day, 1_000)) for day in days]
    with transaction(engine) as session:
        exposure.add(session, HOME, rows, now=NOW)
    assert watch(engine) == []


def test_reviews_that_are_held_raise_nothing(engine: Engine) -> None:
    sudden = burst(engine, TODAY)
    settle(engine, [*quiet(engine), *sudden])
    with transaction(engine) as session:
        held = [quarantined(each.id) for each in sudden]
        quarantine.replace(session, HOME, held, now=NOW)
    assert watch(engine) == []


def test_sharp_words_are_told_whatever_the_polarity(engine: Engine) -> None:
    store(engine, [said("r1", TODAY, "充电宝起火了")], of=NEUTRAL)
    (alert,) = watch(engine)
    assert (alert.kind, alert.subject, alert.day) == (AlertKind.SAFETY, "r1", TODAY)
    assert [quote.text for quote in alert.quotes] == ["充电宝起火了"]


@pytest.mark.parametrize(
    ("days_before", "expected"),
    [
        pytest.param(0, 0, id="today"),
        pytest.param(6, 0, id="within a week it is news"),
        pytest.param(7, 7, id="older ones are noted under their own day"),
    ],
)
def test_a_sharp_review_is_dated_by_its_age(
    engine: Engine, days_before: int, expected: int
) -> None:
    store(engine, [said("now", TODAY, "还行")], of=NEUTRAL)
    store(engine, [said("r1", TODAY - timedelta(days=days_before), "充电宝起火了")])
    (alert,) = watch(engine)
    assert alert.day == TODAY - timedelta(days=expected)


def test_a_sharp_review_is_told_once_for_all(engine: Engine) -> None:
    store(engine, [said("r1", TODAY, "充电宝起火了")])
    first = watch(engine)
    for days in (1, 6, 20):
        store(engine, [said(f"later{days}", TODAY + timedelta(days=days), "还行")], of=NEUTRAL)
        assert watch(engine) == []
    assert told(engine) == first


def test_without_dates_the_day_is_that_of_the_clock(engine: Engine) -> None:
    store(engine, [said("r1", None, "充电宝起火了")])
    (alert,) = watch(engine)
    assert alert.day == NOW.date()
    with reading(engine) as session:
        found = list_alerts(session, HOME, Page(9))
    assert (found.as_of, [each.is_new for each in found.alerts]) == (NOW.date(), [True])


def test_nothing_stored_is_nothing_told(engine: Engine) -> None:
    assert watch(engine) == []
    with reading(engine) as session:
        assert list_alerts(session, HOME, Page(9)).as_of is None


def test_a_list_shows_the_last_days_with_the_names_of_themes(engine: Engine) -> None:
    store(engine, [said("old", TODAY - timedelta(days=9), "充电宝起火了")])
    settle(engine, [*quiet(engine), *burst(engine, TODAY)])
    watch(engine)
    with reading(engine) as session:
        recent, ever = (list_alerts(session, HOME, Page(9), days=days) for days in (7, None))
        second = list_alerts(session, HOME, Page(1, 1), days=None)
    assert [each.theme_name for each in recent.alerts] == ["闪退"]
    assert [(each.alert.subject, each.is_new) for each in ever.alerts] == [
        ("T-0001", True),
        ("old", False),
    ]
    assert (second.alerts, second.total) == (ever.alerts[1:], 2)


def test_a_run_tells_of_sharp_words_in_every_report(desk: Desk) -> None:
    rows = sample_rows()
    newest = max(rows, key=lambda row: row["时间"])
    rows.append(newest | {"id": "S-1", "内容": "再不退款我就打12315"})
    desk.run(write_csv(desk.root / "rows.csv", rows))
    document = json.loads((desk.out / "themes.json").read_text("utf-8"))
    (alert,) = [each for each in document["alerts"] if each["kind"] == "legal"]
    assert (alert["new"], alert["theme"]) == (True, None)
    for name in ("report.html", "report.md"):
        text = (desk.out / name).read_text("utf-8")
        assert "法律与曝光" in text
        assert text.count("再不退款我就打12315") >= 1
