"""What a plan is made of besides themes: policy, efforts, votes, outcomes, targets, schedule."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from feedback_nlp.records.service import SlaRule


class Lane(StrEnum):
    """A release train with a capacity of its own; the values are those of the taxonomy."""

    EMERGENCY = "emergency"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


LANE_DAYS: Final = {
    Lane.EMERGENCY: 3,
    Lane.WEEKLY: 7,
    Lane.MONTHLY: 30,
    Lane.QUARTERLY: 91,
    Lane.YEARLY: 365,
}
"""Days from the plan to the end of a lane, when its tickets are due."""


class Quadrant(StrEnum):
    """Need against cost."""

    QUICK_WIN = "quick_win"
    STRATEGIC = "strategic"
    FILL_IN = "fill_in"
    DEFER = "defer"


class Segment(StrEnum):
    """What a customer is worth, by recency, frequency and monetary value; first match counts."""

    HIGH_VALUE = "high_value"
    POTENTIAL = "potential"
    NEW = "new"
    AT_RISK = "at_risk"
    LOST = "lost"


class Criterion(StrEnum):
    """What a review board scores, each from 0 to 10."""

    FEASIBILITY = "feasibility"
    NOVELTY = "novelty"
    BENEFIT = "benefit"


class EffortSource(StrEnum):
    """Where an effort comes from; the first that there is counts."""

    OVERRIDE = "override"
    """A person estimated this theme."""
    HISTORY = "history"
    """What finished tickets of the topic took."""
    DEFAULT = "default"
    """The taxonomy."""


class EffortKind(StrEnum):
    """What was written down about effort."""

    ESTIMATE = "estimate"
    """What a theme is expected to take."""
    ACTUAL = "actual"
    """What a finished ticket took."""


class Verdict(StrEnum):
    """What verification found; the values are what people see."""

    WORKED = "有效"
    FAILED = "无效"
    INCONCLUSIVE = "样本不足"
    RELAPSED = "复发"


class Metric(StrEnum):
    """What a target can be set for."""

    NPS = "nps"
    """From -100 to 100."""
    CSAT = "csat"
    """Share of 4 and 5 among all answers, in [0, 1]."""
    RATING = "rating"
    """Mean stars, from 1 to 5."""
    NEGATIVE_SHARE = "negative_share"
    """Share of negative reviews, in [0, 1]; the lower the better."""


@dataclass(frozen=True, slots=True)
class RfmRule:
    """Thresholds in days, orders and CNY over the last `window_days`; see CONTRACTS.md."""

    high_days: int = 30
    high_orders: int = 10
    high_amount: float = 2_000.0
    potential_days: int = 90
    potential_orders: int = 3
    new_days: int = 30
    new_orders: int = 2
    risk_days: int = 90
    lost_days: int = 180
    window_days: int = 365


@dataclass(frozen=True, slots=True)
class Policy:
    """What a team decides about its priorities; every number has a default."""

    tiers: tuple[tuple[str, float], ...] = (
        ("A", 1.5),
        ("B", 1.2),
        ("C", 1.0),
        ("钻石", 1.5),
        ("金", 1.3),
        ("银", 1.1),
        ("铜", 1.0),
    )
    """How many users one user of this tier counts as; tiers that are not named count 1."""
    segments: tuple[tuple[Segment, float], ...] = (
        (Segment.HIGH_VALUE, 1.5),
        (Segment.POTENTIAL, 1.2),
        (Segment.NEW, 1.0),
        (Segment.AT_RISK, 1.3),
        (Segment.LOST, 0.8),
    )
    strategy: tuple[tuple[str, float], ...] = ()
    """Weight of a topic code or of a group of topics; the others have 1."""
    capacities: tuple[tuple[Lane, float], ...] = (
        (Lane.WEEKLY, 3.0),
        (Lane.MONTHLY, 8.0),
        (Lane.QUARTERLY, 20.0),
        (Lane.YEARLY, 40.0),
    )
    """Person-weeks of each lane, the reserve included; the emergency lane has the reserve."""
    reserve: float = 0.2
    """Share of each lane's capacity that is kept for emergencies."""
    board: tuple[tuple[Criterion, float], ...] = (
        (Criterion.FEASIBILITY, 0.4),
        (Criterion.NOVELTY, 0.3),
        (Criterion.BENEFIT, 0.3),
    )
    """Weights of the review board; they sum to 1."""
    cheap_weeks: float = 2.0
    """At most this many person-weeks are low cost in the four quadrants."""
    rfm: RfmRule = field(default_factory=RfmRule)
    sla: SlaRule = field(default_factory=SlaRule)


@dataclass(frozen=True, slots=True)
class EffortNote:
    """What a person wrote down about the effort of a theme or a finished ticket."""

    kind: EffortKind
    theme_id: str
    weeks: float | None
    """Person-weeks; None takes the estimate back."""
    author: str
    at: datetime
    reason: str = ""
    ticket_id: str | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person of the review board thinks of a theme; the latest of each person counts."""

    theme_id: str
    criterion: Criterion
    points: float | None
    """From 0 to 10; None takes the vote back."""
    author: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Competitor:
    """A product that another company makes; its reviews never enter our themes or RICE."""

    product: str
    """As reviews write it, letter by letter."""
    author: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What verification found about a ticket."""

    ticket_id: str
    theme_id: str
    verdict: Verdict
    at: datetime
    detail: tuple[tuple[str, str], ...] = ()
    """The statistics behind it."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric should reach in a period."""

    number: int
    metric: Metric
    value: float
    first: date
    last: date
    author: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A ticket that has a place in a lane."""

    ticket_id: str
    theme_id: str
    lane: Lane
    weeks: float
    """Person-weeks."""
    due: date
    reason: str
    """One Chinese sentence: why in this lane."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that found no place."""

    ticket_id: str
    theme_id: str
    lane: Lane
    """Where it belongs."""
    weeks: float
    reason: str
    """One Chinese sentence: what stood against it."""


@dataclass(frozen=True, slots=True)
class Load:
    """How full a lane is; person-weeks."""

    lane: Lane
    capacity: float
    """What ordinary tickets may take, the reserve left out; of the emergency lane the reserve."""
    used: float
    until: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which tickets are done in which lane, and which wait."""

    slots: tuple[Slot, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    loads: tuple[Load, ...] = ()
    gap: float = 0.0
    """Share of the gain that may be missing; 0 when the plan is proven to be the best."""


@dataclass(frozen=True, slots=True)
class OrderChange:
    """How the order of the themes compares with that of the plan before."""

    compared: int
    """Themes that both plans ranked."""
    tau: float | None
    """Kendall's tau-b of their scores; None when fewer than two can be compared."""
    moved: tuple[tuple[str, int, int], ...] = ()
    """(theme id, rank before, rank now) of those among the ten best that moved most."""


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """One plan as it was made."""

    number: int
    as_of: date | None
    made_at: datetime
    scores: tuple[tuple[str, float], ...]
    """(theme id, score), best first."""
    schedule: Schedule
    change: OrderChange | None = None
    """None for the first plan."""
