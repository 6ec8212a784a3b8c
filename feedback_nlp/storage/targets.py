"""What metrics should reach. A target is never changed: it is withdrawn and another one set."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import Metric, Target
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.targets

_LARGEST: Final = 2**31 - 1
"""What the column of numbers can hold."""


def add(session: Session, workspace: str, target: Target) -> Target:
    """Store a target and return it with its number; the number it came with does not count.

    Raises:
        InputError: author, reason or value hold what no database can keep.
        ConflictError: there is a target for this metric and period already.
    """
    told = (("author", target.author), ("reason", target.reason), ("value", target.value))
    check_storable("目标", told)
    lock(session, workspace, "targets")
    for other in every(session, workspace):
        if (other.metric, other.first, other.last) == (target.metric, target.first, target.last):
            raise ConflictError(
                f"这个指标在 {target.first} 到 {target.last} 已有目标 {other.number}，"
                f"是 {other.value:g}；要改请先撤回：target withdraw {other.number}"
            )
    return replace(target, number=notes.append(session, _T, workspace, _values(target)))


def withdraw(session: Session, workspace: str, number: int, *, by: str, now: datetime) -> Target:
    """Take a target back and return it; its row stays.

    Raises:
        InputError: `by` holds what no database can keep.
        NotFoundError: there is no such target.
        ConflictError: it was withdrawn before.
    """
    check_storable(f"目标 {number}", (("by", by),))
    lock(session, workspace, "targets")
    row = None
    if 0 < number <= _LARGEST:
        row = session.execute(select(_T).where(_is(workspace, number))).one_or_none()
    if row is None:
        raise NotFoundError(f"没有编号为 {number} 的目标")
    if row.withdrawn_at is not None:
        raise ConflictError(f"目标 {number} 已由 {row.withdrawn_by} 撤回")
    statement = update(_T).where(_is(workspace, number))
    session.execute(statement.values(withdrawn_by=by, withdrawn_at=now))
    return _to_target(row)


def every(session: Session, workspace: str) -> list[Target]:
    """Return the targets that hold, in the order they were set."""
    query = select(_T).where(_T.c.workspace_id == workspace, _T.c.withdrawn_at.is_(None))
    return [_to_target(row) for row in session.execute(query.order_by(_T.c.id))]


def mark(session: Session, workspace: str) -> tuple[int, int]:
    """Return what is cheap to read and differs once a target has been set or withdrawn."""
    query = select(func.count(), func.count(_T.c.withdrawn_at)).where(
        _T.c.workspace_id == workspace
    )
    there, withdrawn = session.execute(query).one()
    return there, withdrawn


def _is(workspace: str, number: int) -> ColumnElement[bool]:
    return (_T.c.workspace_id == workspace) & (_T.c.id == number)


def _values(target: Target) -> dict[str, Any]:
    return {
        "metric": target.metric.value,
        "value": target.value,
        "first": target.first,
        "last": target.last,
        "author": target.author,
        "at": target.at,
        "reason": target.reason,
    }


def _to_target(row: Row[Any]) -> Target:
    return Target(
        number=row.id,
        metric=Metric(row.metric),
        value=row.value,
        first=row.first,
        last=row.last,
        author=row.author,
        at=row.at,
        reason=row.reason,
    )
