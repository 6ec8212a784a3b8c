import math
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random  # noqa: TID251 (seeded by the case)

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import InputError
from feedback_nlp.lanes.jobs import LANES, capacities
from feedback_nlp.lanes.model import STEP
from feedback_nlp.lanes.schedule import Job, schedule
from feedback_nlp.records import LANE_DAYS, Lane, Policy, Schedule, Slot, Waiting

TODAY = date(2026, 11, 22)
POLICY = Policy()
ORDINARY = LANES[1:]
WEEKS = (0.1, 0.3, 0.5, 1.0, 1.7, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 1 / 3)
few = settings(max_examples=40, deadline=None)


def job(number: int, need: float, weeks: float, lane: Lane, *, committed: bool = False) -> Job:
    return Job(f"K-{number:04d}", f"T-{number:04d}", need, weeks, lane, committed)


def policy(*weeks: float, reserve: float = 0.2) -> Policy:
    return Policy(capacities=tuple(zip(ORDINARY, weeks, strict=False)), reserve=reserve)


def planned(jobs: list[Job], rule: Policy) -> Schedule:
    return schedule(jobs, rule, today=TODAY)


def slot_of(plan: Schedule, number: int) -> Slot:
    return next(slot for slot in plan.slots if slot.ticket_id == f"K-{number:04d}")


def waiting_of(plan: Schedule, number: int) -> Waiting:
    return next(wait for wait in plan.waiting if wait.ticket_id == f"K-{number:04d}")


def gains(jobs: list[Job], plan: Schedule) -> tuple[float, float]:
    """Return what the committed jobs gain and what the others gain."""
    known = {each.ticket_id: each for each in jobs}
    gained = [0.0, 0.0]
    for slot in plan.slots:
        each = known[slot.ticket_id]
        steps = LANES.index(slot.lane) - LANES.index(each.lane)
        gained[not each.committed] += each.need * STEP**steps
    return gained[0], gained[1]


def best_of_all(jobs: list[Job], rule: Policy) -> tuple[float, float]:
    """Try every way to place the jobs."""
    rooms, best = capacities(rule), (0.0, 0.0)
    for lanes in product(*[(None, *LANES[LANES.index(each.lane) :]) for each in jobs]):
        taken = dict.fromkeys(LANES, 0.0)
        gained = [0.0, 0.0]
        for each, lane in zip(jobs, lanes, strict=True):
            if lane is not None:
                taken[lane] += each.weeks
                steps = LANES.index(lane) - LANES.index(each.lane)
                gained[not each.committed] += each.need * STEP**steps
        if all(taken[lane] <= rooms[lane] + 1e-9 for lane in LANES):
            # Sums in another order differ in their last digit.
            best = max(best, (round(gained[0], 9), round(gained[1], 9)))
    return best


@st.composite
def any_jobs(draw: st.DrawFn) -> list[Job]:
    count = draw(st.integers(0, 12))
    return [
        job(
            number,
            draw(st.sampled_from([0.0, 1.0, 2.0]) | st.floats(0, 1e6)),
            draw(st.sampled_from(WEEKS) | st.floats(0.01, 60)),
            draw(st.sampled_from(LANES)),
            committed=draw(st.booleans()),
        )
        for number in range(count)
    ]


any_policy = st.builds(
    policy,
    *[st.sampled_from([0.0, 0.3, 1.0, 3.0, 8.0]) | st.floats(0, 40)] * 4,
    reserve=st.sampled_from([0.0, 0.1, 0.2, 1.0]),
)


# --- laws --------------------------------------------------------------------------------------


def test_a_ticket_that_skips_a_lane_says_that_it_is_full_too() -> None:
    others = [job(1, 10, 2.0, Lane.WEEKLY), job(2, 10, 5.0, Lane.MONTHLY)]
    plan = planned([*others, job(3, 0.5, 2.0, Lane.WEEKLY)], POLICY)
    reason = slot_of(plan, 3).reason
    assert reason == (
        "每周修复只有 2.4 人周，本期已排 K-0001，余 0.4 人周，月度更新余 1.4 人周，也放不下，"
        "顺延到季度迭代"
    )


