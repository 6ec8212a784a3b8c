"""What a model says about reviews and their clauses."""

from dataclasses import dataclass
from datetime import datetime

from feedback_nlp.records.labels import Intent, Polarity


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Calibrated probabilities of the three polarities; they sum to one."""

    neg: float
    neu: float
    pos: float


@dataclass(frozen=True, slots=True)
class TopicProbability:
    """One topic code of the taxonomy with its calibrated probability."""

    code: str
    probability: float


@dataclass(frozen=True, slots=True)
class Labels:
    """What a classifier says about one clause."""

    polarity: Polarity
    probabilities: Probabilities
    uncertain: bool
    """The calibrated model abstains: 不确定. `polarity` is then its best guess."""
    topics: tuple[TopicProbability, ...]
    """One to three, most probable first."""
    intent: Intent
    severity: int
    """0 unless `polarity` is neg; 1 mild, 2 clear, 3 safety, health, money or legal loss."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One clause of a review with its labels."""

    start: int
    end: int
    text: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything one model version says about one review."""

    review_id: str
    text: str
    polarity: Polarity
    probabilities: Probabilities
    uncertain: bool
    opinions: tuple[Opinion, ...]
    model: str
    """Name and date of the artefact, `linear-zh/2026-11-22`."""
    quarantine: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """One opinion seen by the themes room: what was said, by whom, when and where."""

    review_id: str
    start: int
    end: int
    text: str
    labels: Labels
    channel: str
    created_at: datetime | None = None
    author_id: str | None = None
    author_tier: str | None = None
    version: str | None = None
    region: str | None = None
    rating: float | None = None
    likes: int = 0

    @property
    def user(self) -> str:
        """Who speaks: without an author id each review counts as one user."""
        return self.review_id if self.author_id is None else f"{self.channel}\n{self.author_id}"
