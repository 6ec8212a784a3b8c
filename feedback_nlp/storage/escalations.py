"""Complaints that were not resolved in time, one row each; a person closes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import Escalation, Signature
from feedback_nlp.storage import tables
from feedback_nlp.storage.bulk import insert_rows
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.reviews import stored_ids
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.escalations


def add(session: Session, workspace: str, made: Sequence[Escalation]) -> list[Escalation]:
    """Store open escalations and return those that are new; a review has one for ever.

    One whose review is gone, because a person was erased meanwhile, is left out.

    Raises:
        InputError: a department holds what no database can keep.
    """
    for each in made:
        check_storable(f"评论 {each.review_id!a} 的升级", [("department", each.department)])
    for noun in ("reviews", "escalations"):  # reviews first, as everywhere
        lock(session, workspace, noun)
    there = stored_ids(session, workspace, (each.review_id for each in made))
    wanted = {each.review_id: each for each in made if each.review_id in there}
    for chunk in chunks(sorted(wanted)):
        query = select(_T.c.review_id).where(
            _T.c.workspace_id == workspace, _T.c.review_id.in_(chunk)
        )
        for review_id in session.execute(query).scalars():
            del wanted[review_id]
    insert_rows(session, _T, [_values(workspace, each) for each in wanted.values()])
    return list(wanted.values())


def get(session: Session, workspace: str, review_id: str) -> Escalation | None:
    """Return the escalation of a review."""
    row = session.execute(select(_T).where(_is(workspace, review_id))).one_or_none()
    return None if row is None else _to_escalation(row)


def still_open(session: Session, workspace: str, *, now: datetime) -> list[Escalation]:
    """Return those that were open at `now`, the first due first."""
    query = (
        select(_T)
        .where(_T.c.workspace_id == workspace, open_at(now))
        .order_by(_T.c.due, _T.c.review_id)
    )
    return [_to_escalation(row) for row in session.execute(query)]


def open_at(now: datetime) -> ColumnElement[bool]:
    """Say that the row of `escalations` was there at `now`, and nobody had closed it."""
    return (_T.c.at <= now) & (_T.c.closed_at.is_(None) | (_T.c.closed_at > now))


def close(session: Session, workspace: str, review_id: str, by: Signature) -> Escalation:
    """Write down that a person took care of it, and return it.

    Raises:
        InputError: the name or the note holds what no database can keep.
        NotFoundError: this review was not escalated.
        ConflictError: it was closed before.
    """
    check_storable("升级的处理", [("author", by.author), ("reason", by.reason)])
    lock(session, workspace, "escalations")
    found = get(session, workspace, review_id)
    if found is None:
        raise NotFoundError(f"评论 {review_id} 没有升级；用 sla list --escalated 查看")
    if found.closed_at is not None:
        raise ConflictError(f"评论 {review_id} 的升级已由 {found.closed_by} 处理")
    values = {"closed_by": by.author, "closed_at": by.at, "note": by.reason}
    session.execute(update(_T).where(_is(workspace, review_id)).values(values))
    return Escalation(review_id, found.at, found.due, found.department, by.author, by.at, by.reason)


def _is(workspace: str, review_id: str) -> ColumnElement[bool]:
    return (_T.c.workspace_id == workspace) & (_T.c.review_id == review_id)


def _values(workspace: str, each: Escalation) -> dict[str, Any]:
    return {
        "workspace_id": workspace,
        "review_id": each.review_id,
        "at": each.at,
        "due": each.due,
        "department": each.department,
    }


def _to_escalation(row: Row[Any]) -> Escalation:
    return Escalation(
        review_id=row.review_id,
        at=row.at,
        due=row.due,
        department=row.department,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        note=row.note or "",
    )
