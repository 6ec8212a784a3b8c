"""The audit log: rows are only added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from feedback_nlp.records import AuditEntry, Role
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.storable import storable

_T: Final = tables.audit_log


@dataclass(frozen=True, slots=True)
class Sought:
    """Which entries; None: all."""

    actor: str | None = None
    action: str | None = None
    since: datetime | None = None


def add(session: Session, workspace: str, entry: AuditEntry) -> int:
    """Append an entry and return its number; the number it came with does not count.

    What no database can keep is written as escapes: an entry is never a reason to fail. Let it
    be the last statement of a transaction: all writers of a workspace queue here.
    """
    row = {
        "at": entry.at,
        "actor": storable(entry.actor),
        "role": entry.role.value,
        "credential": entry.credential,
        "action": storable(entry.action),
        "subject": {name: storable(value) for name, value in entry.subject.items()},
        "request_id": storable(entry.request_id),
    }
    return notes.append(session, _T, workspace, row)


def every(session: Session, workspace: str, sought: Sought, part: Part) -> list[AuditEntry]:
    """Return a part of the entries sought, newest first; its key is their number."""
    query = select(_T).where(_T.c.workspace_id == workspace)
    if sought.actor is not None:
        query = query.where(_T.c.actor == sought.actor)
    if sought.action is not None:
        query = query.where(_T.c.action == sought.action)
    if sought.since is not None:
        query = query.where(_T.c.at >= sought.since)
    return [_to_entry(row) for row in rows_of(session, query, (_T.c.id,), part, newest_first=True)]


def _to_entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        number=row.id,
        at=row.at,
        actor=row.actor,
        role=Role(row.role),
        credential=row.credential,
        action=row.action,
        subject=row.subject,
        request_id=row.request_id,
    )
