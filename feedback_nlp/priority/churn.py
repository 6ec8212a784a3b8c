"""Users who leave: clauses that say so, by a dated list of words."""

import re
from functools import cache
from typing import Final

from feedback_nlp.records import Polarity, Voice
from feedback_nlp.text.lexicon import lexicon
from feedback_nlp.text.normalize import normalize

CHURN_WORDS: Final = "churn_words@2026-11-22.txt"


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in lexicon(CHURN_WORDS)))


def leaves(voice: Voice) -> bool:
    """Say that the writer has left or announces it; only what is said against something counts."""
    if voice.labels.polarity is not Polarity.NEG:
        return False
    return _pattern().search(normalize(voice.text).text) is not None
