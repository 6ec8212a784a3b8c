"""How a problem is called in a message: in the user's own words, or in nobody's."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from feedback_nlp.privacy.mask import FILLER, mask

SHARED_BY: Final = 3
"""Words that so many users of a theme say are nobody's own."""
_RUN: Final = 4
"""Letters in a row that a name chosen by hand may share with fewer users by chance."""
_TELLING: Final = 2
"""Letters that a quote needs to say something."""
_MARKS: Final = re.compile(r"[\W_]+")
_EDGES: Final = " \t\r\n,，.。!！?？;；:：、~～…“”\"'‘’"

Said = Mapping[str, Iterable[str]]
"""User -> the texts that they wrote."""


def own_words(text: str) -> str:
    """Return what a user said as it can be quoted to them: on one line, without marks around it.

    Empty when it says nothing or holds personal data, masked or not.
    """
    quote = " ".join(text.split()).strip(_EDGES)
    if len(squeezed(quote)) < _TELLING or FILLER in quote or mask(quote).found:
        return ""
    return quote


def public_name(topic: str, name: str, said: Said, *, by_hand: bool) -> str:
    """Return how everybody may be told of a theme: its topic, and its name unless it is somebody's.

    A name is made of users' words, so it is told only when at least three users say it. A name
    that a person chose is told as well when none of it is said by one or two users only. `said`
    holds everybody in the theme.
    """
    told = squeezed(name)
    texts = [[squeezed(text) for text in of_user] for of_user in said.values()]

    def users(run: str) -> int:
        return sum(any(run in text for text in of_user) for of_user in texts)

    shared = bool(told) and users(told) >= SHARED_BY
    if by_hand and told and not shared:
        runs = {told[i : i + _RUN] for i in range(max(1, len(told) - _RUN + 1))}
        shared = all(not 0 < users(run) < SHARED_BY for run in runs)
    if not shared or not own_words(name) or told == squeezed(topic):
        return topic
    return name if told.startswith(squeezed(topic)) else f"{topic}：{own_words(name)}"


def squeezed(text: str) -> str:
    """Return letters and digits only, in one case and width: what makes two wordings the same."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())
