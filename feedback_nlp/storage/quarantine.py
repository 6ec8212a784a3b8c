"""Reviews that do not count for now: what the rules found and what a person decided.

Both are kept. Effective is the person's decision where there is one, else the rules; and no text
in which the model finds severity 3 is ever held.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError, NotFoundError
from feedback_nlp.quarantine.candidates import Candidate
from feedback_nlp.records import Quarantined, QuarantineReason
from feedback_nlp.storage import tables
from feedback_nlp.storage.bulk import insert_rows
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.gists import gists
from feedback_nlp.storage.held import is_severe
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.paging import chunks, in_review_order
from feedback_nlp.storage.planner import refresh_statistics
from feedback_nlp.storage.quarantine_rows import (
    SCREENED,
    StoredQuarantine,
    finding_values,
    to_candidate,
    to_quarantine,
)
from feedback_nlp.storage.reviews import stored_ids
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.quarantine
_R: Final = tables.reviews
_UNDECIDED: Final = dict.fromkeys(("held", "decided_by", "decided_at", "note"))


@dataclass(frozen=True, slots=True)
class Change:
    """What a screening changed."""

    added: int
    removed: int
    kept: int
    """Rows that were there before and still are, those with a person's decision included."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says about a review; it wins over the rules, except that severity 3 counts."""

    held: bool
    """True holds the review back, False lets it count."""
    by: str
    note: str = ""
    reason: QuarantineReason | None = None
    """Needed for a review that the rules did not find; else it replaces theirs."""


def replace(
    session: Session, workspace: str, found: Sequence[Quarantined], *, now: datetime
) -> Change:
    """Make the rules' findings equal to `found`, the complete result of a screening.

    A row with a person's decision stays: with the new detail when it is found again, else with an
    empty one; the reason under which a person holds a review stays too. Reviews that were deleted
    since they were screened are left out, as repeats and as originals. The same result twice
    changes nothing.

    Raises:
        InputError: a detail that no database can keep.
    """
    for one in found:
        check_storable(f"评论 {one.review_id!a}", (("隔离依据", one.detail),))
    _begin(session, workspace)
    before = {
        row.review_id: row
        for row in session.execute(select(_T).where(_T.c.workspace_id == workspace))
    }
    after = {one.review_id: one for one in _of_stored_originals(session, workspace, found)}
    new = stored_ids(session, workspace, [key for key in after if key not in before])
    rows = [
        {"found_at": now} | finding_values(workspace, after[key]) for key in after if key in new
    ]
    insert_rows(session, _T, rows)
    refresh_statistics(session, _T)
    gone = [key for key, row in before.items() if key not in after and row.held is None]
    for chunk in chunks(gone):
        session.execute(delete(_T).where(_T.c.workspace_id == workspace, _T.c.review_id.in_(chunk)))
    stay = before.keys() - set(gone)
    _refresh(session, workspace, {key: (before[key], after.get(key)) for key in stay})
    return Change(added=len(new), removed=len(gone), kept=len(stay))


def decide(
    session: Session, workspace: str, review_id: str, decision: Decision, *, now: datetime
) -> None:
    """Note what a person decided; the same decision twice changes nothing.

    Raises:
        NotFoundError: no review has this id.
        InputError: the rules did not find it and no reason is given.
    """
    check_storable("隔离决定", (("操作人", decision.by), ("备注", decision.note)))
    _begin(session, workspace)
    row = _row(session, workspace, review_id)
    said = {"held": decision.held, "decided_by": decision.by, "note": decision.note}
    if decision.reason is not None:
        said["reason"] = decision.reason.value
    if row is None:
        if decision.reason is None:
            raise InputError(f"评论 {review_id} 没有被规则隔离；要由人决定，请同时给出原因")
        new = {"workspace_id": workspace, "review_id": review_id, "detail": "", "found_at": now}
        session.execute(insert(_T), [new | said | {"decided_at": now}])
    elif any(getattr(row, name) != value for name, value in said.items()):
        changed = said | {"decided_at": now}
        session.execute(update(_T).where(*_is(workspace, review_id)).values(changed))


def undecide(session: Session, workspace: str, review_id: str) -> None:
    """Take a person's decision back: the rules count again. Without a decision nothing changes.

    Raises:
        NotFoundError: no review has this id.
    """
    _begin(session, workspace)
    row = _row(session, workspace, review_id)
    if row is None or row.held is None:
        return
    if not row.detail:
        session.execute(delete(_T).where(*_is(workspace, review_id)))
        return
    session.execute(update(_T).where(*_is(workspace, review_id)).values(_UNDECIDED))


def get(session: Session, workspace: str, review_id: str, *, model: str) -> StoredQuarantine | None:
    """Return the row of one review, effective or not."""
    row = session.execute(_judged(workspace, model).where(_T.c.review_id == review_id))
    found = row.one_or_none()
    return to_quarantine(found) if found else None


def every(
    session: Session,
    workspace: str,
    *,
    model: str,
    reason: QuarantineReason | None = None,
    effective: bool = True,
) -> list[StoredQuarantine]:
    """Return the reviews that are held back, by id; with `effective` False all rows.

    `model` decides what is too severe to be held.
    """
    query = _wanted(workspace, model, reason, effective=effective).order_by(_T.c.review_id)
    return [to_quarantine(row) for row in session.execute(query)]


