"""What the quarantine needs to know of a review, and its words made ready for comparison."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from feedback_nlp.quarantine.content import anchors, words_of
from feedback_nlp.records import Polarity
from feedback_nlp.text.connectives import weight
from feedback_nlp.text.normalize import normalize

NOT_HIDDEN: Final = 3
"""Reviews of this severity are never held."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One review of a workspace, as far as the quarantine looks at it."""

    review_id: str
    channel: str
    text: str
    author_id: str | None = None
    """The user who speaks. None where nobody knows, and for the account of an agent or a shop
    that writes down what many customers say: such an account is no author."""
    created_at: datetime | None = None
    """Zoned."""
    polarity: Polarity | None = None
    """None before the review was scored."""
    severity: int = 0
    rating: float | None = None
    """Stars from 1 to 5."""
    product: str | None = None
    """The same words about another product are another review."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A candidate with its words: content, anchors and size."""

    candidate: Candidate
    words: str
    anchors: str
    size: int
    place: int
    """Position in the order of time."""

    @property
    def author(self) -> tuple[str, str] | None:
        """Channel and id of a known author."""
        who = self.candidate.author_id
        return (self.candidate.channel, who) if who else None

    @property
    def scope(self) -> tuple[str, ...]:
        """Whose words on what these are; empty where the author is unknown."""
        return (*self.author, self.candidate.product or "") if self.author else ()

    def within(self, days: int, earlier: "Entry") -> bool:
        """Say whether this came at most so many days later; a missing date counts as near."""
        mine, other = self.candidate.created_at, earlier.candidate.created_at
        return mine is None or other is None or mine - other <= timedelta(days=days)


def in_order(candidates: Iterable[Candidate]) -> list[Entry]:
    """Return the candidates by time and id, those without a date last."""
    dated = sorted(candidates, key=_when)
    return [_entry(candidate, place) for place, candidate in enumerate(dated)]


def _when(candidate: Candidate) -> tuple[bool, float, str]:
    at = candidate.created_at
    return at is None, at.timestamp() if at else 0.0, candidate.review_id


def _entry(candidate: Candidate, place: int) -> Entry:
    normalized = normalize(candidate.text).text
    words = words_of(candidate.text, normalized)
    return Entry(candidate, words, anchors(normalized), weight(normalized), place)
