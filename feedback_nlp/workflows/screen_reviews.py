"""Screen: everything stored -> which reviews do not count for now, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from feedback_nlp.quarantine.candidates import Candidate
from feedback_nlp.quarantine.screen import screen
from feedback_nlp.records import Quarantined
from feedback_nlp.storage import competitors, quarantine
from feedback_nlp.storage.database import reading, transaction


@dataclass(frozen=True, slots=True)
class Screened:
    """What a screening found."""

    looked_at: int
    held: tuple[tuple[str, int], ...]
    """(reason, reviews), by the rules alone; people's decisions come on top."""


def screen_reviews(engine: Engine, workspace: str, *, model: str, now: datetime) -> Screened:
    """Look at all reviews together and store what the rules find; people's decisions stay.

    The rules run outside the write transaction. The same reviews give the same result and change
    nothing. Reviews of a competitor's product are compared with each other only: what is said of
    theirs is no copy of what is said of ours.
    """
    with reading(engine) as session:
        candidates = list(quarantine.candidates(session, workspace, model=model))
        rivals = frozenset(competitors.active(session, workspace))
    found = _screened(candidates, rivals)
    with transaction(engine) as session:
        quarantine.replace(session, workspace, found, now=now)
    counts = Counter(each.reason.value for each in found)
    return Screened(len(candidates), tuple(sorted(counts.items())))


def _screened(candidates: Iterable[Candidate], rivals: frozenset[str]) -> list[Quarantined]:
    of_product: defaultdict[str | None, list[Candidate]] = defaultdict(list)
    for each in candidates:
        of_product[each.product if each.product in rivals else None].append(each)
    return [verdict for part in of_product.values() for verdict in screen(part)]