@few
@given(any_jobs(), any_policy)
def test_no_lane_is_overfull_and_only_emergencies_take_the_reserve(
    jobs: list[Job], rule: Policy
) -> None:
    plan = planned(jobs, rule)
    emergencies = {each.ticket_id for each in jobs if each.lane is Lane.EMERGENCY}
    for load in plan.loads:
        there = [slot for slot in plan.slots if slot.lane is load.lane]
        assert load.used == math.fsum(slot.weeks for slot in there)
        assert load.used <= load.capacity + 1e-9
        if load.lane is Lane.EMERGENCY:
            assert {slot.ticket_id for slot in there} <= emergencies
            assert load.capacity == pytest.approx(
                rule.reserve * sum(weeks for _, weeks in rule.capacities)
            )


@few
@given(any_jobs(), any_policy)
def test_every_job_has_one_place_or_waits_and_is_never_brought_forward(
    jobs: list[Job], rule: Policy
) -> None:
    plan = planned(jobs, rule)
    ids = [slot.ticket_id for slot in plan.slots] + [wait.ticket_id for wait in plan.waiting]
    assert sorted(ids) == sorted(each.ticket_id for each in jobs)
    own = {each.ticket_id: LANES.index(each.lane) for each in jobs}
    assert all(LANES.index(slot.lane) >= own[slot.ticket_id] for slot in plan.slots)


@few
@given(any_jobs(), any_policy)
def test_nobody_waits_or_is_put_off_where_there_is_room(jobs: list[Job], rule: Policy) -> None:
    plan = planned(jobs, rule)
    left = {load.lane: load.capacity - load.used for load in plan.loads}
    own = {each.ticket_id: LANES.index(each.lane) for each in jobs}
    tried: list[tuple[Slot | Waiting, tuple[Lane, ...]]] = []
    tried += [(wait, LANES[own[wait.ticket_id] :]) for wait in plan.waiting]
    for slot in plan.slots:
        tried.append((slot, LANES[own[slot.ticket_id] : LANES.index(slot.lane)]))
    for each, lanes in tried:
        assert all(left[lane] < each.weeks for lane in lanes)
        assert each.reason
        assert len(each.reason) <= 500


@few
@given(any_jobs(), any_policy, st.data())
def test_the_order_of_the_jobs_changes_nothing(
    jobs: list[Job], rule: Policy, data: st.DataObject
) -> None:
    assert planned(data.draw(st.permutations(jobs)), rule) == planned(jobs, rule)


@few
@given(any_jobs(), any_policy, st.sampled_from(range(4)), st.floats(0.1, 20))
def test_more_capacity_never_lowers_the_gain(
    jobs: list[Job], rule: Policy, lane: int, more: float
) -> None:
    jobs = [replace(each, committed=False) for each in jobs]
    raised = tuple(
        (name, weeks + more * (name is ORDINARY[lane])) for name, weeks in rule.capacities
    )
    before = sum(gains(jobs, planned(jobs, rule)))
    after = sum(gains(jobs, planned(jobs, replace(rule, capacities=raised))))
    assert after >= before - 1e-8 * max(before, 1)


