"""Long praise in the same words by several known authors: somebody hands out a text.

Complaints and requests in the same words are never held so: many users who copy a text to
complain are still many users.
"""

from collections import defaultdict
from collections.abc import Sequence

from feedback_nlp.quarantine.candidates import NOT_HIDDEN, Entry
from feedback_nlp.quarantine.recipes import Recipe
from feedback_nlp.quarantine.similar import Lookalikes, Row
from feedback_nlp.records import Polarity, Quarantined, QuarantineReason


def copied_praise(entries: Sequence[Entry], recipe: Recipe) -> list[Quarantined]:
    """Return all but the earliest of each family of copied praise; `entries` by time."""
    praise = [entry for entry in entries if _is_long_praise(entry, recipe)]
    held = []
    for family in _families(praise, recipe):
        authors = {entry.author for entry in family}
        if len(authors) >= recipe.template_authors:
            detail = f"{len(authors)} 位作者使用同一段好评"
            original = family[0].candidate.review_id
            held += [
                Quarantined(entry.candidate.review_id, QuarantineReason.TEMPLATE, detail, original)
                for entry in family[1:]
            ]
    return held


def _is_long_praise(entry: Entry, recipe: Recipe) -> bool:
    candidate = entry.candidate
    praises = candidate.polarity is Polarity.POS and candidate.severity < NOT_HIDDEN
    return praises and entry.author is not None and entry.size >= recipe.long_text


def _families(praise: Sequence[Entry], recipe: Recipe) -> list[list[Entry]]:
    """Gather each text with the earliest one it copies; only that founder attracts others."""
    rows: dict[str, int] = {}
    wordings: list[Row] = []
    for entry in praise:
        if rows.setdefault(entry.words, len(rows)) == len(wordings):
            block = entry.anchors if entry.size >= recipe.long_near else None
            wordings.append(Row(entry.words, block))
    lookalikes = Lookalikes(wordings, recipe)
    founder_of: dict[int, int] = {}
    families: dict[int, list[Entry]] = defaultdict(list)
    for entry in praise:
        row = rows[entry.words]
        if row not in founder_of:
            founder = next((other for other, _ in lookalikes.copied(row)), row)
            founder_of[row] = founder
            if founder == row:
                lookalikes.add(row)
        families[founder_of[row]].append(entry)
    return list(families.values())
