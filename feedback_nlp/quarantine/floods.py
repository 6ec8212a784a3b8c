"""One author who writes again and again within hours and adds nothing new.

Somebody with twenty different detailed complaints is a power user, not a flood: only what is tiny
or was said before is held. Held or not, all reviews of the author count towards the flood.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from feedback_nlp.quarantine.candidates import NOT_HIDDEN, Entry
from feedback_nlp.quarantine.recipes import Recipe
from feedback_nlp.quarantine.similar import ngrams
from feedback_nlp.records import Quarantined, QuarantineReason

_PAIR: Final = 2


def floods(
    entries: Sequence[Entry], *, held: set[str], originals: set[str], recipe: Recipe
) -> list[Quarantined]:
    """Return what floods add; `entries` by time.

    `held` names the reviews that are held already, `originals` those they repeat: these stay.
    """
    by_scope: dict[tuple[str, ...], list[tuple[datetime, Entry]]] = defaultdict(list)
    for entry in entries:
        if entry.author and entry.candidate.created_at:
            by_scope[entry.scope].append((entry.candidate.created_at, entry))
    return [
        Quarantined(
            entry.candidate.review_id,
            QuarantineReason.SPAM,
            f"同一作者 {recipe.flood_hours} 小时内 {recipe.flood_reviews} 条以上"
            f"（这一波共 {len(burst)} 条），没有新内容",
        )
        for own in by_scope.values()
        for burst in _bursts(own, recipe)
        for entry in _idle([each for each in burst if each.candidate.review_id not in held], recipe)
        if entry.candidate.review_id not in originals and entry.candidate.severity < NOT_HIDDEN
    ]


def _bursts(own: Sequence[tuple[datetime, Entry]], recipe: Recipe) -> Iterator[list[Entry]]:
    """Yield each longest stretch in which every review is one of many within the hours."""
    window = timedelta(hours=recipe.flood_hours)
    reach = recipe.flood_reviews - 1
    many = [
        index
        for index in range(len(own) - reach)
        if own[index + reach][0] - own[index][0] <= window
    ]
    burst: list[int] = []
    for index in many:
        if burst and index > burst[-1]:
            yield [own[i][1] for i in burst]
            burst = []
        start = burst[-1] + 1 if burst else index
        burst += range(start, index + reach + 1)
    if burst:
        yield [own[i][1] for i in burst]


def _idle(burst: Sequence[Entry], recipe: Recipe) -> Iterator[Entry]:
    """Yield the reviews after the first few that are tiny or repeat one that stays.

    Only the last `recipe.bucket` that stay are looked at, which bounds the time.
    """
    said: deque[set[str]] = deque(maxlen=recipe.bucket)
    numbers: set[str] = set()
    for position, entry in enumerate(burst):
        pairs = ngrams(entry.words, _PAIR)
        own = {each for each in entry.anchors.split() if each[0].isdigit()}
        enough = recipe.said_before * len(pairs)
        repeated = own <= numbers and any(len(pairs & other) >= enough for other in said)
        if position >= recipe.flood_kept and (len(entry.words) < recipe.tiny or repeated):
            yield entry
        else:
            said.append(pairs)
            numbers |= own
