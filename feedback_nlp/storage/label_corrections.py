"""People's corrections of labels: one row each, never changed; of each label the newest counts.

A correction belongs to the text it was made for: it does not count while the review has another
one, and counts again when that text returns, as annotations do.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.heads.correct import Said
from feedback_nlp.records import Intent, LabelCorrection, PlainLabels, Polarity
from feedback_nlp.storage import tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.label_corrections
_R: Final = tables.reviews


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """A correction with what storage knows about it."""

    number: int
    """Grows with time; unique inside the workspace."""
    correction: LabelCorrection
    text_hash: str
    """Names the text of the review that it was made for."""
    present: bool
    """The review still has that text."""


def add(session: Session, workspace: str, correction: LabelCorrection) -> None:
    """Append a correction; those made before stay as they are.

    Raises:
        NotFoundError: no review has this id.
        ConflictError: the review does not say these words at this place any more.
        InputError: a string holds a NUL or a lone surrogate, which no database can keep.
    """
    told = (("author", correction.author), ("reason", correction.reason))
    check_storable(f"评论 {correction.review_id} 的改标", told)
    lock(session, workspace, "reviews")  # numbers are given one at a time, beside no erasure
    query = select(_R.c.text, _R.c.text_hash).where(
        _R.c.workspace_id == workspace, _R.c.id == correction.review_id
    )
    review = session.execute(query).one_or_none()
    if review is None:
        raise NotFoundError(f"没有编号为 {correction.review_id} 的评论")
    if review.text[correction.start : correction.end] != correction.text:
        raise ConflictError(f"评论 {correction.review_id} 的正文刚刚变了；请重新查看后再改")
    last = select(func.max(_T.c.id)).where(_T.c.workspace_id == workspace)
    number = 1 + (session.execute(last).scalar_one() or 0)
    row = {"workspace_id": workspace, "id": number, "text_hash": review.text_hash}
    session.execute(insert(_T), [row | _values(correction)])


def every(session: Session, workspace: str) -> list[StoredCorrection]:
    """Return all corrections, first one first, whether they count or not."""
    return [_to_stored(row) for row in session.execute(_all(workspace).order_by(_T.c.id))]


def part(
    session: Session, workspace: str, page: Part, *, review_id: str | None = None
) -> list[StoredCorrection]:
    """Return a part of the corrections, of one review or all, newest first; by number."""
    query = _all(workspace)
    if review_id is not None:
        query = query.where(_T.c.review_id == review_id)
    return [_to_stored(row) for row in rows_of(session, query, (_T.c.id,), page, newest_first=True)]


def said(session: Session, workspace: str, review_ids: Collection[str] | None = None) -> Said:
    """Return what people say of the present texts of these reviews, or of all."""
    found: dict[tuple[str, int, int], list[PlainLabels]] = {}
    for query in _counting(workspace, review_ids):
        for row in session.execute(query):
            found.setdefault((row.review_id, row.start, row.end), []).append(_to_said(row))
    return found


def mark(session: Session, workspace: str) -> tuple[object, ...]:
    """Return what is cheap to read and differs once a correction has come."""
    query = select(func.count(), func.max(_T.c.id)).where(_T.c.workspace_id == workspace)
    return tuple(session.execute(query).one())


def _all(workspace: str) -> Select[Any]:
    return (
        select(_T, (_T.c.text_hash == _R.c.text_hash).label("present"))
        .join(_R, _of_review())
        .where(_T.c.workspace_id == workspace)
    )


def _counting(workspace: str, review_ids: Collection[str] | None) -> Iterator[Select[Any]]:
    query = (
        select(_T)
        .join(_R, _of_review() & (_R.c.text_hash == _T.c.text_hash))
        .where(_T.c.workspace_id == workspace)
        .order_by(_T.c.id)
    )
    if review_ids is None:
        yield query
        return
    for chunk in chunks(sorted(review_ids)):
        yield query.where(_T.c.review_id.in_(chunk))


def _of_review() -> ColumnElement[bool]:
    return (_R.c.workspace_id == _T.c.workspace_id) & (_R.c.id == _T.c.review_id)


def _to_stored(row: Row[Any]) -> StoredCorrection:
    correction = LabelCorrection(
        review_id=row.review_id,
        start=row.start,
        end=row.end,
        text=row.text,
        said=_to_said(row),
        seen=_labels(**row.seen),
        model=row.seen_model,
        author=row.author,
        at=row.at,
        reason=row.reason,
    )
    return StoredCorrection(row.id, correction, row.text_hash, row.present)


def _to_said(row: Row[Any]) -> PlainLabels:
    return _labels(row.polarity, row.intent, row.topics, row.severity)


def _labels(
    polarity: str | None, intent: str | None, topics: Collection[str], severity: int | None
) -> PlainLabels:
    return PlainLabels(
        polarity=None if polarity is None else Polarity(polarity),
        intent=None if intent is None else Intent(intent),
        topics=tuple(topics),
        severity=severity,
    )


def _values(correction: LabelCorrection) -> dict[str, Any]:
    return {
        "review_id": correction.review_id,
        "start": correction.start,
        "end": correction.end,
        "text": correction.text,
        "seen": asdict(correction.seen),
        "seen_model": correction.model,
        "author": correction.author,
        "at": correction.at,
        "reason": correction.reason,
    } | asdict(correction.said)
