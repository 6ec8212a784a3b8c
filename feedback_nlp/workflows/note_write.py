"""Note in the audit log who has written what; in the transaction of the write, as its last step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import AuditEntry, Caller, Role
from feedback_nlp.storage import audit
from feedback_nlp.workflows.tokens import make_token

COMMAND_LINE: Final = "command line"


@dataclass(frozen=True, slots=True)
class Action:
    """What is done: ids and names of routes, never words of users."""

    name: str
    subject: Mapping[str, str]
    request_id: str | None = None


def note_write(session: Session, caller: Caller, action: Action, *, now: datetime) -> None:
    """Append one entry to the log of the caller's workspace. Needs a write transaction."""
    entry = AuditEntry(
        number=0,
        at=now,
        actor=caller.name,
        role=caller.role,
        credential=caller.credential,
        action=action.name,
        subject=action.subject,
        request_id=action.request_id or make_token().text[:22],
    )
    audit.add(session, caller.workspace, entry)


def operator(workspace: str, name: str) -> Caller:
    """Return who types commands on the server: whoever can do that has the database anyway."""
    return Caller(name, Role.ADMIN, workspace, COMMAND_LINE)