def part(
    session: Session,
    workspace: str,
    page: Part,
    *,
    model: str,
    reason: QuarantineReason | None = None,
    effective: bool = True,
) -> list[StoredQuarantine]:
    """Return a part of what `every` returns."""
    query = _wanted(workspace, model, reason, effective=effective)
    return [to_quarantine(row) for row in rows_of(session, query, (_T.c.review_id,), page)]


def count_by_reason(session: Session, workspace: str, *, model: str) -> dict[QuarantineReason, int]:
    """Count the reviews that are held back, by reason; reasons without any are left out."""
    query = (
        select(_T.c.reason, func.count())
        .join(_R, _of_review())
        .where(_T.c.workspace_id == workspace, *_counts(workspace, model))
        .group_by(_T.c.reason)
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    return {reason: found[reason] for reason in QuarantineReason if reason in found}


def mark(session: Session, workspace: str) -> tuple[object, ...]:
    """Return what is cheap to read and differs once reviews or decisions about them have changed.

    Also when as many come as go: what comes is younger than all that was there.
    """
    held = select(
        func.count(),
        func.count(_T.c.held),
        func.count().filter(_T.c.held.is_not(False)),
        func.max(_T.c.found_at),
        func.max(_T.c.decided_at),
    ).where(_T.c.workspace_id == workspace)
    present = select(func.count(), func.sum(_R.c.revision), func.max(_R.c.imported_at)).where(
        _R.c.workspace_id == workspace
    )
    return (*session.execute(held).one(), *session.execute(present).one())


def candidates(
    session: Session, workspace: str, *, model: str, batch: int = 1_000
) -> Iterator[Candidate]:
    """Walk through what a screening reads: all reviews, in the order of `reviews.every`.

    Of a review that `model` has not read in its present text, polarity is None and severity 0.
    """
    query = select(*(_R.c[name] for name in SCREENED)).where(_R.c.workspace_id == workspace)
    for page in in_review_order(session, query, batch=batch):
        said = gists(session, workspace, model, [row.id for row in page])
        yield from (to_candidate(row, said.get((row.id, row.text_hash))) for row in page)


def _begin(session: Session, workspace: str) -> None:
    # Reviews first, as everywhere, so that none is deleted between a look at it and a row about it.
    for noun in ("reviews", "quarantine"):
        lock(session, workspace, noun)


def _judged(workspace: str, model: str) -> Select[Any]:
    return (
        select(_T, is_severe(workspace, model).label("severe"))
        .join(_R, _of_review())
        .where(_T.c.workspace_id == workspace)
    )


def _wanted(
    workspace: str, model: str, reason: QuarantineReason | None, *, effective: bool
) -> Select[Any]:
    query = _judged(workspace, model)
    if reason is not None:
        query = query.where(_T.c.reason == reason)
    return query.where(*_counts(workspace, model)) if effective else query


def _of_review() -> ColumnElement[bool]:
    return (_R.c.workspace_id == _T.c.workspace_id) & (_R.c.id == _T.c.review_id)


def _counts(workspace: str, model: str) -> tuple[ColumnElement[bool], ...]:
    return _T.c.held.is_not(False), ~is_severe(workspace, model)


def _is(workspace: str, review_id: str) -> tuple[ColumnElement[bool], ...]:
    return _T.c.workspace_id == workspace, _T.c.review_id == review_id


def _row(session: Session, workspace: str, review_id: str) -> Row[Any] | None:
    if not stored_ids(session, workspace, [review_id]):
        raise NotFoundError(f"没有编号为 {review_id} 的评论")
    return session.execute(select(_T).where(*_is(workspace, review_id))).one_or_none()


def _of_stored_originals(
    session: Session, workspace: str, found: Sequence[Quarantined]
) -> list[Quarantined]:
    """Let no finding name an original that was deleted since the screening."""
    stored = stored_ids(session, workspace, {one.original for one in found if one.original})
    return [
        one if one.original in stored else Quarantined(one.review_id, one.reason, one.detail)
        for one in found
    ]


def _refresh(
    session: Session, workspace: str, kept: Mapping[str, tuple[Row[Any], Quarantined | None]]
) -> None:
    """Write what the rules say now about rows that stay, where it differs from what they said."""
    changed = []
    for key, (row, found) in kept.items():
        now = (found.reason, found.detail, found.original) if found else (row.reason, "", None)
        if row.held:
            now = (row.reason, *now[1:])  # the person said it, or agreed to it
        if now != (row.reason, row.detail, row.original):
            changed.append(dict(zip(("to_reason", "to_detail", "to_original"), now, strict=True)))
            changed[-1]["of_review"] = key
    if changed:
        statement = (
            update(_T)
            .where(_T.c.workspace_id == workspace, _T.c.review_id == bindparam("of_review"))
            .values(
                reason=bindparam("to_reason"),
                detail=bindparam("to_detail"),
                original=bindparam("to_original"),
            )
        )
        session.connection().execute(statement, changed)
