"""What becomes of themes when model, lexicon or recipe change: a map from before to after."""

from collections import Counter
from dataclasses import dataclass

from feedback_nlp.records import How
from feedback_nlp.themes.ids import by_number
from feedback_nlp.themes.settle import Past, Settled


@dataclass(frozen=True, slots=True)
class Transition:
    """How one theme came through a change."""

    theme_id: str
    kept: int
    """Opinions that were in it and still are."""
    recut: int
    """Opinions whose clause is cut in another way now."""
    left: int
    """Opinions that are no complaint or request any more by the new labels; they keep their place
    and count again when the labels turn back."""
    joined: int
    """Opinions that came with the same run."""


def transitions(past: Past, settled: Settled) -> list[Transition]:
    """Return how each theme came through, by id; themes that are new are not among them."""
    before = {placed.place: placed.theme_id for placed in past.placements}
    after = {placed.place: placed for placed in settled.placements}
    kept = Counter(t for place, t in before.items() if place in after)
    left = Counter(t for place, t in before.items() if place not in after)
    new = [placed for place, placed in after.items() if place not in before]
    recut = Counter(placed.theme_id for placed in new if placed.how is How.CARRIED)
    joined = Counter(placed.theme_id for placed in new if placed.how is not How.CARRIED)
    return [
        Transition(theme_id, kept[theme_id], recut[theme_id], left[theme_id], joined[theme_id])
        for theme_id in sorted(set(before.values()), key=by_number)
    ]
