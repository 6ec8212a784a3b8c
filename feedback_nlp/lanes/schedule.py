"""A plan of releases: which ticket goes into which lane, and which wait."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from feedback_nlp.errors import InputError
from feedback_nlp.lanes.jobs import LANES, Job, Plan, capacities
from feedback_nlp.lanes.model import SLACK, WAITS, Ints, Placing, Work, place
from feedback_nlp.lanes.reasons import of_slot, of_waiting
from feedback_nlp.records import LANE_DAYS, Lane, Load, Policy, Schedule, Slot, Waiting

__all__ = ["Job", "schedule"]

UNWANTED: Final = 1e-6
"""A committed ticket without need counts this share of the largest need: it has been promised."""


def schedule(jobs: Sequence[Job], policy: Policy, *, today: date) -> Schedule:
    """Place the jobs so that the gain of all places is the greatest there is.

    The gain is the need, times `STEP` for each lane that the job is put off. Committed jobs come
    first: no gain of the others makes up for any of theirs. Only emergencies take the reserve.
    The order of the jobs changes nothing. The greatest gain is proven unless the search stops at
    its limit of branches; `Schedule.gap` tells how much may then be missing.

    Raises:
        InputError: a ticket comes twice, or a need or effort is no such number.
    """
    _check(jobs)
    jobs = sorted(jobs, key=lambda job: job.ticket_id)
    rooms = capacities(policy)
    found = _placed(jobs, rooms)
    lanes = _tidied(jobs, found.lanes, rooms)
    ranked = sorted(zip(jobs, lanes, strict=True), key=lambda pair: -pair[0].need)
    placed = {lane: tuple(job for job, taken in ranked if taken is lane) for lane in LANES}
    plan = Plan(rooms, policy.reserve, placed)
    due = {lane: today + timedelta(days=LANE_DAYS[lane]) for lane in LANES}
    return Schedule(
        tuple(
            Slot(job.ticket_id, job.theme_id, lane, job.weeks, due[lane], of_slot(plan, job, lane))
            for lane in LANES
            for job in placed[lane]
        ),
        tuple(
            Waiting(job.ticket_id, job.theme_id, job.lane, job.weeks, of_waiting(plan, job))
            for job, lane in ranked
            if lane is None
        ),
        tuple(Load(lane, rooms[lane], plan.used(lane), due[lane]) for lane in LANES),
        # Nothing found at all proves nothing: everything may be missing.
        min(found.gap, 1.0),
    )


def _check(jobs: Sequence[Job]) -> None:
    ids = sorted(job.ticket_id for job in jobs)
    if twice := next((one for one, other in pairwise(ids) if one == other), None):
        raise InputError(f"工单 {twice} 重复出现：每张工单只能排一次")
    for job in jobs:
        if not (math.isfinite(job.weeks) and job.weeks > 0):
            raise InputError(f"工单 {job.ticket_id} 的投入 {job.weeks} 人周无效：请填大于 0 的数")
        if not (math.isfinite(job.need) and job.need >= 0):
            raise InputError(f"工单 {job.ticket_id} 的需求 {job.need} 无效：请填不小于 0 的数")


def _placed(jobs: Sequence[Job], rooms: dict[Lane, float]) -> Placing:
    committed = np.array([job.committed for job in jobs], dtype=np.bool_)
    need = np.array([job.need for job in jobs], dtype=float)
    need /= need.max(initial=0.0) or 1.0
    work = Work(
        np.where(committed & (need == 0), UNWANTED, need),
        np.array([job.weeks for job in jobs], dtype=float),
        np.array([LANES.index(job.lane) for job in jobs], dtype=np.int64),
    )
    return place(work, np.array(list(rooms.values())), committed)


def _tidied(jobs: Sequence[Job], found: Ints, rooms: dict[Lane, float]) -> list[Lane | None]:
    # What no gain decides: jobs without need take what is left, and when the search ended early,
    # or a need was too small beside the others, nobody waits for a place that is free.
    lanes = [None if lane == WAITS else LANES[lane] for lane in found]
    order = sorted(range(len(jobs)), key=lambda at: (not jobs[at].committed, -jobs[at].need, at))
    held = {lane: [at for at, taken in enumerate(lanes) if taken is lane] for lane in LANES}
    moved = True
    while moved:
        moved = False
        for at in order:
            before = lanes[at]
            for lane in jobs[at].lanes:
                if lane is before:
                    break
                # A job that does not fit alone needs no sum; sums are what takes time.
                if jobs[at].weeks > rooms[lane] + SLACK:
                    continue
                if math.fsum(jobs[each].weeks for each in (*held[lane], at)) <= rooms[lane] + SLACK:
                    if before is not None:
                        held[before].remove(at)
                    held[lane].append(at)
                    lanes[at], moved = lane, True
                    break
    return lanes
