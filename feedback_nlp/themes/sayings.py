"""Voices -> distinct wordings: exact duplicates never part."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from feedback_nlp.records import Voice
from feedback_nlp.text.normalize import normalize

VAGUE_GROUP = "general"
"""Topics of this group name no aspect: 太差了 is heard, but it is not an issue to fix."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One distinct wording and the voices that used it."""

    key: str
    """Its letters and digits in lower case: what makes two wordings the same."""
    text: str
    """The smallest of its normalised texts."""
    voices: tuple[Voice, ...]


def is_vague(voice: Voice) -> bool:
    """Say whether an opinion names no aspect of the product at all."""
    return voice.labels.topics[0].code.startswith(f"{VAGUE_GROUP}.")


def distinct(voices: Iterable[Voice]) -> list[Saying]:
    """Fold voices into wordings, most frequent first; voices that name no aspect are left out."""
    by_key: dict[str, list[tuple[Voice, str]]] = defaultdict(list)
    telling = (voice for voice in voices if not is_vague(voice))
    for voice in sorted(telling, key=lambda voice: (voice.review_id, voice.start)):
        text = normalize(voice.text).text
        by_key["".join(filter(str.isalnum, text.lower())) or text].append((voice, text))
    # The order of this list decides every tie below; it comes from the words alone.
    return [
        Saying(key, min(text for _, text in same), tuple(voice for voice, _ in same))
        for key, same in sorted(by_key.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