# --- the best plan -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(300))
def test_the_plan_is_as_good_as_the_best_of_all(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - not a secret
    alike = chance.random() < 0.3
    jobs = [
        job(
            number,
            chance.choice([1.0, 2.0]) if alike else round(chance.lognormvariate(0, 1.5), 3) + 0.001,
            chance.choice(WEEKS[:9] if alike else WEEKS),
            chance.choice(LANES),
            committed=chance.random() < 0.4,
        )
        for number in range(chance.randint(1, 6 if seed % 10 == 0 else 5))
    ]
    rule = policy(
        *[chance.choice([0.0, 1.0, 2.0, 3.0, 5.0, 8.0]) for _ in range(4)],
        reserve=chance.choice([0.0, 0.2, 0.5]),
    )
    assert gains(jobs, planned(jobs, rule)) == pytest.approx(best_of_all(jobs, rule), abs=2e-9)


def test_committed_jobs_share_their_lane_so_that_the_others_have_room_too() -> None:
    # The two committed jobs gain the same either way round; only one way leaves room for the third.
    jobs = [
        job(1, 1.0, 2.0, Lane.WEEKLY, committed=True),
        job(2, 1.0, 3.0, Lane.WEEKLY, committed=True),
        job(3, 5.0, 1.0, Lane.WEEKLY),
    ]
    plan = planned(jobs, policy(3.0, 3.0, reserve=0.0))
    assert [(slot.ticket_id, slot.lane) for slot in plan.slots] == [
        ("K-0003", Lane.WEEKLY),
        ("K-0001", Lane.WEEKLY),
        ("K-0002", Lane.MONTHLY),
    ]


def test_a_committed_job_comes_before_a_much_better_one() -> None:
    jobs = [job(1, 0.001, 3.0, Lane.YEARLY, committed=True), job(2, 1e9, 3.0, Lane.YEARLY)]
    plan = planned(jobs, policy(0.0, 0.0, 0.0, 3.0, reserve=0.0))
    assert [slot.ticket_id for slot in plan.slots] == ["K-0001"]


def test_a_committed_job_without_need_still_has_its_place() -> None:
    jobs = [job(1, 0.0, 3.0, Lane.YEARLY, committed=True), job(2, 10.0, 3.0, Lane.YEARLY)]
    plan = planned(jobs, policy(0.0, 0.0, 0.0, 3.0, reserve=0.0))
    assert [slot.ticket_id for slot in plan.slots] == ["K-0001"]


def test_an_emergency_beyond_the_reserve_takes_the_next_lane() -> None:
    jobs = [job(number, 5.0, 1.0, Lane.EMERGENCY) for number in (1, 2)]
    plan = planned(jobs, policy(5.0))
    assert [slot.lane for slot in plan.slots] == [Lane.EMERGENCY, Lane.WEEKLY]


@pytest.mark.parametrize("spread", ["log-normal", "all alike", "huge range", "all emergencies"])
def test_a_thousand_tickets_are_planned_in_full_lanes_without_a_word(
    spread: str, capfd: pytest.CaptureFixture[str]
) -> None:
    drawn = np.random.default_rng(7)
    needs = drawn.lognormal(0, 1.5, 1000)
    if spread == "huge range":
        needs = 10 ** drawn.uniform(-3, 9, 1000)
    jobs = [
        job(
            number,
            1.0 if spread == "all alike" else float(needs[number]),
            1.7 if spread == "all alike" else float(drawn.choice(WEEKS[2:11])),
            Lane.EMERGENCY if spread == "all emergencies" else LANES[drawn.integers(5)],
        )
        for number in range(1000)
    ]
    plan = planned(jobs, POLICY)
    assert len(plan.slots) + len(plan.waiting) == 1000
    assert capfd.readouterr() == ("", "")
    smallest = min(wait.weeks for wait in plan.waiting)
    assert all(load.capacity - smallest < load.used <= load.capacity + 1e-9 for load in plan.loads)


# --- edges -------------------------------------------------------------------------------------


def test_no_jobs_leave_every_lane_empty_in_order() -> None:
    plan = planned([], POLICY)
    assert [(load.lane, load.used) for load in plan.loads] == [(lane, 0.0) for lane in LANES]
    assert [load.until for load in plan.loads] == [
        TODAY + timedelta(days=LANE_DAYS[lane]) for lane in LANES
    ]


def test_thirds_fill_a_lane_to_the_brim() -> None:
    jobs = [job(number, 1.0, 1 / 3, Lane.YEARLY) for number in range(3)]
    assert len(planned(jobs, policy(0, 0, 0, 1.0, reserve=0.0)).slots) == 3


@pytest.mark.parametrize("hair", [1e-7, 1e-8])
def test_a_hair_too_much_does_not_fit(hair: float) -> None:
    # Less than HiGHS can see; neither job is better than the other in every way.
    jobs = [job(1, 1.0, 0.5, Lane.YEARLY), job(2, 1.5, 0.5 + hair, Lane.YEARLY)]
    plan = planned(jobs, policy(0, 0, 0, 1.0, reserve=0.0))
    assert [slot.ticket_id for slot in plan.slots] == ["K-0002"]


def test_committed_jobs_that_fill_a_lane_to_a_hair_leave_it_no_more_than_full() -> None:
    monthly, yearly = Lane.MONTHLY, Lane.YEARLY
    jobs = [
        job(1, 3.3, 0.1, Lane.WEEKLY, committed=True),
        job(2, 1e6, 0.30000001, yearly),
        job(3, 0.001, 1.6000000010000002, monthly, committed=True),
        job(4, 0.001, 0.8000001, Lane.WEEKLY, committed=True),
        job(5, 1.0, 0.8, yearly, committed=True),
        job(6, 1e6, 0.8, monthly),
        job(7, 0.001, 0.800000001, yearly, committed=True),
        job(8, 1.0, 0.049999999, yearly),
        job(9, 5.0, 1.6000000010000002, yearly),
        job(10, 3.3, 2.400000001, monthly),
        job(11, 0.001, 0.0500000003, yearly),
    ]
    plan = planned(jobs, policy(3, 2, 3, 7.5))
    assert math.isfinite(plan.gap)
    assert all(load.used <= load.capacity + 1e-9 for load in plan.loads)


def test_slots_come_by_lane_then_need_then_ticket_and_waiting_by_need() -> None:
    jobs = [job(number, need, 1.0, Lane.YEARLY) for number, need in enumerate([1, 3, 3, 2, 0.5])]
    plan = planned(jobs, policy(0, 0, 0, 3.0, reserve=0.0))
    assert [slot.ticket_id for slot in plan.slots] == ["K-0001", "K-0002", "K-0003"]
    assert [wait.ticket_id for wait in plan.waiting] == ["K-0000", "K-0004"]


RIGHT = job(1, 1.0, 1.0, Lane.YEARLY)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param(replace(RIGHT, weeks=0.0), "投入 0.0", id="no effort"),
        pytest.param(replace(RIGHT, weeks=math.inf), "投入 inf", id="endless effort"),
        pytest.param(replace(RIGHT, need=-1.0), "需求 -1.0", id="negative need"),
        pytest.param(replace(RIGHT, need=math.nan), "需求 nan", id="need that is no number"),
        pytest.param(replace(RIGHT, ticket_id="K-0002"), "K-0002 重复", id="twice the same"),
    ],
)
def test_numbers_that_cannot_be_planned_are_refused(wrong: Job, told: str) -> None:
    with pytest.raises(InputError, match=told):
        planned([wrong, job(2, 1.0, 1.0, Lane.YEARLY)], POLICY)


