"""Review text to the analysis form that every later step reads."""

from feedback_nlp.records import NormalizedText
from feedback_nlp.text.offsets import apply_edits
from feedback_nlp.text.rewrites import REWRITES


def normalize(text: str) -> NormalizedText:
    """Rewrite one review into the form every later step expects.

    Pure and idempotent: the table runs until no rewrite has anything left to do. Keeps negation
    words, Chinese punctuation and the case of Latin letters; a newline stays as a break. Never
    raises; blank text gives "".
    """
    offsets = tuple(range(len(text) + 1))
    applied: dict[str, None] = {}
    changed = True
    while changed:
        changed = False
        for rewrite in REWRITES:
            edits = rewrite.edits(text)
            if edits:
                text, offsets = apply_edits(text, offsets, edits)
                applied[rewrite.name] = None
                changed = True
    return NormalizedText(text, tuple(applied), offsets)
