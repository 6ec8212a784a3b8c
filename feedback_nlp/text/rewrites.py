"""The ordered table of rewrites that make up normalisation.

A rewrite looks at a text and answers with the edits it wants, none when it has nothing to do.
It knows nothing of offsets. Changing what one does is a new date here and a changelog line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from unicodedata import normalize

from feedback_nlp.text.markup import strip_markup, unescape_entities
from feedback_nlp.text.mojibake import repair_mojibake
from feedback_nlp.text.offsets import Edit
from feedback_nlp.text.pinyin_brackets import drop_pinyin
from feedback_nlp.text.repeats import squeeze_repeats
from feedback_nlp.text.script import align, simplify
from feedback_nlp.text.slang import spell_out_slang
from feedback_nlp.text.tokens import EMOJI, INVISIBLE, URL_MARK
from feedback_nlp.text.watermarks import drop_watermarks


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One named, dated rule."""

    name: str
    date: date
    edits: Callable[[str], list[Edit]]


_INVISIBLE = re.compile(INVISIBLE)
# An emoji comes first, so that its joiners, variation selectors and tags are never dropped.
_EMOJI_OR_INVISIBLE = re.compile(rf"{EMOJI}|(?P<invisible>{INVISIBLE}+)")
_STYLED = re.compile("[０-９Ａ-Ｚａ-ｚ\U0001d400-\U0001d6a3\U0001d7ce-\U0001d7ff]+")
"""Full-width, and mathematical letters that people use as fonts (𝓖𝓸𝓸𝓭)."""
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


def drop_invisible(text: str) -> list[Edit]:
    """Drop zero-width, control, private-use characters and lone surrogates."""
    if not _INVISIBLE.search(text):
        return []
    found = _EMOJI_OR_INVISIBLE.finditer(text)
    return [Edit(*match.span()) for match in found if match["invisible"]]


def fold_width(text: str) -> list[Edit]:
    """Fold full-width and styled letters and digits; Chinese punctuation stays as it is."""
    found = ((match, normalize("NFKC", match[0])) for match in _STYLED.finditer(text))
    return [Edit(*match.span(), plain) for match, plain in found if plain != match[0]]


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


REWRITES: Final = (
    Rewrite("repair_mojibake", date(2026, 11, 22), repair_mojibake),
    Rewrite("drop_invisible", date(2026, 11, 22), drop_invisible),
    Rewrite("unescape_entities", date(2026, 11, 22), unescape_entities),
    Rewrite("strip_markup", date(2026, 11, 22), strip_markup),
    Rewrite("drop_pinyin", date(2026, 11, 22), drop_pinyin),
    Rewrite("fold_width", date(2026, 11, 22), fold_width),
    Rewrite("fold_script", date(2026, 11, 22), fold_script),
    Rewrite("name_urls", date(2026, 11, 22), name_urls),
    Rewrite("drop_watermarks", date(2026, 11, 22), drop_watermarks),
    Rewrite("spell_out_slang", date(2026, 11, 22), spell_out_slang),
    Rewrite("tidy_space", date(2026, 11, 22), tidy_space),
    Rewrite("squeeze_repeats", date(2026, 11, 22), squeeze_repeats),
)
"""Mojibake goes first: some of its bytes look like invisible characters. Those go next, since they
hide URLs and phrases from the others. Entities hide tags; brackets and tags tear the phrases that
decide how a character is simplified. Lexicons are in simplified script, so they come after it.
"""
