"""Which sayings may speak for a theme: a theme of complaints is not named by praise."""

from collections.abc import Sequence
from typing import Final

from feedback_nlp.records import Intent, Labels, Polarity
from feedback_nlp.themes.sayings import Saying

_WANTS: Final = frozenset((Intent.COMPLAINT, Intent.REQUEST))


def speaking_for(sayings: Sequence[Saying]) -> tuple[Saying, ...]:
    """Return the sayings that may speak for all, in the order given; never none of some.

    Those that complain or ask and of which the classifier is sure; in a theme that is about
    something else for the most part all sure ones; failing these all.
    """
    sure = tuple(saying for saying in sayings if not _labels(saying).uncertain)
    wanting = tuple(saying for saying in sure if is_wanting(_labels(saying)))
    total = sum(len(saying.voices) for saying in sayings)
    most = 2 * sum(len(s.voices) for s in sayings if is_wanting(_labels(s))) >= total
    return (wanting if most else ()) or sure or tuple(sayings)


def is_wanting(labels: Labels) -> bool:
    """Say whether an opinion speaks against something or asks for it."""
    if labels.intent is Intent.PRAISE or labels.polarity is Polarity.POS:
        return labels.intent is Intent.REQUEST
    return labels.polarity is Polarity.NEG or labels.intent in _WANTS


def _labels(saying: Saying) -> Labels:
    return saying.voices[0].labels
