"""Cutting what is too long for one clause at its best inner border."""

import re
from collections.abc import Iterator
from typing import Final

from feedback_nlp.text.connectives import negation_torn
from feedback_nlp.text.segment import segment
from feedback_nlp.text.tokens import UNBREAKABLE

LONGEST_CLAUSE: Final = 64
_SHORTEST_PART: Final = 12

_INNER_MARKS: Final = (re.compile("[，,]"), re.compile("[、 ：:]"))


def fit(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans, each of at most `LONGEST_CLAUSE` characters, that make up `[start, end)`.

    Of the possible places the best kind wins (comma, then lesser marks and spaces, then a border
    between words, then anything outside a token), and of its places the one that makes the
    parts most alike in length.
    """
    while end - start > LONGEST_CLAUSE:
        cut = _cut(text, start, end)
        yield start, cut
        start = cut
    yield start, end


def _cut(text: str, start: int, end: int) -> int:
    parts = -(-(end - start) // LONGEST_CLAUSE)
    target = start + (end - start) // parts
    window = text[start : start + LONGEST_CLAUSE + 1]
    inside = {
        start + i
        for match in UNBREAKABLE.finditer(text, start, min(end, start + 2 * LONGEST_CLAUSE))
        for i in range(match.start() - start + 1, match.end() - start)
    }
    first, last = start + _SHORTEST_PART, start + LONGEST_CLAUSE
    kinds = [_after(marks, window, start) for marks in _INNER_MARKS]
    for places in (*kinds, _between_words(window, start), range(first, last + 1)):
        fitting = [p for p in places if first <= p <= min(last, end - 1) and p not in inside]
        if fitting:
            return min(fitting, key=lambda place: abs(place - target))
    return last  # one Latin word or number longer than a clause may be


def _after(marks: re.Pattern[str], window: str, start: int) -> list[int]:
    return [start + match.end() for match in marks.finditer(window)]


def _between_words(window: str, start: int) -> list[int]:
    """Return borders between words that part no negation from what it negates."""
    places = []
    position = 0
    for word in segment(window):
        position = window.index(word, position) + len(word)
        if not negation_torn(window[:position], window[position:]):
            places.append(start + position)
    return places
