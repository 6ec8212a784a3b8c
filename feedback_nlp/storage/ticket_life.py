"""What people and the life cycle do to tickets: the change itself and its events."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError
from feedback_nlp.records import Ticket
from feedback_nlp.storage import ledger, tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.tickets
_EVENTS: Final = tables.ticket_events
_LOCKED: Final = ("reviews", "themes", "tickets")


def begin(session: Session, workspace: str) -> None:
    """Keep other writers of tickets out, plans included, before anything is read."""
    for noun in _LOCKED:
        lock(session, workspace, noun)


def change(session: Session, workspace: str, ticket: Ticket, events: Sequence[Event]) -> None:
    """Store what people set about a ticket that exists, and the events that tell of it.

    Its revision must be one above the stored one. Call `begin` first, then read, then this.

    Raises:
        ConflictError: somebody changed the ticket since it was read.
        InputError: a text or a number that no database can keep.
    """
    values = {
        "title": ticket.title,
        "department": ticket.department,
        "due": ticket.due,
        "state": ticket.state.value,
        "owner": ticket.owner,
        "target": ticket.target,
        "fixed": ticket.fixed,
        "revision": ticket.revision,
    }
    check_storable(f"工单 {ticket.id}", values.items())
    statement = (
        update(_T)
        .where(
            _T.c.workspace_id == workspace,
            _T.c.id == ticket.id,
            _T.c.revision == ticket.revision - 1,
        )
        .values(values)
        .returning(_T.c.id)
    )
    if session.execute(statement).one_or_none() is None:
        raise ConflictError(f"工单 {ticket.id} 刚被别人改过，什么也没有写入；请重新查看后再改")
    note(session, workspace, events)


def told(session: Session, workspace: str, kinds: Iterable[str]) -> list[Event]:
    """Return what happened to all tickets, events of some kinds only, first one first."""
    query = select(_EVENTS).where(_EVENTS.c.workspace_id == workspace, _EVENTS.c.kind.in_(kinds))
    return [
        Event(row.ticket_id, row.at, row.kind, tuple(row.detail.items()))
        for row in session.execute(query.order_by(_EVENTS.c.id))
    ]


def note(session: Session, workspace: str, events: Sequence[Event]) -> None:
    """Append events about tickets that exist. Call `begin` first.

    Raises:
        InputError: a text that no database can keep.
    """
    for event in events:
        check_storable(f"工单 {event.subject} 的记录", event.detail)
    ledger.append(session, _EVENTS, workspace, events, subject="ticket_id")
