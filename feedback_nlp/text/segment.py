"""Chinese word segmentation with a product dictionary, and the stop words for keywords."""

import re
from functools import cache
from typing import Final

from rjieba import Jieba

from feedback_nlp.text.lexicon import lexicon
from feedback_nlp.text.slang import SLANG
from feedback_nlp.text.tokens import ATOM
from feedback_nlp.text.watermarks import WATERMARKS

PRODUCT_WORDS: Final = "product_words@2026-11-22.txt"
STOP_WORDS: Final = "stopwords@2026-11-22.txt"
SHARP_WORDS: Final = "sharp_words@2026-11-22.txt"
LEXICON_VERSION: Final = "+".join(
    name.removesuffix(".txt")
    for name in (PRODUCT_WORDS, STOP_WORDS, SLANG, WATERMARKS, SHARP_WORDS)
)
"""Names and dates of the lexicons in use; part of every run's record."""

_LETTER = re.compile(r"[^\W\d_]")


@cache
def product_words() -> tuple[str, ...]:
    """Return the product dictionary, in file order."""
    return lexicon(PRODUCT_WORDS)


@cache
def stop_words() -> frozenset[str]:
    """Return the words that never name a theme; negations are not among them."""
    return frozenset(lexicon(STOP_WORDS))


@cache
def _jieba() -> Jieba:
    """Return our own instance: the package's global one belongs to whoever else uses it."""
    jieba = Jieba()
    for word in product_words():
        jieba.add_word(word, jieba.suggest_freq(word), "n")
    return jieba


def segment(normalized: str) -> tuple[str, ...]:
    """Return the words and marks of a normalised text, in order, without white space.

    Joined they give the text less its white space. Emoji, `[微笑]` and `<url>` are one word each.
    """
    words: list[str] = []
    position = 0
    for match in ATOM.finditer(normalized):
        words += _cut(normalized[position : match.start()])
        words.append(match[0])
        position = match.end()
    words += _cut(normalized[position:])
    return tuple(words)


def content_words(normalized: str) -> tuple[str, ...]:
    """Return the words that may name a theme: no stop words, marks, numbers, emoji or URLs."""
    stops = stop_words()
    return tuple(
        word
        for word in segment(normalized)
        if word not in stops and _LETTER.search(word) and not ATOM.fullmatch(word)
    )


def _cut(text: str) -> list[str]:
    if not text:
        return []
    return [word for word in _jieba().cut(text) if not word.isspace()]
