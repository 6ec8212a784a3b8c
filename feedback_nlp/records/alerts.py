"""What a person should hear of today, and the rates behind it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedback_nlp.records.issues import Quote


class Denominator(StrEnum):
    """What a count was divided by."""

    EXPOSURE = "exposure"
    """People or orders that could have met the problem: 万投比."""
    REVIEWS = "reviews"
    """Reviews of the same days, whatever they say."""


class AlertKind(StrEnum):
    """Why a person is told; the first two speak of a theme, the others of one review."""

    SPIKE = "spike"
    NEW_THEME = "new_theme"
    SAFETY = "safety"
    MINORS = "minors"
    LEGAL = "legal"

    @property
    def of_theme(self) -> bool:
        """Whether such an alert speaks of a theme, not of one review."""
        return self in {AlertKind.SPIKE, AlertKind.NEW_THEME}


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a theme came up on one day or in one week (China time)."""

    start: date
    """The day, or the Monday of the week."""
    count: int
    """Distinct reviews of the theme."""
    base: int
    """What `count` is divided by."""
    denominator: Denominator
    value: float
    """Per 10,000 of the exposure, or a share of the reviews in [0, 1]; 0 without reviews."""


@dataclass(frozen=True, slots=True)
class Spike:
    """A window compared with the baseline that ends before it."""

    window_days: int
    baseline_days: int
    observed: int
    """Distinct reviews per day, summed over the window."""
    expected: float
    """What the baseline lets expect in the window."""
    ratio: float
    """Rate of the window ÷ rate of the baseline."""
    low: float
    high: float
    """95 % interval of `ratio`."""
    p: float
    q: float
    """Share of false alarms among all themes that are at least as striking on this day."""
    dispersion: float
    """Variance ÷ mean of the theme's counts; 1 is pure chance."""
    denominator: Denominator


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell, once: an episode of a theme, or one review."""

    kind: AlertKind
    subject: str
    """Id of the theme, or of the review."""
    day: date
    """The day of the first alert; with `kind` and `subject` it is the identity."""
    last: date
    """The last day on which it still held; later than `day` while an episode goes on."""
    reason: str
    """One Chinese sentence."""
    quotes: tuple[Quote, ...] = ()
    """The words that raised it, when it speaks of one review."""
    spike: Spike | None = None

    @property
    def key(self) -> str:
        """The natural key, `spike/T-0042/2026-03-02`; kept from the first day to the last."""
        return f"{self.kind}/{self.subject}/{self.day.isoformat()}"
