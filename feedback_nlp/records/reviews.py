"""What arrives, and its text on the way to clauses."""

from dataclasses import dataclass, field
from datetime import datetime

from feedback_nlp.records.labels import QuarantineReason, ReviewKind


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agent answered; never counted as user voice, kept for the answer time."""

    text: str
    """May be empty: many exports tell only when somebody answered. Masked like a review's text."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One message from one user, as it arrived; `text` is never edited after it was masked."""

    id: str
    channel: str
    text: str
    """The user's own words; once stored, with personal data replaced at equal length."""
    external_id: str | None = None
    kind: ReviewKind = ReviewKind.REVIEW
    created_at: datetime | None = None
    product: str | None = None
    version: str | None = None
    region: str | None = None
    author_id: str | None = None
    author_tier: str | None = None
    rating: float | None = None
    """Stars from 1 to 5."""
    nps: int | None = None
    """Would recommend, 0 to 10."""
    csat: int | None = None
    """Satisfaction, 1 to 5."""
    likes: int = 0
    replies: tuple[Reply, ...] = ()
    """What agents answered, in order."""
    resolved_at: datetime | None = None
    """When the ticket or chat was closed."""
    masked: tuple[str, ...] = ()
    """Kinds of personal data that were masked in `text`, sorted; empty before masking."""
    extras: tuple[tuple[str, str], ...] = ()
    """Columns nobody asked for, (header, value), in file order."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One input line that could not become a review, and why. A value, not an exception."""

    line: int
    reason: str
    raw: str = ""
    """The line as read, so that a person can correct and re-import it."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A review that does not count for now, and why; a person can let it back in."""

    review_id: str
    reason: QuarantineReason
    detail: str
    """The evidence in Chinese, without any personal data."""
    original: str | None = None
    """Id of the review it repeats."""


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """The analysis form of a text, with the way back to the original."""

    text: str
    applied: tuple[str, ...] = ()
    """Names of the rewrites that changed something, in order."""
    offsets: tuple[int, ...] = field(default=(), repr=False)
    """`offsets[i]` is where character i of `text` began in the original; one more entry marks
    the end, so `len(offsets) == len(text) + 1`."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a half-open span of `text` to the half-open span of the original it came from."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a review that holds at most one opinion."""

    start: int
    end: int
    text: str
    """`Review.text[start:end]`, untouched."""
    normalized: str
    """The same clause in analysis form; what classifiers and themes read."""
