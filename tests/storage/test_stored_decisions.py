"""Policy, efforts, votes and outcomes: rows are only added, the latest counts."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from storage_samples import BEIJING, HOME, NOW, SHARES, TEXTS, theme, ticket

from feedback_nlp.errors import InputError
from feedback_nlp.priority.policy import Changed
from feedback_nlp.records import (
    Criterion,
    EffortKind,
    EffortNote,
    Lane,
    Outcome,
    Policy,
    RfmRule,
    Segment,
    SlaRule,
    Verdict,
    Vote,
)
from feedback_nlp.storage import efforts, outcomes, policies, tables, themes, tickets, votes
from feedback_nlp.storage.database import reading, transaction

GUESS = EffortNote(EffortKind.ESTIMATE, "T-0001", 0.1 + 0.2, "小李", NOW, "要改接口")
TOOK = EffortNote(EffortKind.ACTUAL, "T-0001", 3.0, "小王", NOW, "", "K-0001")
VOTE = Vote("T-0001", Criterion.NOVELTY, 7.5, "小李", NOW, "没人做过")
WORKED = Outcome("K-0001", "T-0001", Verdict.WORKED, NOW, (("before", "12"), ("after", "3")))
FIGURES = st.floats(0, 100)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A transaction over a workspace with two themes and two tickets."""
    with transaction(engine) as opened:
        _prepare(opened)
        yield opened


def _prepare(session: Session) -> None:
    themes.save(session, HOME, [theme(), theme("T-0002", name="卡顿")], now=NOW)
    tickets.save(session, HOME, [ticket(), ticket("K-0002", "T-0002")], now=NOW)


def put(session: Session, policy: Policy, reason: str = "") -> None:
    policies.put(session, HOME, policy, author="小李", at=NOW, reason=reason)


def test_without_a_row_the_defaults_count(session: Session) -> None:
    assert policies.current(session, HOME) == Policy()
    assert policies.history(session, HOME) == []
    assert policies.mark(session, HOME) == 0


def pairs(names: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[tuple[str, float], ...]]:
    return st.dictionaries(names, FIGURES, max_size=4).map(lambda found: tuple(found.items()))


POLICIES = st.builds(
    Policy,
    tiers=pairs(TEXTS | st.sampled_from(["A", "钻石"])),
    segments=pairs(st.sampled_from(Segment)),
    strategy=pairs(TEXTS),
    capacities=pairs(st.sampled_from(Lane)),
    reserve=SHARES,
    cheap_weeks=FIGURES,
    rfm=st.builds(RfmRule, st.integers(1, 9), high_amount=FIGURES),
    sla=st.builds(SlaRule, FIGURES, tiers=pairs(TEXTS | st.just("A")), scenarios=pairs(TEXTS)),
)


