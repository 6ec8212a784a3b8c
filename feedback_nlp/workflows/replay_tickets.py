"""What people did to tickets, done again in another database from what the ledger tells."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Ticket, TicketState
from feedback_nlp.storage import ticket_life, tickets
from feedback_nlp.storage.ledger import Event
from feedback_nlp.tickets.trail import BY_PEOPLE
from feedback_nlp.workflows.change_ticket import FIXABLE

_READ: Final[Mapping[str, Callable[[str], Any]]] = {"due": date.fromisoformat, "target": float}
"""How a field is read from what the ledger shows of it; the others are words."""


def redo(session: Session, workspace: str, events: Iterable[Event]) -> None:
    """Repeat moves, assignments and edits of people; what the system did it will do by itself.

    An event about a ticket that is not here, or that is there already, is passed over.
    """
    ticket_life.begin(session, workspace)
    for event in events:
        detail = dict(event.detail)
        if event.kind not in BY_PEOPLE or detail.get("system"):
            continue
        ticket = tickets.get(session, workspace, event.subject)
        if ticket is None or event in tickets.history(session, workspace, ticket.id):
            continue
        if event.kind == "commented":
            ticket_life.note(session, workspace, [event])
            continue
        changed = _changed(ticket, event.kind, detail)
        ticket_life.change(
            session, workspace, replace(changed, revision=ticket.revision + 1), [event]
        )


def _changed(ticket: Ticket, kind: str, detail: Mapping[str, str]) -> Ticket:
    if kind == "moved":
        return replace(ticket, state=TicketState(detail["to"]))
    name, written = detail["field"], detail["to"]
    fixed = set(ticket.fixed) - {name}
    if name in FIXABLE and "default" not in detail:
        fixed |= {name}
    return replace(ticket, **{name: _value(name, written)}, fixed=tuple(sorted(fixed)))


def _value(name: str, written: str) -> Any:  # noqa: ANN401 (any field of a ticket)
    if name == "owner":
        return written or None
    return _READ[name](written) if name in _READ else written
