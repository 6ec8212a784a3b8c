"""What somebody searches for: the words of a query, and how each may be written in a review."""

import re
from functools import cache
from typing import Final

from rjieba import Jieba

from feedback_nlp.text.offsets import apply_edits
from feedback_nlp.text.rewrites import fold_width
from feedback_nlp.text.script import simplify, traditional_characters
from feedback_nlp.text.segment import stop_words
from feedback_nlp.text.tokens import CONTENT

_LATIN_AND_BEYOND: Final = (range(0x21, 0x250), range(0x370, 0x530), range(0xFF01, 0xFF5F))
"""What has upper and lower case, or full and half width, and is typed in reviews."""


def search_words(query: str) -> tuple[str, ...]:
    """Return the words of a query, folded, each once, in order.

    Simplified script, lower case, half width. Punctuation is no word. Words that say nothing
    (的、了) are left out unless there are no others. Empty for a query without any word.
    """
    folded = _folded(query)
    words = dict.fromkeys(word for word in _jieba().cut(folded) if CONTENT.search(word))
    telling = [word for word in words if word not in stop_words()]
    return tuple(telling or words)


def spellings(word: str) -> str:
    """Return a regular expression for a folded word, however a review writes its characters.

    Traditional or simplified, upper or lower case, full or half width. Nothing but characters,
    classes of them, and escaped marks: Python and PostgreSQL read it alike, and neither can be
    made to search for long.
    """
    return "".join(_class(character) for character in word)


@cache
def _jieba() -> Jieba:
    """Return a segmenter without our product dictionary.

    That one keeps phrases such as 物流慢 whole, which name themes well; but who looks for that
    wants 物流太慢了 too.
    """
    return Jieba()


def _folded(text: str) -> str:
    return simplify(apply_edits(text, tuple(range(len(text) + 1)), fold_width(text))[0]).lower()


def _class(character: str) -> str:
    alike = _alike().get(character)
    if alike is None:
        return re.escape(character)
    # Escaped one by one: a full-width mark stands beside the ASCII one that means something.
    return "[" + "".join(re.escape(each) for each in alike) + "]"


@cache
def _alike() -> dict[str, str]:
    """Map a folded character to all that fold to it, where there are others."""
    found: dict[str, dict[str, None]] = {}
    cased = [chr(code) for codes in _LATIN_AND_BEYOND for code in codes]
    for character in (*cased, *sorted(traditional_characters())):
        folded = _folded(character)
        if folded != character and len(folded) == 1:
            found.setdefault(folded, {folded: None})[character] = None
    return {folded: "".join(characters) for folded, characters in found.items()}
