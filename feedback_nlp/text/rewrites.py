"""The ordered table of rewrites that make up normalisation.

A rewrite looks at a text and answers with the edits it wants, none when it has nothing to do.
It knows nothing of offsets. Changing what one does is a new date here and a changelog line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from feedback_nlp.text.offsets import Edit, gaps
from feedback_nlp.text.script import align, simplify
from feedback_nlp.text.tokens import ATOM, EMOJI, INVISIBLE, URL_MARK


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One named, dated rule."""

    name: str
    date: date
    edits: Callable[[str], list[Edit]]


_INVISIBLE = re.compile(INVISIBLE)
# An emoji comes first, so that its joiners, variation selectors and tags are never dropped.
_EMOJI_OR_INVISIBLE = re.compile(rf"{EMOJI}|(?P<invisible>{INVISIBLE}+)")
_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]+")
_FULL_WIDTH_BY = ord("Ａ") - ord("A")
# No comma, bracket or bang: in reviews these end a URL far more often than they belong to it.
_URL_BODY = r"[A-Za-z0-9._~:/?#@$&+=%-]*[A-Za-z0-9/#=&_%~-]"
_URL = re.compile(
    rf"(?:https?|ftp)://{_URL_BODY}"
    rf"|(?<![A-Za-z0-9@./-])www\.{_URL_BODY}"
    rf"|(?<![A-Za-z0-9@./-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|cc|me|io)/{_URL_BODY}",
    re.IGNORECASE | re.ASCII,
)
_URL_HINT = re.compile(r"://|www\.|\.(?:com|cn|net|org|cc|me|io)/", re.IGNORECASE | re.ASCII)
_UNTIDY_SPACE = re.compile(r"[^\S \n]|\s{2}|\A\s|\s\Z")
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")

_LONGEST_UNIT: Final = 8
_MOST_COPIES: Final = 3
_REPEAT = re.compile(rf"(\D{{1,{_LONGEST_UNIT}}}?)\1{{{_MOST_COPIES}}}")


def drop_invisible(text: str) -> list[Edit]:
    """Drop zero-width, control, private-use characters and lone surrogates."""
    if not _INVISIBLE.search(text):
        return []
    found = _EMOJI_OR_INVISIBLE.finditer(text)
    return [Edit(*match.span()) for match in found if match["invisible"]]


def fold_width(text: str) -> list[Edit]:
    """Fold full-width letters and digits; Chinese punctuation stays as it is."""
    edits = []
    for match in _FULL_WIDTH.finditer(text):
        half = "".join(chr(ord(character) - _FULL_WIDTH_BY) for character in match[0])
        edits.append(Edit(*match.span(), half))
    return edits


def fold_script(text: str) -> list[Edit]:
    """Convert traditional to simplified characters."""
    return align(text, simplify(text))


def name_urls(text: str) -> list[Edit]:
    """Put one token in place of each URL; it ends at the first Han or Chinese mark."""
    if not _URL_HINT.search(text):
        return []
    return [Edit(*match.span(), URL_MARK) for match in _URL.finditer(text)]


def tidy_space(text: str) -> list[Edit]:
    """Make each run of white space one space, or one newline if it breaks a line; strip."""
    if not _UNTIDY_SPACE.search(text):
        return []
    edits = []
    for match in _SPACES.finditer(text):
        at_edge = match.start() == 0 or match.end() == len(text)
        tidy = "" if at_edge else "\n" if _BREAK.search(match[0]) else " "
        if match[0] != tidy:
            edits.append(Edit(*match.span(), tidy))
    return edits


def squeeze_repeats(text: str) -> list[Edit]:
    """Keep three of four and more copies of a unit of up to eight tokens (太太太太慢, 哈哈哈哈).

    Units with a digit stay: 10000 is not 1000. One pass from the left; whatever is kept never
    ends in a fourth copy, so a second pass finds nothing.
    """
    if not _REPEAT.search(text):
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


REWRITES: Final = (
    Rewrite("drop_invisible", date(2026, 11, 22), drop_invisible),
    Rewrite("fold_width", date(2026, 11, 22), fold_width),
    Rewrite("fold_script", date(2026, 11, 22), fold_script),
    Rewrite("name_urls", date(2026, 11, 22), name_urls),
    Rewrite("tidy_space", date(2026, 11, 22), tidy_space),
    Rewrite("squeeze_repeats", date(2026, 11, 22), squeeze_repeats),
)
"""Invisible characters go first, since they hide URLs and phrases from the others."""
