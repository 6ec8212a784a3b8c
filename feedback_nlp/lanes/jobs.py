"""What a planner places and where: jobs, the lanes that may take them, and how full they are."""

import math
from dataclasses import dataclass
from typing import Final

from feedback_nlp.records import LANE_DAYS, Lane, Policy

LANES: Final = tuple(LANE_DAYS)
"""In the order of their ends; a ticket may be put off, never brought forward."""


@dataclass(frozen=True, slots=True)
class Job:
    """A ticket that is to be done."""

    ticket_id: str
    theme_id: str
    need: float
    """What doing it gains in a quarter: reach x impact x confidence x strategy; not negative."""
    weeks: float
    """Person-weeks, more than 0."""
    lane: Lane
    """Its own."""
    committed: bool = False
    """Somebody works on it already, or it has been promised: it takes its place first."""

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes that may take it, its own first."""
        return LANES[LANES.index(self.lane) :]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which job is in which lane."""

    rooms: dict[Lane, float]
    """Person-weeks that may be planned."""
    reserve: float
    placed: dict[Lane, tuple[Job, ...]]
    """Those of each lane, the greatest need first; ties by ticket."""

    def used(self, lane: Lane) -> float:
        """Return the person-weeks in a lane, correctly rounded."""
        return math.fsum(job.weeks for job in self.placed[lane])

    def left(self, lane: Lane) -> float:
        """Return the person-weeks that are free."""
        return max(0.0, self.rooms[lane] - self.used(lane))


def capacities(policy: Policy) -> dict[Lane, float]:
    """Return the person-weeks that a plan may put into each lane, earliest lane first."""
    given: dict[Lane, float] = dict(policy.capacities)
    given.pop(Lane.EMERGENCY, None)
    rooms = {lane: (1 - policy.reserve) * given.get(lane, 0.0) for lane in LANES}
    return rooms | {Lane.EMERGENCY: policy.reserve * math.fsum(given.values())}
