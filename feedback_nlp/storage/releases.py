"""From when users could have fixes. A release is never changed: it is withdrawn, and noted anew."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import Group, Release
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.releases
_OF: Final = tables.release_tickets

_LARGEST: Final = 2**31 - 1
"""What the column of numbers can hold."""


def add(session: Session, workspace: str, release: Release) -> Release:
    """Store a release and return it with its number; the number it came with does not count.

    Its tickets must be stored.

    Raises:
        InputError: a string or a number that no database can keep.
        ConflictError: the same release was noted before and stands; the message names it.
    """
    names = ("author", "reason", "version", "value", "share")
    check_storable("发布", [(name, getattr(release, name)) for name in names])
    lock(session, workspace, "releases")
    for other in every(session, workspace):
        if other.stands and _content(other) == _content(release):
            raise ConflictError(
                f"这次发布已经登记过，编号 {other.number}，{other.author} 记的；"
                f"要改请先撤回：release withdraw {other.number}"
            )
    number = notes.append(session, _T, workspace, _values(release))
    rows = [
        {"workspace_id": workspace, "release_id": number, "ticket_id": ticket_id}
        for ticket_id in release.tickets
    ]
    session.execute(insert(_OF), rows)
    return replace(release, number=number)


def withdraw(session: Session, workspace: str, number: int, *, by: str, now: datetime) -> Release:
    """Say that a release was rolled back and return it; its row stays.

    Raises:
        InputError: `by` holds what no database can keep.
        NotFoundError: there is no such release.
        ConflictError: it was withdrawn before.
    """
    check_storable(f"发布 {number}", (("by", by),))
    lock(session, workspace, "releases")
    release = get(session, workspace, number)
    if release is None:
        raise NotFoundError(f"没有编号为 {number} 的发布")
    if not release.stands:
        raise ConflictError(f"发布 {number} 已由 {release.withdrawn_by} 撤回")
    statement = update(_T).where(_is(workspace, number))
    session.execute(statement.values(withdrawn_by=by, withdrawn_at=now))
    return replace(release, withdrawn_by=by, withdrawn_at=now)


def get(session: Session, workspace: str, number: int) -> Release | None:
    """Return one release, withdrawn or not."""
    if not 0 < number <= _LARGEST:
        return None
    found = _read(session, workspace, _T.c.id == number)
    return found[0] if found else None


def every(session: Session, workspace: str) -> list[Release]:
    """Return all releases, withdrawn ones too, in the order they were noted."""
    return _read(session, workspace)


def of_ticket(session: Session, workspace: str, ticket_id: str) -> list[Release]:
    """Return the releases of one ticket, withdrawn ones too, in the order they were noted."""
    mine = select(_OF.c.release_id).where(
        _OF.c.workspace_id == workspace, _OF.c.ticket_id == ticket_id
    )
    return _read(session, workspace, _T.c.id.in_(mine))


def mark(session: Session, workspace: str) -> tuple[int, int]:
    """Return what is cheap to read and differs once a release has been noted or withdrawn."""
    query = select(func.count(), func.count(_T.c.withdrawn_at)).where(
        _T.c.workspace_id == workspace
    )
    there, withdrawn = session.execute(query).one()
    return there, withdrawn


def _read(session: Session, workspace: str, *where: ColumnElement[bool]) -> list[Release]:
    mine = (_T.c.workspace_id == workspace, *where)
    rows = session.execute(select(_T).where(*mine).order_by(_T.c.id)).all()
    numbers = select(_T.c.id).where(*mine)
    held = select(_OF.c.release_id, _OF.c.ticket_id).where(
        _OF.c.workspace_id == workspace, _OF.c.release_id.in_(numbers)
    )
    tickets = _by_release(
        session.execute(held.order_by(func.length(_OF.c.ticket_id), _OF.c.ticket_id))
    )
    return [_to_release(row, tickets[row.id]) for row in rows]


def _by_release(rows: Iterable[Row[Any]]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.release_id].append(row.ticket_id)
    return found


def _is(workspace: str, number: int) -> ColumnElement[bool]:
    return (_T.c.workspace_id == workspace) & (_T.c.id == number)


def _content(release: Release) -> tuple[object, ...]:
    return (
        frozenset(release.tickets),
        release.released_at,
        release.version,
        release.share,
        release.group,
        release.value,
    )


def _values(release: Release) -> dict[str, Any]:
    return {
        "released_at": release.released_at,
        "version": release.version,
        "share": release.share,
        "dimension": None if release.group is None else release.group.value,
        "value": release.value,
        "author": release.author,
        "at": release.at,
        "reason": release.reason,
    }


def _to_release(row: Row[Any], tickets: Iterable[str]) -> Release:
    return Release(
        number=row.id,
        tickets=tuple(tickets),
        released_at=row.released_at,
        author=row.author,
        at=row.at,
        version=row.version,
        share=row.share,
        group=None if row.dimension is None else Group(row.dimension),
        value=row.value,
        reason=row.reason,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
    )
