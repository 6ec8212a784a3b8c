"""The ledger of themes: where each opinion belongs and why, and what people decided."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ThemeState(StrEnum):
    """What becomes of a theme; its id stays in every state."""

    OPEN = "open"
    DORMANT = "dormant"
    """Nobody says it at present; the next one who does wakes it."""
    CLOSED = "closed"
    """A person wants to see it no more: opinions still join it, but it is not ranked."""
    MERGED = "merged"
    """Its opinions belong to another theme now."""


class How(StrEnum):
    """Why an opinion is in its theme."""

    FOUNDED = "founded"
    """The theme was discovered with it."""
    SAME_WORDS = "same_words"
    """Somebody in the theme says the same words."""
    JOINED = "joined"
    """It came later and was close enough."""
    CARRIED = "carried"
    """Its clause is cut in another way now; the one before was in the theme."""
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Placement:
    """One opinion in its theme. It stays until a person moves it or its text changes."""

    review_id: str
    start: int
    theme_id: str
    how: How
    similarity: float | None = None
    """To the theme as it was then, from 0 to 1; None where nothing was compared."""
    runner_up: str | None = None
    """The theme that was next closest."""
    runner_up_similarity: float | None = None

    @property
    def place(self) -> tuple[str, int]:
        """Which opinion it is about."""
        return self.review_id, self.start


@dataclass(frozen=True, slots=True)
class Bar:
    """A person said that this opinion does not belong to this theme."""

    review_id: str
    start: int
    theme_id: str


class EditKind(StrEnum):
    """What a person can do to themes."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"
    CLOSE = "close"
    REOPEN = "reopen"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who edits, when and why."""

    author: str
    at: datetime
    reason: str = ""


class ProposalKind(StrEnum):
    """What the program may propose about themes that exist."""

    MERGE = "merge"
    SPLIT = "split"


class ProposalState(StrEnum):
    """What became of a proposal; a rejected one never returns."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    STALE = "stale"
    """Its themes have changed so much that it is not true any more."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two themes that look like one, or one that looks like two."""

    kind: ProposalKind
    theme_id: str
    other_id: str | None
    """The theme to merge with; None for a split."""
    similarity: float
    """Mean similarity of the opinions of both sides, from 0 to 1."""
    members: tuple[tuple[str, int], ...] = ()
    """(review id, start) of the opinions that a split would take out; empty for a merge."""
