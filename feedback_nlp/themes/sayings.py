"""Voices -> distinct wordings: exact duplicates never part."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback_nlp.records import Voice
from feedback_nlp.text.normalize import normalize
from feedback_nlp.themes.recipes import Recipe

_MARKS = re.compile(r"[\W_]+")
VAGUE_GROUP = "general"
"""Topics of this group name no aspect: 太差了 is heard, but it is not an issue to fix."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One distinct wording and the voices that used it."""

    key: str
    """What makes two wordings the same: the text less case and marks around its words."""
    text: str
    """The smallest of its normalised texts."""
    voices: tuple[Voice, ...]
    """The first one wrote `text`, and its labels stand for all."""


def is_vague(voice: Voice) -> bool:
    """Say whether an opinion names no aspect of the product at all."""
    return voice.labels.topics[0].code.startswith(f"{VAGUE_GROUP}.")


def distinct(voices: Iterable[Voice]) -> list[Saying]:
    """Fold voices into wordings, most frequent first; wordings that name no aspect are left out."""
    by_key: dict[str, list[tuple[str, Voice]]] = defaultdict(list)
    for voice in voices:
        text = normalize(voice.text).text
        by_key[_key(text)].append((text, voice))
    # All order comes from the words; equal words differ by review only.
    sayings = []
    for key, same in sorted(by_key.items(), key=lambda item: (-len(item[1]), item[0])):
        same.sort(key=lambda pair: (pair[0], pair[1].review_id, pair[1].start))
        text, first = same[0]
        if not is_vague(first):
            sayings.append(Saying(key, text, tuple(voice for _, voice in same)))
    return sayings


def is_recurring(sayings: Sequence[Saying], recipe: Recipe) -> bool:
    """Say whether enough opinions of enough users are behind some wordings to make a theme."""
    # Opinions on which the classifier abstains may be praise misread: they found no theme.
    sure = [voice for each in sayings for voice in each.voices if not voice.labels.uncertain]
    if len(sure) < recipe.min_opinions:
        return False
    return len({voice.user for voice in sure}) >= recipe.min_users


def _key(text: str) -> str:
    # A mark inside stays as a blank: 没有，问题太多 is not 没有问题太多, and 1.0 is not 10.
    return _MARKS.sub(" ", text.lower()).strip() or text
