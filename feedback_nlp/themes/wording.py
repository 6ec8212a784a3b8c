"""One wording never has two themes."""

from collections.abc import Collection, Iterable

from feedback_nlp.records import Voice
from feedback_nlp.themes.sayings import distinct


def same_words(
    voices: Iterable[Voice], chosen: Collection[tuple[str, int]]
) -> set[tuple[str, int]]:
    """Return (review id, start) of every voice that says the same as one of the chosen."""
    wanted = set(chosen)
    found: set[tuple[str, int]] = set()
    for saying in distinct(voices):
        places = {(voice.review_id, voice.start) for voice in saying.voices}
        if places & wanted:
            found |= places
    return found