# --- reasons -----------------------------------------------------------------------------------


def test_reasons_name_the_lane_that_was_full_and_who_took_it() -> None:
    jobs = [job(number, 10.0 - number, 0.6, Lane.WEEKLY) for number in range(1, 6)]
    plan = planned(jobs, policy(3.0, 3.0))
    assert slot_of(plan, 1).reason == "排入每周修复，本期可排 2.4 人周"
    assert slot_of(plan, 5).reason == (
        "每周修复只有 2.4 人周，本期已排 K-0001、K-0002、K-0003 等，余 0 人周，顺延到月度更新"
    )


def test_a_committed_job_that_fits_nowhere_says_so() -> None:
    plan = planned([job(1, 5.0, 50.0, Lane.QUARTERLY, committed=True)], POLICY)
    assert plan.waiting[0].reason == (
        "已在进行或已排期，但仍排不下：需要 50 人周，季度迭代可排 16 人周、余 16 人周，"
        "年度更新可排 32 人周、余 32 人周；年度更新还差 18 人周，"
        "把年度更新总容量调高 22.5 人周或把投入压到 32 人周即可排入"
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        pytest.param(policy(0.0, 4.0, reserve=0.0), "每周修复没有容量，顺延", id="no capacity"),
        pytest.param(policy(0.5, 4.0, reserve=0.0), "只有 0.5 人周，放不下 1 人周", id="too big"),
    ],
)
def test_reasons_of_a_lane_that_nobody_took(rule: Policy, told: str) -> None:
    assert told in planned([job(1, 1.0, 1.0, Lane.WEEKLY)], rule).slots[0].reason


def test_a_reserve_of_everything_leaves_no_advice_on_capacity() -> None:
    plan = planned([job(1, 1.0, 1.0, Lane.WEEKLY)], policy(3.0, reserve=1.0))
    assert plan.waiting[0].reason.endswith("还差 1 人周")


@few
@given(any_jobs(), any_policy)
def test_advice_makes_room_without_removing_anybody(jobs: list[Job], rule: Policy) -> None:
    plan = planned(jobs, rule)
    name_of = {"应急通道": 0, "每周修复": 1, "月度更新": 2, "季度迭代": 3, "年度更新": 4}
    used = {load.lane: load.used for load in plan.loads}
    for wait in plan.waiting:
        said = re.search(r"；([^；]+)还差 ([\d.]+) 人周[^；]*$", wait.reason)
        assert said is not None
        lane = LANES[name_of[said[1]]]
        assert lane in LANES[LANES.index(wait.lane) :]
        raised = re.search(r"总容量调高 ([\d.]+) 人周", wait.reason)
        if raised and lane is not Lane.EMERGENCY:
            more = dict(rule.capacities)
            more[lane] = more.get(lane, 0.0) + float(raised[1])
            room = capacities(replace(rule, capacities=tuple(more.items())))[lane]
            assert used[lane] + wait.weeks <= room + 1e-8
        shrunk = re.search(r"投入压到 ([\d.]+) 人周", wait.reason)
        if shrunk:
            assert used[lane] + float(shrunk[1]) <= capacities(rule)[lane] + 1e-8
