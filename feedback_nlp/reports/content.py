"""What a report is made of: one frozen record, the same for every file that is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from feedback_nlp.records import (
    Alert,
    PlanRecord,
    Polarity,
    Priority,
    Rate,
    Review,
    Run,
    Taxonomy,
    Theme,
    Ticket,
    Verification,
    WeekCount,
)
from feedback_nlp.sla.standing import Standing
from feedback_nlp.tickets.progress import Progress


@dataclass(frozen=True, slots=True)
class PolarityCounts:
    """Annotated reviews that count, by polarity; they sum to all of them, `uncertain` is a part."""

    neg: int = 0
    neu: int = 0
    pos: int = 0
    uncertain: int = 0
    """Reviews on which the calibrated model abstains; each is also counted under its best guess."""

    @property
    def total(self) -> int:
        """All annotated reviews that count."""
        return self.neg + self.neu + self.pos


@dataclass(frozen=True, slots=True)
class OpinionShare:
    """One polarity among the opinions that count; all shares in [0, 1], four digits."""

    polarity: Polarity
    count: int
    """Opinions with this label."""
    share: float
    """Their share, as counted."""
    corrected: float
    """The true share, estimated from all probabilities and from how they err."""
    low: float
    """`low` and `high` are the ends of the 90 % interval of `corrected`."""
    high: float


@dataclass(frozen=True, slots=True)
class Exposed:
    """How many could have met a problem in the days the reviews are from."""

    measure: str
    """What was counted, in Chinese: 订单 or 活跃用户（人天）."""
    total: int
    days: int
    """Days with a number."""
    of_days: int
    """Days from the oldest to the newest review."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the tickets and of complaints, as it was at the end of the data's last day."""

    verifications: tuple[Verification, ...] = ()
    """The newest of each ticket that was ever looked at, in the order of the tickets."""
    progress: Progress | None = None
    """The week of that day; None where no review has a time."""
    service: Standing | None = None
    """None where no review has a time."""


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything the report files say, and nothing else: same data, same bytes."""

    run: Run
    taxonomy: Taxonomy
    themes: tuple[Theme, ...]
    """In RICE order, best first."""
    priorities: tuple[Priority, ...]
    """One per theme, in the same order."""
    tickets: tuple[Ticket, ...]
    """In RICE order, best first."""
    polarity: PolarityCounts
    weekly_reviews: tuple[WeekCount, ...] = ()
    """Dated reviews of each week of the data, oldest first, zeros included."""
    weekly_negative: tuple[WeekCount, ...] = ()
    """Those of them whose polarity is neg; the same weeks."""
    topics: tuple[tuple[str, int], ...] = ()
    """(topic code, candidate opinions whose most probable topic it is), largest first."""
    channels: tuple[tuple[str, int], ...] = ()
    """(channel, reviews), largest first."""
    sources: tuple[Review, ...] = ()
    """The reviews that quotes and evidence come from: gives them date, channel and likes."""
    first_review: datetime | None = None
    """Time of the oldest dated review; `run.as_of` is the newest."""
    undated: int = 0
    """Reviews without a time: counted everywhere except in weeks and trends."""
    with_author: int = 0
    """Reviews with an author id; only among these can one user be told from two."""
    exposure: Exposed | None = None
    """The denominator of 万投比 over the days of the data; None when nobody knows it."""
    garbled: int = 0
    """Reviews whose text looks garbled; they count, for what they are worth."""
    quarantined: tuple[tuple[str, int], ...] = ()
    """(reason, reviews that do not count for now because of it), largest first."""
    of_rivals: int = 0
    """Reviews of competitors' products, less those in quarantine: they count nowhere else."""
    opinion_shares: tuple[OpinionShare, ...] = ()
    """neg, neu, pos; empty when it is not known how the model errs, or there are few opinions."""
    alerts: tuple[Alert, ...] = ()
    """Those that held in the last days: of the themes above, and of single reviews."""
    alerts_as_of: date | None = None
    """The last of these days; an alert of this day is new."""
    rates: Mapping[str, tuple[Rate, ...]] = field(default_factory=dict)
    """Theme id -> how often it came up in each week, over the same denominator in all of them."""
    plan: PlanRecord | None = None
    """The plan made last; its tickets are those above."""
    delivery: Delivery | None = None
    product: str | None = None
    """What the reviews are about, when they all name the same product."""

    def __post_init__(self) -> None:
        """Refuse priorities that belong to other themes: every number would be wrong."""
        if [theme.id for theme in self.themes] != [rice.theme_id for rice in self.priorities]:
            raise ValueError("priorities must belong to the themes, in the same order")

    @property
    def unassigned_share(self) -> float:
        """Share of the candidate opinions that joined no theme; 0 when there are none."""
        return self.run.unassigned / self.run.candidates if self.run.candidates else 0.0

    @property
    def reviews_by_id(self) -> Mapping[str, Review]:
        """The sources, by review id."""
        return {review.id: review for review in self.sources}


RICE_DIGITS: Final = 2
_FIGURES: Final = (
    *("reach", "impact", "confidence", "effort", "score", "low", "high"),
    *("reach_low", "reach_high", "top3", "top10"),
)


def rounded(priority: Priority) -> Priority:
    """Return the priority with the digits that every file shows, so that all files agree.

    Idempotent and monotone: rounded `low` and `high` still enclose the rounded `score`.
    """
    figures = {name: round(getattr(priority, name), RICE_DIGITS) for name in _FIGURES}
    return replace(priority, **figures)
