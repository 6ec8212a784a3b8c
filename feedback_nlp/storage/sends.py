"""What users were sent, and what they said when they were called: rows are only added."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Answered, Purpose, Sent
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.bulk import insert_rows
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.sends
_STRINGS: Final = ("channel", "text", "author", "reason")


def add(session: Session, workspace: str, sends: Sequence[Sent]) -> list[Sent]:
    """Append messages and return them with their numbers; those they came with do not count.

    Their reviews and tickets must be stored.

    Raises:
        InputError: a string that no database can keep.
    """
    for each in sends:
        told = [(name, getattr(each, name)) for name in _STRINGS]
        check_storable(f"评论 {each.review_id} 的消息", told)
    lock(session, workspace, "sends")
    first = notes.newest(session, _T, workspace) + 1
    numbered = [replace(each, number=number) for number, each in enumerate(sends, first)]
    insert_rows(session, _T, [_values(workspace, each) for each in numbered])
    return numbered


def of_ticket(session: Session, workspace: str, ticket_id: str) -> list[Sent]:
    """Return what was sent about one ticket, first one first."""
    return _read(session, workspace, _T.c.ticket_id == ticket_id)


def of_review(session: Session, workspace: str, review_id: str) -> list[Sent]:
    """Return what was sent in answer to one review, first one first."""
    return _read(session, workspace, _T.c.review_id == review_id)


def of_author(session: Session, workspace: str, author_id: str) -> list[Sent]:
    """Return what was sent to one author, first one first."""
    return _read(session, workspace, _T.c.author_id == author_id)


def of_purposes(session: Session, workspace: str, purposes: Collection[Purpose]) -> list[Sent]:
    """Return everything that was sent for one of these purposes, first one first."""
    return _read(session, workspace, _T.c.purpose.in_(sorted(purposes)))


def every(
    session: Session,
    workspace: str,
    *,
    limit: int,
    offset: int = 0,
    ticket_id: str | None = None,
) -> list[Sent]:
    """Return a part of what was sent, about one ticket or all, newest first."""
    query = select(_T).where(*_mine(workspace, ticket_id)).order_by(_T.c.id.desc())
    return [_to_sent(row) for row in session.execute(query.limit(limit).offset(offset))]


def count(session: Session, workspace: str, *, ticket_id: str | None = None) -> int:
    """Count what was sent, about one ticket or all."""
    query = select(func.count()).select_from(_T).where(*_mine(workspace, ticket_id))
    return session.execute(query).scalar_one()


def mark(session: Session, workspace: str) -> int:
    """Return what is cheap to read and differs once something was sent."""
    return notes.newest(session, _T, workspace)


def _mine(workspace: str, ticket_id: str | None) -> list[ColumnElement[bool]]:
    mine = [_T.c.workspace_id == workspace]
    return mine if ticket_id is None else [*mine, _T.c.ticket_id == ticket_id]


def _read(session: Session, workspace: str, where: ColumnElement[bool]) -> list[Sent]:
    query = select(_T).where(_T.c.workspace_id == workspace, where).order_by(_T.c.id)
    return [_to_sent(row) for row in session.execute(query)]


def _values(workspace: str, sent: Sent) -> dict[str, Any]:
    values = asdict(sent)
    number = values.pop("number")
    purpose = sent.purpose.value
    result = None if sent.result is None else sent.result.value
    return values | {
        "workspace_id": workspace,
        "id": number,
        "purpose": purpose,
        "result": result,
    }


def _to_sent(row: Row[Any]) -> Sent:
    return Sent(
        number=row.id,
        purpose=Purpose(row.purpose),
        review_id=row.review_id,
        channel=row.channel,
        text=row.text,
        author=row.author,
        at=row.at,
        ticket_id=row.ticket_id,
        author_id=row.author_id,
        result=None if row.result is None else Answered(row.result),
        reason=row.reason,
        noted_at=row.noted_at,
    )
