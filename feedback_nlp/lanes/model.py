"""The best places for tickets in release lanes: an integer program."""

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

STEP: Final = 0.9
"""What is left of a gain for each lane that a ticket is put off."""
SLACK: Final = 1e-9
"""Person-weeks by which floating point may exceed a lane."""
WAITS: Final = -1
_SEARCH: Final = 4_000_000_000
"""Branches times the square of the variables before the search stops without proof: seconds on a
usual machine. A count, unlike a time limit, gives the same plan everywhere."""
_NODES: Final = (100, 10_000)
"""But not fewer nor more branches."""
_GRID: Final = 1000
_NOTHING: Final = 1e-200
"""A smaller gain is none; scaled, it would not be a number any more."""
_TOP: Final = 1000.0
"""The largest coefficient: HiGHS stops at an absolute gap of 1e-6, a billionth of this."""
_MAX_CUTS: Final = 20
_STDOUT: Final = 1
_QUIET: Final = Lock()

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be placed, one entry for each ticket; lanes are numbers, the earliest is 0."""

    need: Floats
    weeks: Floats
    first: Ints
    """The own lane."""

    def only(self, chosen: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> "Work":
        """Return the chosen entries."""
        return Work(self.need[chosen], self.weeks[chosen], self.first[chosen])

    def gains(self, lanes: int) -> Floats:
        """Return what each gains in each lane, (tickets, lanes)."""
        steps = np.arange(lanes)[None, :] - self.first[:, None]
        return np.where(steps < 0, 0.0, self.need[:, None] * STEP ** np.maximum(steps, 0))


@dataclass(frozen=True, slots=True)
class Placing:
    """Where each ticket goes."""

    lanes: Ints
    """WAITS or the number of the lane."""
    gap: float
    """At most this share of the value is missing to the best; 0 when optimality is proven."""


@dataclass(frozen=True, slots=True)
class _Floor:
    """The first `tickets` of the work must gain no less than this."""

    tickets: int
    gain: float


def place(work: Work, rooms: Floats, committed: npt.NDArray[np.bool_]) -> Placing:
    """Maximise the gain of the committed tickets, then that of the others; no lane is overfull.

    A ticket goes into its own lane or a later one. Ties go to what HiGHS finds first: the same
    for the same order of tickets and release of HiGHS.

    Source: the multiple knapsack problem with assignment restrictions: M. Dawande et al.,
    Journal of Combinatorial Optimization 4 (2000), 171-186; HiGHS: Q. Huangfu and J. Hall,
    Mathematical Programming Computation 10 (2018), 119-142.
    """
    before, after = np.flatnonzero(committed), np.flatnonzero(~committed)
    lanes = np.full(len(committed), WAITS)
    first = _solve(work.only(before), rooms, None)
    lanes[before] = first.lanes
    if not len(after):
        return Placing(lanes, first.gap)
    order = np.concatenate([before, after])
    floor = _Floor(len(before), _gain(work.only(before), first.lanes, len(rooms)))
    if floor.tickets:
        both = _solve(work.only(order), rooms, floor)
        kept = _gain(work.only(before), both.lanes[: floor.tickets], len(rooms))
        if both.gap < math.inf and kept >= floor.gain * (1 - SLACK):
            lanes[order] = both.lanes
            return replace(both, lanes=lanes, gap=max(first.gap, both.gap))
    # Full to the last digit is full: less than nothing would leave no plan at all.
    left = np.maximum(rooms - loads(work, lanes, len(rooms)), 0.0)
    then = _solve(work.only(after), left, None)
    lanes[after] = then.lanes
    return Placing(lanes, max(first.gap, then.gap))


def loads(work: Work, lanes: Ints, count: int) -> Floats:
    """Return the person-weeks in each lane, correctly rounded."""
    return np.array([math.fsum(work.weeks[lanes == lane]) for lane in range(count)])


def _gain(work: Work, lanes: Ints, count: int) -> float:
    placed = np.flatnonzero(lanes != WAITS)
    return math.fsum(work.gains(count)[placed, lanes[placed]])


def _solve(work: Work, rooms: Floats, floor: _Floor | None) -> Placing:
    lanes = np.full(len(work.need), WAITS)
    fits = (work.gains(len(rooms)) > _NOTHING) & (work.weeks[:, None] <= rooms + SLACK)
    kept = np.flatnonzero(fits.any(axis=1))
    held, free = np.split(kept, [np.searchsorted(kept, floor.tickets if floor else 0)])
    kept = np.concatenate([held, free[_hopeful(work.only(free), rooms)]])
    if not len(kept):
        return Placing(lanes, 0.0)
    tickets, places = np.nonzero(fits[kept])
    program = _Program(work.only(kept), rooms, tickets, places)
    if floor is not None:
        program.hold(len(held), floor.gain)
    for _ in range(_MAX_CUTS):
        chosen, gap = program.run()
        lanes[:] = WAITS
        if chosen is None:
            return Placing(lanes, math.inf)
        lanes[kept[tickets[chosen]]] = places[chosen]
        over = np.flatnonzero(loads(work, lanes, len(rooms)) > rooms + SLACK)
        if not len(over):
            return Placing(lanes, gap)
        for lane in over:
            program.forbid(chosen[places[chosen] == lane])
    return Placing(np.full(len(work.need), WAITS), math.inf)


def _hopeful(work: Work, rooms: Floats) -> npt.NDArray[np.bool_]:
    # A ticket goes in only together with all that are no larger, may go wherever it may and gain no
    # less there: if one of those waited, it could take the place. Too many of them: no hope.
    hopeful = np.zeros(len(work.need), dtype=np.bool_)
    order, reach = np.arange(len(work.need)), np.cumsum(rooms[::-1])[::-1]
    for at, (need, weeks, first) in enumerate(zip(work.need, work.weeks, work.first, strict=True)):
        ahead = (work.weeks <= weeks) & (work.first <= first)
        there = work.need * STEP ** np.maximum(first - work.first, 0)
        same = (work.first == first) & (work.need == need) & (work.weeks == weeks)
        ahead &= (there >= need) & ~(same & (order >= at))
        begin = work.first[ahead].min(initial=first)
        hopeful[at] = work.weeks[ahead].sum() + weeks <= reach[begin] + SLACK * len(order)
    return hopeful


class _Program:
    """The integer program: one variable for each ticket and lane."""

    def __init__(self, work: Work, rooms: Floats, tickets: Ints, places: Ints) -> None:
        count, lanes = len(work.need), len(rooms)
        sizes, limits = _whole(work.weeks, rooms)
        variables = np.arange(len(tickets))
        self._tickets = tickets
        self._gains = work.gains(lanes)[tickets, places]
        self._shape = (lanes + count, len(tickets))
        self._matrix = coo_array(
            (
                np.concatenate([sizes[tickets], np.ones(len(tickets))]),
                (np.concatenate([places, lanes + tickets]), np.concatenate([variables] * 2)),
            ),
            shape=self._shape,
        ).tocsr()
        self._rows = [LinearConstraint(self._matrix, -np.inf, [*limits, *[1.0] * count])]

    def hold(self, first: int, gain: float) -> None:
        """Demand that the first tickets gain this much."""
        row = np.where(self._tickets < first, self._gains, 0.0)
        if not row.any():
            return
        scale = _TOP / row.max()
        self._rows.append(LinearConstraint(row[None, :] * scale, gain * scale, np.inf))

    def forbid(self, together: Ints) -> None:
        """Forbid that all these are chosen: they are too large by less than HiGHS can see."""
        row = np.zeros(self._shape[1])
        row[together] = 1.0
        self._rows.append(LinearConstraint(row[None, :], -np.inf, len(together) - 1))

    def run(self) -> tuple[Ints | None, float]:
        """Return the numbers of the chosen variables and the gap; None when none were found."""
        fewest, most = _NODES
        nodes = min(max(_SEARCH // self._shape[1] ** 2, fewest), most)
        with _without_chatter():
            found = milp(
                -self._gains * (_TOP / self._gains.max()),
                integrality=np.ones(self._shape[1]),
                bounds=Bounds(0, 1),
                constraints=self._rows,
                options={"mip_rel_gap": 0, "node_limit": nodes},
            )
        if found.x is None:
            return None, math.inf
        return np.flatnonzero(found.x > 0.5), 0.0 if found.success else float(found.mip_gap)  # noqa: PLR2004


def _whole(weeks: Floats, rooms: Floats) -> tuple[Floats, Floats]:
    # Whole sizes let HiGHS round bounds; a room for more than all tickets is the same as for all.
    thousandths = np.rint(weeks * _GRID).astype(np.int64)
    limits = np.minimum(rooms, weeks.sum())
    if np.abs(thousandths / _GRID - weeks).max() > SLACK / len(weeks) / 10:
        return weeks, limits
    unit = int(np.gcd.reduce(thousandths))
    sizes = (thousandths // unit).astype(float)
    return sizes, np.floor((limits + SLACK / 2) * _GRID / unit)


@contextmanager
def _without_chatter() -> Iterator[None]:
    # HiGHS inside scipy 1.17 writes a line of debugging straight to file descriptor 1
    # whenever it repairs a solution; it would end up in the JSON that a command prints.
    with _QUIET:
        try:
            kept = os.dup(_STDOUT)
        except OSError:  # a service without standard output has nothing to keep clean
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, _STDOUT)
            yield
        finally:
            os.dup2(kept, _STDOUT)
            os.close(kept)
            os.close(nowhere)
