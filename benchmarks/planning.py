"""Planning 1,000 tickets: the exact plan beside a greedy one by need per week, in the same run.

    python benchmarks/planning.py [SEEDS]

Made-up tickets: log-normal needs, usual efforts, all five lanes; then cases that are hard on
purpose. `gap` is the share of the value that may be missing where the search stopped without
proof; `lost` is the share of the value that greedy loses. Prints Markdown.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from feedback_nlp.lanes.jobs import LANES, capacities
from feedback_nlp.lanes.model import STEP, Work, place
from feedback_nlp.lanes.schedule import Job, schedule
from feedback_nlp.records import Lane, Policy

TICKETS: Final = 1000
DAY: Final = date(2026, 11, 22)
EFFORTS: Final = (0.5, 1.0, 1.7, 2.0, 2.25, 3.0, 4.0, 6.0, 8.0, 12.0)

Draw = Callable[[np.random.Generator, Job], Job]
CASES: Final[tuple[tuple[str, float, Draw], ...]] = (
    ("usual", 1, lambda _, job: job),
    ("five times the capacity", 5, lambda _, job: job),
    ("twenty times the capacity", 20, lambda _, job: job),
    ("a tenth is committed", 1, lambda drawn, job: replace(job, committed=drawn.random() < 0.1)),  # noqa: PLR2004
    ("all alike", 1, lambda _, job: replace(job, need=1.0, weeks=1.7)),
    ("need as effort", 1, lambda _, job: replace(job, need=job.weeks)),
    ("all weekly", 1, lambda _, job: replace(job, lane=Lane.WEEKLY)),
    ("all emergencies", 1, lambda _, job: replace(job, lane=Lane.EMERGENCY)),
    ("needs from 1e-3 to 1e9", 1, lambda drawn, job: replace(job, need=10 ** drawn.uniform(-3, 9))),
    (
        "any effort",
        1,
        lambda drawn, job: replace(job, weeks=float(drawn.uniform(0.3, 12))),
    ),
)


def tickets(draw: Draw, seed: int) -> list[Job]:
    """Make up tickets."""
    drawn = np.random.default_rng(seed)
    return [
        draw(
            drawn,
            Job(
                f"K-{number:04d}",
                f"T-{number:04d}",
                float(drawn.lognormal(0, 1.5)),
                float(drawn.choice(EFFORTS)),
                LANES[int(drawn.integers(len(LANES)))],
            ),
        )
        for number in range(TICKETS)
    ]


def greedy(jobs: list[Job], policy: Policy) -> float:
    """Return the gain of taking the most need per week first, each in the first lane with room."""
    left, gained = capacities(policy), 0.0
    for job in sorted(jobs, key=lambda job: (not job.committed, -job.need / job.weeks)):
        lane = next((lane for lane in job.lanes if job.weeks <= left[lane] + 1e-9), None)
        if lane is not None:
            left[lane] -= job.weeks
            gained += job.need * STEP ** job.lanes.index(lane)
    return gained


def gap_of(jobs: list[Job], policy: Policy) -> float:
    """Return what may be missing to the best."""
    work = Work(
        np.array([job.need for job in jobs]),
        np.array([job.weeks for job in jobs]),
        np.array([LANES.index(job.lane) for job in jobs]),
    )
    rooms = np.array(list(capacities(policy).values()))
    return place(work, rooms, np.array([job.committed for job in jobs])).gap


def gain_of(jobs: list[Job], policy: Policy) -> float:
    """Return the gain of the exact plan."""
    known = {job.ticket_id: job for job in jobs}
    return sum(
        known[slot.ticket_id].need * STEP ** known[slot.ticket_id].lanes.index(slot.lane)
        for slot in schedule(jobs, policy, today=DAY).slots
    )


def main() -> None:
    """Print one line for each case: the median of the seeds, and the slowest."""
    seeds = int(sys.argv[1]) if sys.argv[1:] else 3
    print("| case | CPU seconds, median | slowest | x greedy | greedy loses | largest gap |")
    print("|---|---|---|---|---|---|")
    gain_of(tickets(CASES[0][2], seeds), Policy())
    for name, times, draw in CASES:
        policy = Policy(
            capacities=tuple((lane, weeks * times) for lane, weeks in Policy().capacities)
        )
        seconds, ratios, lost, gaps = [], [], [], []
        for seed in range(seeds):
            jobs = tickets(draw, seed)
            begin = time.process_time()
            simple = greedy(jobs, policy)
            between = time.process_time()
            best = gain_of(jobs, policy)
            seconds.append(time.process_time() - between)
            ratios.append(seconds[-1] / (between - begin))
            lost.append(1 - simple / best)
            gaps.append(gap_of(jobs, policy))
        print(
            f"| {name} | {np.median(seconds):.2f} | {max(seconds):.2f} | {np.median(ratios):,.0f} "
            f"| {np.median(lost):.2%} | {max(gaps):.1e} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
