"""Exact and near copies by one author, or by nobody knows whom.

Short words by different or unknown users are separate voices and always stay; so do the same long
words of different known users, who may all have the same trouble.
"""

from collections.abc import Sequence

from feedback_nlp.quarantine.candidates import NOT_HIDDEN, Entry
from feedback_nlp.quarantine.recipes import Recipe
from feedback_nlp.quarantine.similar import Lookalikes, Row
from feedback_nlp.records import Quarantined, QuarantineReason


class Repeats:
    """Walks reviews by time: each is compared with those that stay, never with held ones.

    So a chain of texts that drift apart step by step is not held as a whole: the first one too
    far from the original stands and is an original itself.
    """

    def __init__(self, entries: Sequence[Entry], recipe: Recipe) -> None:
        """Take the reviews in the order of `in_order`."""
        self._entries = [entry for entry in entries if _can_repeat(entry, recipe)]
        self._recipe = recipe
        rows: dict[tuple[tuple[str, ...], str], int] = {}
        wordings: list[Row] = []
        self._row_of: list[int] = []
        for entry in self._entries:
            row = rows.setdefault((entry.scope, entry.words), len(rows))
            if row == len(wordings):
                compared = entry.size >= recipe.long_near
                block = (entry.scope, entry.anchors) if compared else None
                wordings.append(Row(entry.words, block))
            self._row_of.append(row)
        self._lookalikes = Lookalikes(wordings, recipe)
        self._standing: dict[int, Entry] = {}

    def find(self) -> list[Quarantined]:
        """Return the copies, each with the earlier review it repeats."""
        held = []
        for entry, row in zip(self._entries, self._row_of, strict=True):
            found = self._original(entry, row)
            if found and entry.candidate.severity < NOT_HIDDEN:
                held.append(_copy(entry, *found))
            else:
                self._stand(entry, row)
        return held

    def _original(self, entry: Entry, row: int) -> tuple[Entry, float] | None:
        same = self._standing.get(row)
        if same and self._still_counts(entry, same):
            return same, 1.0
        for other, similarity in self._lookalikes.copied(row):
            if self._still_counts(entry, self._standing[other]):
                return self._standing[other], similarity
        return None

    def _still_counts(self, entry: Entry, earlier: Entry) -> bool:
        """Say whether the earlier one is recent enough; time only matters where users are known."""
        return entry.author is None or entry.within(self._recipe.repeat_days, earlier)

    def _stand(self, entry: Entry, row: int) -> None:
        known = self._standing.get(row)
        if known is None:
            self._lookalikes.add(row)
        if known is None or not self._still_counts(entry, known):
            self._standing[row] = entry


def _can_repeat(entry: Entry, recipe: Recipe) -> bool:
    known = entry.author is not None
    return bool(entry.words) and (known or entry.size >= recipe.long_text)


def _copy(entry: Entry, original: Entry, similarity: float) -> Quarantined:
    who = "同一作者" if entry.author else "作者未知，长文"
    if entry.words == original.words:
        reason, how = QuarantineReason.DUPLICATE, "与更早一条逐字相同"
    else:
        reason, how = QuarantineReason.NEAR_DUPLICATE, f"与更早一条相似度 {similarity:.0%}"
    return Quarantined(
        entry.candidate.review_id, reason, f"{who}{how}", original.candidate.review_id
    )
