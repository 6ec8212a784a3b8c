"""Which reviews of a workspace do not count for now.

One reason each, the first that applies: an advert, default praise or a template by its own words
(`texts`); a copy (`repeats`); praise that several authors copied (`copied_praise`); a flood
(`floods`). Each step looks only at what the earlier ones let stand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from feedback_nlp.quarantine.candidates import NOT_HIDDEN, Candidate, Entry, in_order
from feedback_nlp.quarantine.copied_praise import copied_praise
from feedback_nlp.quarantine.floods import floods
from feedback_nlp.quarantine.recipes import DEFAULT, Recipe
from feedback_nlp.quarantine.repeats import Repeats
from feedback_nlp.quarantine.texts import screen_words
from feedback_nlp.records import Polarity, Quarantined, QuarantineReason

_REAL_COMPLAINT: Final = 2
_GOOD_RATING: Final = 4


def screen(candidates: Iterable[Candidate], *, recipe: Recipe = DEFAULT) -> list[Quarantined]:
    """Return the reviews to hold back, by review id; blind to input order.

    A review of severity 3 is never among them, neither is the original of another. Adding a review
    changes the verdict on others only where it shares their words or their author.
    """
    entries = in_order(candidates)
    held = [verdict for entry in entries if (verdict := _by_itself(entry))]
    held += Repeats(_standing(entries, held), recipe).find()
    templates = copied_praise(_standing(entries, held), recipe)
    held = [*_resolved(held, templates), *templates]
    flooding = floods(
        entries,
        held={each.review_id for each in held},
        originals={each.original for each in held if each.original},
        recipe=recipe,
    )
    return sorted([*held, *flooding], key=_review_id)


def screen_one(candidate: Candidate) -> Quarantined | None:
    """Return why this review is held whatever the others say, or None."""
    (entry,) = in_order([candidate])
    return _by_itself(entry)


def _by_itself(entry: Entry) -> Quarantined | None:
    verdict = screen_words(entry.words)
    if verdict is None or _overruled(entry.candidate, verdict[0]):
        return None
    return Quarantined(entry.candidate.review_id, *verdict)


def _overruled(candidate: Candidate, reason: QuarantineReason) -> bool:
    """Say whether this is a real complaint, or stars that somebody gave by hand."""
    if candidate.severity >= NOT_HIDDEN:
        return True
    if candidate.polarity is Polarity.NEG and candidate.severity >= _REAL_COMPLAINT:
        return True
    unhappy = candidate.rating is not None and candidate.rating < _GOOD_RATING
    return unhappy and reason is not QuarantineReason.SPAM


def _standing(entries: Sequence[Entry], held: Iterable[Quarantined]) -> list[Entry]:
    gone = {each.review_id for each in held}
    return [entry for entry in entries if entry.candidate.review_id not in gone]


def _resolved(held: Iterable[Quarantined], templates: Iterable[Quarantined]) -> list[Quarantined]:
    """Lead copies of a review that is held as a template on to the original of the template."""
    lead = {each.review_id: each.original for each in templates}
    return [
        replace(each, original=lead.get(each.original, each.original)) if each.original else each
        for each in held
    ]


def _review_id(quarantined: Quarantined) -> str:
    return quarantined.review_id
