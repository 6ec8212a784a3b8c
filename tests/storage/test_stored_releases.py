"""Releases are noted, listed and withdrawn; what verification found comes back as it was."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import BEIJING, DAYS, HOME, NOW, theme, ticket

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import (
    Baseline,
    Comparison,
    Denominator,
    Doubt,
    Group,
    Relapse,
    Release,
    Verdict,
    Verification,
)
from feedback_nlp.storage import releases, themes, tickets, verifications
from feedback_nlp.storage.database import transaction

PART = Release(
    number=0,
    tickets=("K-0002", "K-0010"),
    released_at=NOW.astimezone(BEIJING),
    author="小李",
    at=NOW,
    version="8.2",
    share=0.1 + 0.2,
    group=Group.REGION,
    value="广东",
    reason="灰度",
)
FULL = Release(0, ("K-0002",), NOW + timedelta(days=3), "小王", NOW)
FIGURES = st.floats(allow_nan=False, allow_infinity=False)
COUNTS = st.integers(0, 10**6)
COMPARISONS = st.builds(
    Comparison,
    st.sampled_from(Baseline),
    DAYS,
    DAYS,
    COUNTS,
    COUNTS,
    FIGURES,
    FIGURES,
    FIGURES,
    FIGURES,
)
VERIFICATIONS = st.builds(
    Verification,
    ticket_id=st.just("K-0002"),
    theme_id=st.just("T-0001"),
    release=COUNTS,
    as_of=DAYS,
    verdict=st.sampled_from(Verdict),
    target=FIGURES,
    first=DAYS,
    last=DAYS,
    count=COUNTS,
    denominator=st.sampled_from(Denominator),
    dispersion=FIGURES,
    comparisons=st.lists(COMPARISONS, max_size=3).map(tuple),
    controls=COUNTS,
    drift=FIGURES,
    spread=FIGURES,
    doubt=st.none() | st.sampled_from(Doubt),
    spike=st.none() | st.tuples(DAYS, DAYS),
    final=st.booleans(),
    next_look=st.none() | DAYS,
    relapse=st.none() | st.builds(Relapse, DAYS, DAYS, FIGURES, FIGURES, COUNTS, FIGURES),
)
FOUND = Verification(
    "K-0002",
    "T-0001",
    1,
    date(2026, 3, 30),
    Verdict.INCONCLUSIVE,
    0.9,
    date(2026, 3, 3),
    date(2026, 3, 30),
    4,
    Denominator.REVIEWS,
    1.25,
    (),
    0,
    1.0,
    0.1,
)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A transaction over a workspace with one theme and two tickets."""
    with transaction(engine) as opened:
        themes.save(opened, HOME, [theme()], now=NOW)
        tickets.save(opened, HOME, [ticket("K-0002"), ticket("K-0010")], now=NOW)
        yield opened


def test_releases_come_back_in_the_order_they_were_noted(session: Session) -> None:
    first = releases.add(session, HOME, PART)
    second = releases.add(session, HOME, FULL)
    assert (first, second) == (replace(PART, number=1), replace(FULL, number=2))
    assert releases.every(session, HOME) == [first, second]
    assert releases.of_ticket(session, HOME, "K-0010") == [first]
    assert [releases.get(session, HOME, number) for number in (2, 3, 0, 2**40)] == [
        second,
        None,
        None,
        None,
    ]


def test_a_withdrawn_release_stays_and_may_be_noted_again(session: Session) -> None:
    before = releases.mark(session, HOME)
    releases.add(session, HOME, PART)
    noted = releases.mark(session, HOME)
    gone = releases.withdraw(session, HOME, 1, by="小王", now=NOW)
    assert len({before, noted, releases.mark(session, HOME)}) == 3
    assert (gone.stands, gone.withdrawn_by, gone.withdrawn_at) == (False, "小王", NOW)
    assert releases.add(session, HOME, PART).number == 2
    assert releases.every(session, HOME) == [gone, replace(PART, number=2)]
    with pytest.raises(ConflictError, match="发布 1 已由 小王 撤回"):
        releases.withdraw(session, HOME, 1, by="小李", now=NOW)
    with pytest.raises(NotFoundError, match="没有编号为 7 的发布"):
        releases.withdraw(session, HOME, 7, by="小李", now=NOW)


def test_the_same_release_is_noted_once(session: Session) -> None:
    releases.add(session, HOME, PART)
    again = replace(PART, author="小王", released_at=NOW, tickets=("K-0010", "K-0002"))
    with pytest.raises(ConflictError, match="已经登记过，编号 1，小李 记的"):
        releases.add(session, HOME, again)
    others = (
        {"tickets": ("K-0002",)},
        {"released_at": NOW + timedelta(minutes=1)},
        {"version": "8.3"},
        {"share": 0.5},
        {"group": Group.TIER},
        {"value": "广西"},
    )
    for change in others:
        releases.add(session, HOME, replace(PART, **change))


def test_what_no_database_can_keep_is_refused(session: Session) -> None:
    for wrong in ({"author": "\0"}, {"value": "\ud800"}, {"share": float("nan")}):
        with pytest.raises(InputError):
            releases.add(session, HOME, replace(PART, **wrong))
    with pytest.raises(InputError, match="spread 是 inf"):
        verifications.put(session, HOME, replace(FOUND, spread=float("inf")))
    relapse = Relapse(NOW.date(), NOW.date(), float("nan"), 1.0, 1, 1.0)
    with pytest.raises(InputError, match="statistic 是 nan"):
        verifications.put(session, HOME, replace(FOUND, relapse=relapse))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=VERIFICATIONS)
def test_what_was_found_comes_back_as_it_was(session: Session, found: Verification) -> None:
    verifications.put(session, HOME, found)
    assert found in verifications.history(session, HOME, "K-0002")


def test_a_day_has_one_row_and_the_last_day_is_the_latest(session: Session) -> None:
    later = replace(FOUND, as_of=date(2026, 4, 2), verdict=Verdict.WORKED)
    other = replace(FOUND, ticket_id="K-0010")
    for each in (later, replace(FOUND, count=9), FOUND, other):
        verifications.put(session, HOME, each)
    assert verifications.history(session, HOME, "K-0002") == [FOUND, later]
    found = verifications.latest(session, HOME)
    assert found == {"K-0002": later, "K-0010": other}
    assert list(found) == ["K-0002", "K-0010"]
