"""Reviews that somebody looks for: conditions on `reviews`, and pages of them by time.

Words are looked for by a regular expression over the texts, in the order of the time index, until
a page is full. A table of words would answer a rare word faster and make every import write
twenty rows a review; without it 100,000 reviews that do not have the word are gone through in
well under a second (`tests/storage/test_review_search.py` says how the two databases agree).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Table, Text, cast, exists, select
from sqlalchemy.orm import Session

from feedback_nlp.records import (
    Intent,
    Polarity,
    QuarantineReason,
    Review,
    ReviewKind,
)
from feedback_nlp.storage import tables
from feedback_nlp.storage.competitors import is_theirs
from feedback_nlp.storage.held import held_reason, is_held
from feedback_nlp.storage.keyset import Part, dated_rows
from feedback_nlp.storage.review_rows import to_review
from feedback_nlp.storage.upserts import begin_of
from feedback_nlp.text.search import spellings

_R: Final = tables.reviews
_A: Final = tables.annotations
_O: Final = tables.opinions
_M: Final = tables.theme_members
_C: Final = tables.label_corrections
_SAME: Final = ("channel", "product", "version", "region", "author_id", "author_tier")


@dataclass(frozen=True, slots=True)
class SoughtLabels:
    """What an opinion is like; None leaves it open."""

    polarity: Polarity | None = None
    topic: str | None = None
    intent: Intent | None = None
    severity: int | None = None
    """At least this one."""
    uncertain: bool | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """Which reviews are looked for; None leaves it open."""

    since: date | None = None
    until: date | None = None
    """The day behind the last one. Days are those of China; reviews without a time have none."""
    channel: str | None = None
    product: str | None = None
    version: str | None = None
    region: str | None = None
    author_id: str | None = None
    author_tier: str | None = None
    kind: ReviewKind | None = None
    rating_from: float | None = None
    rating_to: float | None = None
    quarantined: bool | None = None
    competitor: bool | None = None
    theme: str | None = None
    words: tuple[str, ...] = ()
    """Folded as `search_words` does; all must occur."""
    polarity: Polarity | None = None
    """Of the review as a whole."""
    opinion: SoughtLabels | None = None
    """An opinion of it is like that."""
    review_id: str | None = None
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A review and whether it counts."""

    review: Review
    held: QuarantineReason | None
    """Why it is in quarantine now."""
    competitor: bool


def part(session: Session, workspace: str, sought: Sought, page: Part, *, model: str) -> list[Hit]:
    """Return a part of the reviews that are looked for, by time and id, those without time last.

    Where labels are asked for: those that `model` labels so, and all that people have corrected,
    whose labels are the caller's to look at. So are annotations of an earlier text.
    """
    query = select(
        _R,
        held_reason(workspace, model).label("held_as"),
        is_theirs(workspace).label("theirs"),
    ).where(
        _R.c.workspace_id == workspace,
        *_conditions(workspace, sought, model),
        *_labelled(workspace, sought, model),
    )
    key = (_R.c.created_at, _R.c.id)
    rows = dated_rows(session, query, key, page, newest_first=sought.newest_first)
    return [Hit(to_review(row), _reason(row.held_as), bool(row.theirs)) for row in rows]


def themes_of(
    session: Session, workspace: str, review_ids: Sequence[str]
) -> dict[tuple[str, int], str]:
    """Return the theme of each opinion (review id, start) of at most a chunk of reviews."""
    query = (
        select(_M.c.review_id, _M.c.start, _M.c.theme_id)
        .where(_M.c.workspace_id == workspace, _M.c.review_id.in_(review_ids))
        .order_by(_M.c.theme_id)
    )
    return {(row.review_id, row.start): row.theme_id for row in session.execute(query)}


def _conditions(workspace: str, sought: Sought, model: str) -> list[ColumnElement[bool]]:
    found = [
        _R.c[name] == getattr(sought, name) for name in _SAME if getattr(sought, name) is not None
    ]
    if sought.review_id is not None:
        found.append(_R.c.id == sought.review_id)
    if sought.since is not None:
        found.append(_R.c.created_at >= begin_of(sought.since))
    if sought.until is not None:
        found.append(_R.c.created_at < begin_of(sought.until))
    if sought.kind is not None:
        found.append(_R.c.kind == sought.kind.value)
    if sought.rating_from is not None:
        found.append(_R.c.rating >= sought.rating_from)
    if sought.rating_to is not None:
        found.append(_R.c.rating <= sought.rating_to)
    if sought.quarantined is not None:
        held = is_held(workspace, model)
        found.append(held if sought.quarantined else ~held)
    if sought.competitor is not None:
        theirs = is_theirs(workspace)
        found.append(theirs if sought.competitor else ~theirs)
    if sought.theme is not None:
        found.append(_in_theme(workspace, sought.theme))
    found += [_R.c.text.regexp_match(spellings(word)) for word in sought.words]
    return found


def _labelled(workspace: str, sought: Sought, model: str) -> Iterator[ColumnElement[bool]]:
    spoken_of = (
        exists().where(_C.c.workspace_id == workspace, _C.c.review_id == _R.c.id).correlate(_R)
    )
    if sought.polarity is not None:
        alike = (*_read_by(_A, workspace, model), _A.c.polarity == sought.polarity.value)
        yield exists().where(*alike).correlate(_R) | spoken_of
    if sought.opinion is not None:
        alike = (*_read_by(_O, workspace, model), *_like(sought.opinion))
        yield exists().where(*alike).correlate(_R) | spoken_of


def _read_by(table: Table, workspace: str, model: str) -> tuple[ColumnElement[bool], ...]:
    mine = table.c.workspace_id == workspace, table.c.model == model
    return (*mine, table.c.review_id == _R.c.id)


def _like(labels: SoughtLabels) -> Iterator[ColumnElement[bool]]:
    if labels.polarity is not None:
        yield _O.c.polarity == labels.polarity.value
    if labels.uncertain is not None:
        yield _O.c.uncertain.is_(labels.uncertain)
    if labels.intent is not None:
        yield _O.c.intent == labels.intent.value
    if labels.severity is not None:
        yield _O.c.severity >= labels.severity
    if labels.topic is not None:
        # [["code",0.9],…], as `dump_json` writes it; the caller compares once more.
        yield cast(_O.c.topics, Text).contains(f'["{labels.topic}",', autoescape=True)


def _in_theme(workspace: str, theme: str) -> ColumnElement[bool]:
    return (
        exists()
        .where(_M.c.workspace_id == workspace, _M.c.theme_id == theme, _M.c.review_id == _R.c.id)
        .correlate(_R)
    )


def _reason(held: str | None) -> QuarantineReason | None:
    return None if held is None else QuarantineReason(held)
