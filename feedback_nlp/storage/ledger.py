"""Append-only events about themes and tickets, and the numbers in their permanent ids."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

_NUMBER: Final = re.compile(r"[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a theme or a ticket."""

    subject: str
    """Id of the theme or ticket."""
    at: datetime
    kind: str
    detail: tuple[tuple[str, str], ...] = ()


def append(
    session: Session, table: Table, workspace: str, events: Sequence[Event], *, subject: str
) -> list[int]:
    """Write events behind the existing ones and return their numbers.

    `subject` names the column of the theme or ticket.
    """
    if not events:
        return []
    query = select(func.max(table.c.id)).where(table.c.workspace_id == workspace)
    last = session.execute(query).scalar_one() or 0
    rows: list[dict[str, Any]] = [
        {
            "workspace_id": workspace,
            "id": number,
            subject: event.subject,
            "at": event.at,
            "kind": event.kind,
            "detail": dict(event.detail),
        }
        for number, event in enumerate(events, last + 1)
    ]
    session.execute(insert(table), rows)
    return [row["id"] for row in rows]


def history(
    session: Session, table: Table, workspace: str, *, subject: str, of: str
) -> list[Event]:
    """Return the events of one theme or ticket, first one first."""
    query = (
        select(table)
        .where(table.c.workspace_id == workspace, table.c[subject] == of)
        .order_by(table.c.id)
    )
    return [
        Event(of, row.at, row.kind, tuple(row.detail.items())) for row in session.execute(query)
    ]


def next_number(session: Session, table: Table, workspace: str) -> int:
    """Return a number above that of every id in `table`, which never loses a row."""
    ids = session.execute(select(table.c.id).where(table.c.workspace_id == workspace)).scalars()
    return 1 + max((int(found[0]) for key in ids if (found := _NUMBER.search(key))), default=0)
