"""Which exposure counts for what is asked."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import HOME, NOW

from feedback_nlp.records import Exposure
from feedback_nlp.storage import exposure
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.exposure import Cut, DaySum, ExposureTotal

LAW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DAY = date(2026, 3, 2)
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as session:
        yield session


ALL = Cut()
TOTALS = [
    pytest.param((Exposure(DAY, orders=9),), ALL, DaySum(9, 1), id="one row"),
    pytest.param(
        (Exposure(DAY, orders=9), Exposure(NEXT, orders=1)), ALL, DaySum(10, 2), id="days add up"
    ),
    pytest.param((), ALL, None, id="nothing known"),
    pytest.param((Exposure(DAY, installs=9),), ALL, None, id="another measure only"),
    pytest.param((Exposure(DAY, orders=0),), ALL, DaySum(0, 1), id="zero is known"),
    pytest.param(
        (Exposure(DAY - timedelta(days=1), orders=9), Exposure(NEXT + timedelta(days=1), orders=9)),
        ALL,
        None,
        id="other days",
    ),
    pytest.param(
        (Exposure(DAY, version="1", orders=4), Exposure(DAY, version="2", orders=5)),
        ALL,
        DaySum(9, 1),
        id="versions add up where nobody tells the sum",
    ),
    pytest.param(
        (
            Exposure(DAY, orders=10),
            Exposure(DAY, version="1", orders=4),
            Exposure(DAY, version="2", orders=5),
        ),
        ALL,
        DaySum(10, 1),
        id="the sum that somebody tells is not counted on top",
    ),
    pytest.param(
        (
            Exposure(DAY, version="1", orders=4),
            Exposure(DAY, product="P", orders=7),
            Exposure(DAY, product="P", version="1", orders=3),
        ),
        ALL,
        DaySum(7, 1),
        id="among equal splits the product decides",
    ),
    pytest.param(
        (Exposure(DAY, orders=9), Exposure(DAY, version="2", orders=5)),
        Cut(version="1"),
        None,
        id="the sum says nothing about one version",
    ),
    pytest.param(
        (
            Exposure(DAY, version="1", orders=4),
            Exposure(DAY, version="1", region="浙江", orders=3),
            Exposure(DAY, version="1", region="江苏", orders=2),
            Exposure(NEXT, version="1", region="浙江", orders=30),
            Exposure(NEXT, version="1", region="江苏", orders=20),
            Exposure(NEXT, version="2", region="江苏", orders=100),
        ),
        Cut(version="1"),
        DaySum(54, 2),
        id="each day uses the level nearest to what is asked",
    ),
    pytest.param(
        (Exposure(DAY, orders=None, active_users=1), Exposure(DAY, version="1", orders=4)),
        ALL,
        DaySum(4, 1),
        id="a row without the number does not hide others",
    ),
    pytest.param(
        (Exposure(DAY, "P", "1", "浙江", "appstore", orders=4),),
        Cut("P", "1", "浙江", "appstore"),
        DaySum(4, 1),
        id="a cut of all dimensions",
    ),
]


@pytest.mark.parametrize(("rows", "cut", "expected"), TOTALS)
def test_exposure_never_counts_twice(
    session: Session, rows: tuple[Exposure, ...], cut: Cut, expected: DaySum | None
) -> None:
    exposure.add(session, HOME, rows, now=NOW)
    assert exposure.total(session, HOME, cut, first=DAY, last=NEXT).orders == expected


def test_each_measure_is_counted_for_itself(session: Session) -> None:
    exposure.add(session, HOME, [Exposure(DAY, orders=2, active_users=30)], now=NOW)
    exposure.add(session, HOME, [Exposure(NEXT, active_users=2**62)], now=NOW)
    assert exposure.total(session, HOME, first=DAY, last=NEXT) == ExposureTotal(
        orders=DaySum(2, 1), active_users=DaySum(2**62 + 30, 2), installs=None
    )


@LAW
@given(
    rows=st.lists(
        st.builds(
            Exposure,
            st.sampled_from([DAY, NEXT]),
            *[st.sampled_from(["", "x", "y"])] * 4,
            st.none() | st.integers(0, 99),
        ),
        max_size=12,
        unique_by=lambda one: (one.day, one.product, one.version, one.region, one.channel),
    )
)
def test_a_total_uses_one_level_of_each_day_that_tells(
    engine: Engine, rows: list[Exposure]
) -> None:
    levels: dict[date, dict[tuple[bool, ...], int]] = {}
    for one in rows:
        if one.orders is not None:
            level = tuple(map(bool, (one.product, one.version, one.region, one.channel)))
            sums = levels.setdefault(one.day, {})
            sums[level] = sums.get(level, 0) + one.orders
    with transaction(engine) as session:
        exposure.add(session, HOME, rows, now=NOW)
        found = exposure.total(session, HOME, first=DAY, last=NEXT).orders
        session.rollback()
    assert (found.days if found else 0) == len(levels)
    possible = {0}
    for sums in levels.values():
        fewest = min(map(sum, sums))
        best = {value for level, value in sums.items() if sum(level) == fewest}
        possible = {before + value for before in possible for value in best}
    assert (found.total if found else 0) in possible


ONE = Cut(version="1")
BOTH = [Exposure(day, version=name, orders=9) for day in (DAY, NEXT) for name in ("1", "2")]
SIDES = [
    pytest.param(BOTH, {DAY: (9, 9), NEXT: (9, 9)}, id="all less the cut are the others"),
    pytest.param(BOTH[:3], {DAY: (9, 9), NEXT: (9, 0)}, id="nobody is left"),
    pytest.param([*BOTH[:2], BOTH[3]], {}, id="a day without the cut"),
    pytest.param([BOTH[1], BOTH[3]], {}, id="the cut is not told"),
    pytest.param([*BOTH, Exposure(DAY, orders=8)], {}, id="more than all"),
    pytest.param(
        [*BOTH[:2], *[Exposure(each.day, version="1", active_users=5) for each in BOTH[2:3]]],
        {},
        id="orders on one day, users on the other",
    ),
    pytest.param(
        [
            Exposure(day, version=name, active_users=people)
            for day in (DAY, NEXT)
            for name, people in (("1", 3), ("", 10))
        ],
        {DAY: (3, 7), NEXT: (3, 7)},
        id="users where nobody tells orders",
    ),
]


@pytest.mark.parametrize(("rows", "expected"), SIDES)
def test_both_sides_have_one_denominator_on_all_days_or_none(
    session: Session, rows: list[Exposure], expected: dict[date, tuple[int, int]]
) -> None:
    exposure.add(session, HOME, rows, now=NOW)
    assert exposure.sides(session, HOME, ONE, first=DAY, last=NEXT) == expected
