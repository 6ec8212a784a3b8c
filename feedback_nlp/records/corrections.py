"""What people say against a model's labels."""

from dataclasses import dataclass
from datetime import datetime

from feedback_nlp.records.labels import Intent, Polarity


@dataclass(frozen=True, slots=True)
class PlainLabels:
    """Labels of one opinion without probabilities; what is left out is not spoken of."""

    polarity: Polarity | None = None
    intent: Intent | None = None
    topics: tuple[str, ...] = ()
    """One to three codes of the taxonomy, the chief one first; none: not spoken of."""
    severity: int | None = None
    """0 when `polarity` is not neg, else 1 to 3."""


@dataclass(frozen=True, slots=True)
class LabelCorrection:
    """A person's labels for one opinion: they win over every model while the text stays."""

    review_id: str
    start: int
    end: int
    text: str
    """The words of the opinion."""
    said: PlainLabels
    """What the person says; polarity and severity only together, see `heads.settle`."""
    seen: PlainLabels
    """All four labels as the person found them."""
    model: str
    """The version whose labels the person looked at."""
    author: str
    at: datetime
    reason: str = ""
