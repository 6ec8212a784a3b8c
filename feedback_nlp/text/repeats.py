"""Long repeats, cut to three copies."""

import re
from typing import Final

from feedback_nlp.text.offsets import Edit, gaps
from feedback_nlp.text.tokens import ATOM

_LONGEST_UNIT: Final = 8
_MOST_COPIES: Final = 3
_REPEAT = re.compile(rf"(\D{{1,{_LONGEST_UNIT}}}?)\1{{{_MOST_COPIES}}}")
# Twice as fast: one character four times at equal distances. Every repeat has that.
_REPEAT_HINT = re.compile(
    "(.)(?:" + "|".join(rf"{'.' * gap}\1" * _MOST_COPIES for gap in range(_LONGEST_UNIT)) + ")",
    re.DOTALL,
)


def squeeze_repeats(text: str) -> list[Edit]:
    """Keep three of four and more copies of a unit of up to eight tokens (太太太太慢, 哈哈哈哈).

    Units with a digit stay: 10000 is not 1000. One pass from the left; whatever is kept never
    ends in a fourth copy, so a second pass finds nothing.
    """
    if not _REPEAT_HINT.search(text) or not _REPEAT.search(text):
        return []
    kept: list[tuple[int, int]] = []
    words: list[str] = []
    for start, end in _token_spans(text):
        kept.append((start, end))
        words.append(text[start:end])
        unit = _unit_of_fourth_copy(words)
        if unit:
            del kept[-unit:], words[-unit:]
    return list(gaps(kept, len(text)))


def _token_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of atoms and single characters, in order."""
    spans: list[tuple[int, int]] = []
    position = 0
    for match in ATOM.finditer(text):
        spans += ((i, i + 1) for i in range(position, match.start()))
        spans.append(match.span())
        position = match.end()
    spans += ((i, i + 1) for i in range(position, len(text)))
    return spans


def _unit_of_fourth_copy(words: list[str]) -> int:
    """Return the length of the shortest unit that `words` ends in four copies of, or 0."""
    for size in range(1, min(_LONGEST_UNIT, len(words) // (_MOST_COPIES + 1)) + 1):
        if words[-1] != words[-1 - size]:
            continue
        unit = words[-size:]
        copies = words[-size * (_MOST_COPIES + 1) :]
        if copies == unit * (_MOST_COPIES + 1) and not any(map(str.isdigit, "".join(unit))):
            return size
    return 0
