"""Why a ticket has its place, or none: Chinese sentences that are true of the plan.

Room is rounded down and what is missing is rounded up, so that whoever follows the advice to the
letter makes room.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from feedback_nlp.lanes.jobs import Job, Plan
from feedback_nlp.names import LANE
from feedback_nlp.records import Lane

_CENT: Final = Decimal("0.01")
_NOISE: Final = Decimal("1e-9")
"""Less is floating point: 2.4000000000000004 is 2.4."""
_NAMED: Final = 3


def of_slot(plan: Plan, job: Job, lane: Lane) -> str:
    """Say why the job is in this lane."""
    began = "已在进行或已排期，优先安排：" if job.committed else ""
    if lane is job.lane:
        return f"{began}排入{LANE[lane]}，本期可排 {_down(plan.rooms[lane])} 人周"
    skipped = job.lanes[1 : job.lanes.index(lane)]
    # True of every lane before: nobody is put off where there is room.
    too = "、".join(f"{LANE[each]}余 {_down(plan.left(each))} 人周" for each in skipped)
    return (
        f"{began}{_obstacle(plan, job, job.lane)}"
        f"{f'，{too}，也放不下' if too else ''}，顺延到{LANE[lane]}"
    )


def of_waiting(plan: Plan, job: Job) -> str:
    """Say which lanes were tried, who took them and what would make room for the job."""
    began = "已在进行或已排期，但仍排不下：" if job.committed else ""
    tried = "，".join(
        f"{LANE[lane]}可排 {_down(plan.rooms[lane])} 人周、余 {_down(plan.left(lane))} 人周"
        for lane in job.lanes
    )
    lane = min(job.lanes, key=lambda lane: (job.weeks - plan.left(lane), -job.lanes.index(lane)))
    takers = _takers(plan, lane)
    full = f"；{LANE[lane]}已排 {takers}" if takers else ""
    return f"{began}需要 {_up(job.weeks)} 人周，{tried}{full}；{_advice(plan, job, lane)}"


def _obstacle(plan: Plan, job: Job, lane: Lane) -> str:
    room = plan.rooms[lane]
    if room <= 0:
        return f"{LANE[lane]}没有容量"
    takers = _takers(plan, lane)
    if job.weeks > room or not takers:
        return f"{LANE[lane]}只有 {_down(room)} 人周，放不下 {_up(job.weeks)} 人周"
    return (
        f"{LANE[lane]}只有 {_down(room)} 人周，本期已排 {takers}，余 {_down(plan.left(lane))} 人周"
    )


def _takers(plan: Plan, lane: Lane) -> str:
    jobs = plan.placed[lane]
    return "、".join(job.ticket_id for job in jobs[:_NAMED]) + (" 等" if len(jobs) > _NAMED else "")


def _advice(plan: Plan, job: Job, lane: Lane) -> str:
    left = plan.left(lane)
    missing = job.weeks - left
    share = plan.reserve if lane is Lane.EMERGENCY else 1 - plan.reserve
    advice = f"{LANE[lane]}还差 {_up(missing)} 人周"
    ways = []
    if share > 0:
        # The emergency lane has the reserve of all lanes together.
        whose = "各档" if lane is Lane.EMERGENCY else LANE[lane]
        ways.append(f"把{whose}总容量调高 {_up(missing / share)} 人周")
    if Decimal(_down(left)) > 0:
        ways.append(f"把投入压到 {_down(left)} 人周")
    return f"{advice}，{'或'.join(ways)}即可排入" if ways else advice


def _up(weeks: float) -> str:
    return _shown((Decimal(weeks) - _NOISE).quantize(_CENT, ROUND_CEILING))


def _down(weeks: float) -> str:
    return _shown((Decimal(weeks) + _NOISE).quantize(_CENT, ROUND_FLOOR))


def _shown(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".")
