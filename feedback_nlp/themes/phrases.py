"""Clauses -> the phrases that may name a theme: whole words that follow each other, cut cleanly."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_nlp.text.connectives import weight
from feedback_nlp.text.segment import segment
from feedback_nlp.text.tokens import ATOM
from feedback_nlp.themes.edges import (
    belong_together,
    binds_two,
    is_leader,
    is_trailer,
    may_begin,
    may_end,
    says_of_previous,
)

NAME_CHARACTERS: Final = 16
"""The most characters of a name."""
MIN_WEIGHT: Final = 4
"""闪退 alone says less than its topic; see `text.connectives.weight`."""
NO_BEGINNING: Final = 0.8
NO_END: Final = 0.6
"""Worth of a phrase that lacks words of its piece: what is said of a thing mostly comes last."""

_LATIN = r"[A-Za-z0-9]+(?:[.,:'_+/%-][A-Za-z0-9]+)*%?"
_RUN: Final = re.compile(rf"{_LATIN}(?: {_LATIN})*")
"""`4.0.1`, `iOS 8`, `iPhone 6 Plus`: Latin words and numbers that stand together."""
_WORD: Final = re.compile(_LATIN)
_LATIN_SIDE: Final = re.compile(r"[A-Za-z0-9%] | [A-Za-z0-9]")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text that is never cut."""

    start: int
    end: int
    key: str
    """Lower case, without blanks: `ios8` for `iOS 8`."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other in one piece of a clause."""

    text: str
    keys: tuple[str, ...]
    wholeness: float
    """1 for a whole statement, less where words of its piece are missing before or behind it."""

    @property
    def key(self) -> str:
        """What makes two phrases the same name."""
        return "".join(self.keys)


def words(text: str) -> list[Word]:
    """Return the words of a normalised text that hold a letter or digit, `iOS 8` as one.

    No word is a mark, an emoji, a sticker or a URL.
    """
    return [
        Word(start, end, "".join(text[start:end].lower().split()))
        for start, end in _merged(_spans(text))
        if not ATOM.fullmatch(text, start, end) and any(map(str.isalnum, text[start:end]))
    ]


def _spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of words and of Latin runs, by place; a run overlaps its words."""
    spans: list[tuple[int, int]] = []
    end = 0
    for word in segment(text):
        start = text.index(word, end)
        end = start + len(word)
        spans.append((start, end))
    for run in _RUN.finditer(text):
        fits = len(run[0]) <= NAME_CHARACTERS
        parts = [run] if fits else _WORD.finditer(text, *run.span())
        spans += [part.span() for part in parts]
    return sorted(spans)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def pieces(text: str) -> list[list[Word]]:
    """Return the words between the marks of a normalised text.

    A blank parts two Han words, as a comma does, but not a Latin word from its neighbours.
    """
    found: list[list[Word]] = []
    for word in words(text):
        if found and _continues(text, found[-1][-1].end, word.start):
            found[-1].append(word)
        else:
            found.append([word])
    return found


def _continues(text: str, end: int, start: int) -> bool:
    gap = text[end:start]
    return not gap or (gap == " " and bool(_LATIN_SIDE.search(text, end - 1, start + 1)))


def phrases(text: str) -> Iterator[Phrase]:
    """Yield the phrases of a normalised text that read well by themselves, in order.

    Each has at most `NAME_CHARACTERS` characters, begins and ends with a word that may stand
    there, and parts nothing that belongs together: no negation is lost and no number is cut.
    """
    for piece in pieces(text):
        keys = [word.key for word in piece]
        first, last = _core(keys)
        for begin, end in _spans_that_fit(piece):
            said = text[piece[begin].start : piece[end - 1].end]
            if (
                _reads_well(keys, begin, end, first=first)
                and _HAN.search(said)
                and weight(said) >= MIN_WEIGHT
            ):
                before = NO_BEGINNING if begin > first else 1.0
                behind = NO_END if end < last else 1.0
                yield Phrase(said, tuple(keys[begin:end]), before * behind)


def beginnings(text: str) -> Iterator[str]:
    """Yield how the pieces of a normalised text begin, as much as a name holds: a last resort."""
    for piece in pieces(text):
        keys = [word.key for word in piece]
        first, last = _core(keys)
        ends = [end for begin, end in _spans_that_fit(piece) if begin == first and end <= last]
        good = [end for end in ends if _may_end(keys, first, end)] or ends
        if good:
            yield text[piece[first].start : piece[max(good) - 1].end]


def _core(keys: Sequence[str]) -> tuple[int, int]:
    """Return where a piece begins and ends without the words that it may lose."""
    first, last = 0, len(keys)
    while first < last and is_leader(keys[first]):
        first += 1
    while last > first and is_trailer(keys[last - 1]):
        last -= 1
    return first, last


def _spans_that_fit(piece: Sequence[Word]) -> Iterator[tuple[int, int]]:
    for begin, first in enumerate(piece):
        for end, last in enumerate(piece[begin:], begin + 1):
            if last.end - first.start > NAME_CHARACTERS:
                break
            yield begin, end


def _reads_well(keys: Sequence[str], begin: int, end: int, *, first: int) -> bool:
    # What stands before the core may go, whatever it is: 我的|优惠券.
    torn = begin > first and belong_together(keys[begin - 1], keys[begin])
    one = not binds_two(keys[begin:end])
    return not torn and one and may_begin(keys[begin]) and _may_end(keys, begin, end)


def _may_end(keys: Sequence[str], begin: int, end: int) -> bool:
    before = keys[end - 2] if end - begin > 1 else ""
    if not may_end(keys[end - 1], before):
        return False
    after = keys[end] if end < len(keys) else ""
    return not after or not (belong_together(keys[end - 1], after) or says_of_previous(after))
