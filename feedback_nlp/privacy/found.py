"""What masking answers with, and what a line of the catalogue of kinds holds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Span = tuple[int, int]
"""Half-open, in code points."""


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: its kind, and where it stands in the text; half-open."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with its personal data replaced at equal length, and what was replaced."""

    text: str
    found: tuple[Found, ...] = ()
    """In order and disjoint; spans hold for the masked text and for the one that arrived."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that were found, sorted, each once."""
        return tuple(sorted({each.kind for each in self.found}))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of personal data and how it is found in a folded text."""

    code: str
    name: str
    """Chinese, for people."""
    hint: re.Pattern[str]
    """Cheap: a text without a match holds nothing of this kind, so `find` is not asked."""
    find: Callable[[str], Iterator[Span]]
