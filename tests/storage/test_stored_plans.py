"""Plans come back exactly as they were made."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import AMOUNTS, COUNTS, DAYS, HOME, NOW, TEXTS, TIMES

from feedback_nlp.records import (
    Lane,
    Load,
    OrderChange,
    PlanRecord,
    Schedule,
    Slot,
    Waiting,
)
from feedback_nlp.storage import plans
from feedback_nlp.storage.database import reading, transaction

LANES = st.sampled_from(Lane)
FIRST = PlanRecord(
    1,
    date(2026, 3, 2),
    NOW,
    (("T-0001", 0.1 + 0.2),),
    Schedule(
        (Slot("K-0001", "T-0001", Lane.WEEKLY, 2.0, date(2026, 3, 9), "每周修复还有 2.4 人周"),),
        (Waiting("K-0002", "T-0002", Lane.MONTHLY, 9.0, "月度更新只剩 1 人周"),),
        (Load(Lane.WEEKLY, 2.4, 2.0, date(2026, 3, 9)),),
    ),
)


def several(each: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(each, max_size=3).map(tuple)


RANKS = st.integers(1, 999)
SCHEDULES = st.builds(
    Schedule,
    several(st.builds(Slot, TEXTS, TEXTS, LANES, AMOUNTS, DAYS, TEXTS)),
    several(st.builds(Waiting, TEXTS, TEXTS, LANES, AMOUNTS, TEXTS)),
    several(st.builds(Load, LANES, AMOUNTS, AMOUNTS, DAYS)),
)
CHANGES = st.builds(
    OrderChange, COUNTS, st.none() | st.floats(-1, 1), several(st.tuples(TEXTS, RANKS, RANKS))
)
PLANS = st.builds(
    PlanRecord,
    number=st.just(0),
    as_of=st.none() | DAYS,
    made_at=TIMES.filter(lambda time: time is not None),
    scores=several(st.tuples(TEXTS, AMOUNTS)),
    schedule=SCHEDULES,
    change=st.none() | CHANGES,
)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as opened:
        yield opened


@given(plan=PLANS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_plan_comes_back_as_it_was_made(session: Session, plan: PlanRecord) -> None:
    numbered = replace(plan, number=plans.next_number(session, HOME))
    plans.add(session, HOME, numbered)
    assert plans.latest(session, HOME) == numbered


def test_before_the_first_plan_there_is_none(session: Session) -> None:
    assert plans.latest(session, HOME) is None
    assert plans.next_number(session, HOME) == 1


def test_the_latest_plan_is_the_one_with_the_highest_number(session: Session) -> None:
    second = replace(FIRST, number=2, change=OrderChange(1, None, (("T-0001", 2, 1),)))
    for plan in (second, FIRST):
        plans.add(session, HOME, plan)
    assert plans.latest(session, HOME) == second
    assert plans.next_number(session, HOME) == 3


def test_two_planners_at_once_get_different_numbers(engine: Engine) -> None:
    def plan(_: int) -> None:
        for _ in range(20):
            with transaction(engine) as session:
                number = plans.next_number(session, HOME)
                plans.add(session, HOME, replace(FIRST, number=number))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(plan, range(2)))
    with reading(engine) as session:
        assert plans.next_number(session, HOME) == 41
