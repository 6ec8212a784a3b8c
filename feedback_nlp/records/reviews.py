"""What arrives, and its text on the way to clauses."""

from dataclasses import dataclass, field
from datetime import datetime

from feedback_nlp.records.labels import ReviewKind


@dataclass(frozen=True, slots=True)
class Review:
    """One message from one user, as it arrived; `text` is never edited afterwards."""

    id: str
    channel: str
    text: str
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
    likes: int = 0
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