@given(wanted=POLICIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_policy_comes_back_as_it_was_put(session: Session, wanted: Policy) -> None:
    put(session, wanted)
    found = policies.current(session, HOME)
    for name in ("tiers", "segments", "strategy", "capacities"):
        assert dict(getattr(found, name)) == dict(getattr(wanted, name))
    assert (found.reserve, found.cheap_weeks) == (wanted.reserve, wanted.cheap_weeks)
    assert (found.board, found.rfm) == (wanted.board, wanted.rfm)
    assert dict(found.sla.tiers) == dict(wanted.sla.tiers)
    assert dict(found.sla.scenarios) == dict(wanted.sla.scenarios)
    assert found.sla.negative_hours == wanted.sla.negative_hours
    before = policies.mark(session, HOME)
    put(session, found)
    assert policies.mark(session, HOME) == before


def test_only_what_differs_is_stored(session: Session) -> None:
    sla = SlaRule(opens=8.5, tiers=(("A", 2.0), ("B", 9.0)))
    put(session, replace(Policy(), reserve=0.25, rfm=RfmRule(high_days=20), sla=sla))
    content = session.execute(select(tables.policies.c.content)).scalar_one()
    limits = {"opens": 8.5, "tiers": {"B": 9.0, "C": None}}
    assert content == {"reserve": 0.25, "rfm": {"high_days": 20}, "sla": limits}


def test_a_policy_that_counts_already_writes_nothing(session: Session) -> None:
    put(session, Policy())
    assert policies.mark(session, HOME) == 0
    put(session, replace(Policy(), strategy=(("b", 2.0), ("a", 3.0))))
    put(session, replace(Policy(), strategy=(("a", 3.0), ("b", 2.0))))
    assert policies.mark(session, HOME) == 1
    assert policies.current(session, HOME).strategy == (("a", 3.0), ("b", 2.0))


def test_the_history_tells_what_changed_newest_first(session: Session) -> None:
    first = replace(Policy(), reserve=0.25)
    put(session, first, "多留一点")
    put(session, replace(first, strategy=(("app", 2.0),)), "账号最要紧")
    put(session, Policy(), "回到默认")
    told = [(each.number, each.reason, each.changes) for each in policies.history(session, HOME)]
    assert told == [
        (3, "回到默认", (Changed("strategy.app", "2", "1"), Changed("reserve", "0.25", "0.2"))),
        (2, "账号最要紧", (Changed("strategy.app", "1", "2"),)),
        (1, "多留一点", (Changed("reserve", "0.2", "0.25"),)),
    ]
    latest = policies.history(session, HOME)[0]
    assert (latest.policy, latest.author, latest.at) == (Policy(), "小李", NOW)


@pytest.mark.parametrize(
    ("policy", "author"),
    [
        pytest.param(replace(Policy(), reserve=float("nan")), "", id="not a number"),
        pytest.param(replace(Policy(), tiers=(("A", float("inf")),)), "", id="an infinite weight"),
        pytest.param(replace(Policy(), tiers=(("A\x00", 1.0),)), "", id="a NUL in a name"),
        pytest.param(replace(Policy(), reserve=0.5), "\ud800", id="half a character"),
        pytest.param(
            replace(Policy(), sla=SlaRule(tiers=(("A", float("inf")),))), "", id="an endless limit"
        ),
    ],
)
def test_a_policy_that_no_database_can_keep_is_refused(
    session: Session, policy: Policy, author: str
) -> None:
    with pytest.raises(InputError, match="无法保存"):
        policies.put(session, HOME, policy, author=author, at=NOW, reason="")
    assert policies.mark(session, HOME) == 0


def test_the_latest_estimate_of_a_theme_counts(session: Session) -> None:
    other = replace(GUESS, theme_id="T-0002", at=NOW.astimezone(BEIJING))
    for note in (GUESS, other, replace(GUESS, weeks=5.0, at=NOW - timedelta(days=9)), TOOK):
        efforts.add(session, HOME, note)
    found = efforts.estimates(session, HOME)
    assert {key: note.weeks for key, note in found.items()} == {"T-0001": 5.0, "T-0002": 0.1 + 0.2}
    assert found["T-0002"] == other


def test_an_estimate_that_was_taken_back_does_not_count(session: Session) -> None:
    efforts.add(session, HOME, GUESS)
    efforts.add(session, HOME, replace(GUESS, weeks=None))
    assert efforts.estimates(session, HOME) == {}
    efforts.add(session, HOME, GUESS)
    assert efforts.estimates(session, HOME) == {"T-0001": GUESS}


def test_the_latest_actual_effort_of_each_ticket_counts(session: Session) -> None:
    other = replace(TOOK, theme_id="T-0002", ticket_id="K-0002")
    again = replace(TOOK, weeks=4.0)
    for note in (TOOK, GUESS, other, again):
        efforts.add(session, HOME, note)
    assert efforts.actuals(session, HOME) == [other, again]
    efforts.add(session, HOME, replace(other, weeks=None))
    assert efforts.actuals(session, HOME) == [again]


def test_the_history_of_efforts_is_that_of_one_theme(session: Session) -> None:
    other = replace(GUESS, theme_id="T-0002")
    notes = [GUESS, TOOK, replace(GUESS, weeks=None)]
    for note in (notes[0], other, *notes[1:]):
        efforts.add(session, HOME, note)
    assert efforts.history(session, HOME, "T-0001") == notes
    assert efforts.history(session, HOME, "T-0002") == [other]
    assert efforts.history(session, HOME, "T-0009") == []


def test_of_each_person_and_criterion_the_latest_vote_counts(session: Session) -> None:
    again = replace(VOTE, points=3.0)
    others = [replace(VOTE, author="小王"), replace(VOTE, criterion=Criterion.BENEFIT)]
    elsewhere = replace(VOTE, theme_id="T-0002")
    for vote in (VOTE, *others, elsewhere, again):
        votes.add(session, HOME, vote)
    assert votes.latest(session, HOME) == [*others, elsewhere, again]
    assert votes.latest(session, HOME, theme_id="T-0002") == [elsewhere]


def test_a_vote_that_was_taken_back_does_not_count(session: Session) -> None:
    votes.add(session, HOME, VOTE)
    votes.add(session, HOME, replace(VOTE, points=None))
    assert votes.latest(session, HOME) == []


def test_outcomes_come_back_in_the_order_of_adding(session: Session) -> None:
    later = Outcome("K-0002", "T-0002", Verdict.RELAPSED, NOW - timedelta(days=9))
    outcomes.add(session, HOME, WORKED)
    outcomes.add(session, HOME, later)
    assert outcomes.every(session, HOME) == [WORKED, later]


Add = Callable[[Session], None]
ADDS: dict[str, tuple[Add, Callable[[Session, str], int]]] = {
    "efforts": (lambda session: efforts.add(session, HOME, GUESS), efforts.mark),
    "votes": (lambda session: votes.add(session, HOME, VOTE), votes.mark),
    "outcomes": (lambda session: outcomes.add(session, HOME, WORKED), outcomes.mark),
}


@pytest.mark.parametrize("name", ADDS)
def test_the_mark_differs_once_something_was_added(session: Session, name: str) -> None:
    add, mark = ADDS[name]
    marks = [mark(session, HOME)]
    for _ in range(2):
        add(session)
        marks.append(mark(session, HOME))
    assert marks == [0, 1, 2]


@pytest.mark.parametrize("name", ADDS)
def test_two_writers_at_once_lose_nothing(engine: Engine, name: str) -> None:
    add, mark = ADDS[name]
    with transaction(engine) as session:
        _prepare(session)

    def write(_: int) -> None:
        for _ in range(20):
            with transaction(engine) as session:
                add(session)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    with reading(engine) as session:
        assert mark(session, HOME) == 40


def test_two_teams_of_writers_of_the_policy_lose_no_change(engine: Engine) -> None:
    def write(lane: Lane) -> None:
        for weeks in range(1, 11):
            with transaction(engine) as session:
                wanted = replace(Policy(), capacities=((lane, weeks + 0.5),))
                policies.put(session, HOME, wanted, author=lane, at=NOW, reason="")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, (Lane.WEEKLY, Lane.MONTHLY)))
    with reading(engine) as session:
        found = policies.history(session, HOME)
    assert [each.number for each in found] == list(range(20, 0, -1))


@pytest.mark.parametrize(
    "add",
    [
        pytest.param(
            lambda s: efforts.add(s, HOME, replace(GUESS, weeks=float("inf"))), id="endless effort"
        ),
        pytest.param(
            lambda s: efforts.add(s, HOME, replace(GUESS, reason="\x00")), id="NUL in a reason"
        ),
        pytest.param(
            lambda s: votes.add(s, HOME, replace(VOTE, points=float("nan"))), id="no points"
        ),
        pytest.param(
            lambda s: votes.add(s, HOME, replace(VOTE, author="\ud800")), id="half a character"
        ),
        pytest.param(
            lambda s: outcomes.add(s, HOME, replace(WORKED, detail=(("a", "\x00"),))),
            id="NUL in a detail",
        ),
    ],
)
def test_what_no_database_can_keep_is_refused(session: Session, add: Add) -> None:
    with pytest.raises(InputError, match="无法保存"):
        add(session)
