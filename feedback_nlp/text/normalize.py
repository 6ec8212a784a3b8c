"""Review text to the analysis form that every later step reads."""

from typing import Final

from feedback_nlp.records import NormalizedText
from feedback_nlp.text.offsets import apply_edits
from feedback_nlp.text.rewrites import REWRITES

_MOST_PASSES: Final = 64
"""Brackets in brackets and tags in tags open one layer a pass; people do not nest that deep, and
without an end a hostile text would take time in the square of its length."""


def normalize(text: str) -> NormalizedText:
    """Rewrite one review into the form every later step expects.

    Pure and idempotent: the table runs until no rewrite has anything left to do (64 times at
    most, for texts that nest noise deeper than that). Keeps negation words, Chinese punctuation
    and the case of Latin letters; a newline stays as a break. Never raises; blank text gives "".
    """
    offsets = tuple(range(len(text) + 1))
    applied: dict[str, None] = {}
    for _ in range(_MOST_PASSES):
        changed = False
        for rewrite in REWRITES:
            edits = rewrite.edits(text)
            if edits:
                text, offsets = apply_edits(text, offsets, edits)
                applied[rewrite.name] = None
                changed = True
        if not changed:
            break
    return NormalizedText(text, tuple(applied), offsets)
