"""What two texts must share to be the same words: content, what changes its meaning, its size."""

import re
from typing import Final

MASKED: Final = "\u204e"
"""Stands in a content for something that was masked: a phone number, a WeChat id."""

_FILLERS: Final = re.compile(r"\*{3,}")
_NO_CONTENT: Final = re.compile(
    rf"(?<![0-9])\.|\.(?![0-9])|[^\w.{MASKED}\u2600-\u27bf\U0001f000-\U0001faff]|_"
)
_ANCHOR: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*|[a-z]+|[不没无别未非勿莫]")
_EMOJI: Final = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")


def words_of(text: str, normalized: str) -> str:
    """Return the content of a review, of its own text where normalising leaves nothing.

    Normalising drops what platforms write by themselves; here that is the evidence.
    """
    return content(normalized) or content(text)


def content(normalized: str) -> str:
    """Return the letters, digits, Han characters and emoji of a normalised text, in lower case.

    White space and punctuation go, except the point inside a number: 3.1 is not 31. What was
    masked is one `MASKED`.
    """
    return _NO_CONTENT.sub("", _FILLERS.sub(MASKED, normalized.casefold()))


def anchors(normalized: str) -> str:
    """Return what may not differ between near copies: numbers, Latin words and negations.

    Another order number, version, size or model, or a 不 more, makes another statement however
    alike the rest is.
    """
    return " ".join(_ANCHOR.findall(normalized.casefold()))


def without_emoji(words: str) -> str:
    """Return a content without its emoji."""
    return _EMOJI.sub("", words)
