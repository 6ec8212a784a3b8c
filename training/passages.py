"""Finds texts that contain a passage kept for tests, however it is spaced and punctuated."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

_START: Final = 5
"""Letters and digits that every longer passage is looked up by."""


class Passages:
    """Passages of which no other text shall contain one.

    One with fewer than five letters and digits is only found where it is the whole text: 「很好」
    is in every tenth review.
    """

    def __init__(self, passages: Iterable[str]) -> None:
        """Index the passages, normalised or not."""
        self._whole = frozenset(squashed(passage) for passage in passages)
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for passage in self._whole:
            if len(passage) >= _START:
                self._by_start[passage[:_START]].append(passage)

    def within(self, text: str) -> bool:
        """Return whether the text is one of the passages or contains a longer one."""
        letters = squashed(text)
        return letters in self._whole or any(
            letters.startswith(passage, start)
            for start in range(len(letters) - _START + 1)
            for passage in self._by_start.get(letters[start : start + _START], ())
        )


def squashed(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(letter for letter in text if letter.isalnum())
