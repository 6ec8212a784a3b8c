"""Does the advice about a rollout keep its word? Made-up rollouts whose truth is known.

    python benchmarks/rollout.py [HISTORIES] [--seed N]

Each history has 56 days before a release and 28 after it. One looks every day, and the first advice
to widen or to stop ends it. A cell says how many reviews of the theme there are on both sides in
eight weeks, which share of the users has the release, what it does to their rate, and how far
counts stray (variance ÷ mean, negative binomial; the dispersion is estimated from the days before,
as always). In the second table the group had twice the rate of the others before the release
already, and one looks every fourth day. Nothing here is timed.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.themes.rates import DAY, Bases, ThemeDays, days_between
from feedback_nlp.verification.rollout import BEFORE_DAYS, dispersion_before
from feedback_nlp.verification.sequential import (
    SideDay,
    Span,
    less_what_was,
    log_likelihood,
    span,
)

Counts = npt.NDArray[np.int64]

RELEASED: Final = date(2026, 3, 16)
AFTER: Final = 28
TARGET: Final = 0.9
VOLUME: Final = 1_000
"""Reviews of anything on each day."""
BEFORE_TIMES: Final = 2.0
EVERY: Final = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a table."""

    size: float
    share: float
    ratio: float
    straying: float
    n: int
    seed: int

    def draw(self, random: np.random.Generator, days: int, times: float) -> tuple[Counts, Counts]:
        """Draw the counts of both sides, the first at so many times the rate of the second."""
        of_day = self.size / BEFORE_DAYS
        mine = np.full(days, of_day * self.share * times)
        others = np.full(days, of_day * (1 - self.share))
        return self._count(random, mine), self._count(random, others)

    def _count(self, random: np.random.Generator, means: npt.NDArray[np.float64]) -> Counts:
        if self.straying == 1:
            return random.poisson(means)
        return random.negative_binomial(means / (self.straying - 1), 1 / self.straying)

    def side_day(self, count: int, others: int) -> SideDay:
        """Give counts their bases."""
        base = round(VOLUME * self.share)
        return SideDay(int(count), base, int(others), VOLUME - base)


def histories(cell: Cell, before: float) -> Iterator[tuple[float, SideDay, list[SideDay]]]:
    """Yield the dispersion, the sum of the days before, and the sums since up to each day.

    Shares stay the same, so that sums tell all; the first side was at so many times the rate.
    """
    random = np.random.default_rng([cell.seed, int(cell.size), int(100 * cell.ratio)])
    for _ in range(cell.n):
        was = cell.draw(random, BEFORE_DAYS, before)
        now = cell.draw(random, AFTER, before * cell.ratio)
        mine, others = (each.cumsum() for each in now)
        days = [cell.side_day(*pair) for pair in zip(mine, others, strict=True)]
        yield _dispersion(np.add(*was)), cell.side_day(*(each.sum() for each in was)), days


def _dispersion(before: Counts) -> float:
    days = days_between(RELEASED - DAY * BEFORE_DAYS, RELEASED - DAY)
    counts = {day: int(n) for day, n in zip(days, before, strict=True)}
    bases = Bases(dict.fromkeys(days, VOLUME))
    return dispersion_before(ThemeDays("T-0001", "", counts, {}), bases, released=RELEASED)


def versions(cell: Cell) -> str:
    """Return a line of the first table."""
    ends = [
        _end(span(log_likelihood([day], dispersion=dispersion)) for day in days)
        for dispersion, _, days in histories(cell, 1.0)
    ]
    return _line(cell, ends, 1)


def regions(cell: Cell) -> str:
    """Return a line of the second table."""
    ends = []
    for dispersion, before, days in histories(cell, BEFORE_TIMES):
        looks = (
            less_what_was([day], [before], dispersion=dispersion)
            for day in days[EVERY - 1 :: EVERY]
        )
        ends.append(_end(map(span, looks)))
    return _line(cell, ends, EVERY)


def _end(looks: Iterator[Span]) -> tuple[str, int]:
    """Return the first advice to do anything, and after which look."""
    for number, found in enumerate(looks, 1):
        if found.high < TARGET:
            return "widen", number
        if found.low > 1:
            return "stop", number
    return "wait", 0


def _line(cell: Cell, ends: list[tuple[str, int]], every: int) -> str:
    days = [number * every for advice, number in ends if advice == "widen"]
    widen, stop = (sum(advice == name for advice, _ in ends) for name in ("widen", "stop"))
    median = f"{np.median(days):.0f}" if len(days) > cell.n / 20 else "-"
    return (
        f"| {cell.size:g} | {cell.share:.0%} | {cell.straying:g} | {cell.ratio - 1:+.0%} | "
        f"{widen / cell.n:.1%} | {stop / cell.n:.1%} | {median} |"
    )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("histories", type=int, nargs="?", default=1_000)
    parser.add_argument("--seed", type=int, default=8)
    given = parser.parse_args()
    head = "| reviews in 8 weeks | share | variance ÷ mean | effect | widen | stop | median day |"
    cells = [
        Cell(size, share, ratio, straying, given.histories, given.seed)
        for size, share, straying, ratio in product(
            (200.0, 2_000.0), (0.1, 0.5), (1.0, 3.0), (1.0, 0.7, 0.4, 1.5)
        )
    ]
    fewer = [
        Cell(2_000.0, share, ratio, straying, max(given.histories // 4, 1), given.seed)
        for share, straying, ratio in product((0.1, 0.5), (1.0, 3.0), (1.0, 0.4))
    ]
    with ProcessPoolExecutor() as pool:
        for make, lines in ((versions, cells), (regions, fewer)):
            print(f"{head}\n|---|---|---|---|---|---|---|")
            for line in pool.map(make, lines):
                print(line, flush=True)
            print()


if __name__ == "__main__":
    main()
