"""Improvement tickets: a run drafts them, people decide about them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError
from feedback_nlp.records import Ticket, TicketState
from feedback_nlp.storage import ledger, tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.nested import from_priority, from_quotes, to_priority, to_quotes
from feedback_nlp.tickets.life import SETTLED

_T: Final = tables.tickets
_EVENTS: Final = tables.ticket_events
_SETTLED: Final = [state.value for state in SETTLED]
_CLOSED: Final = (TicketState.VERIFIED, TicketState.REJECTED)
_DRAFTED: Final = (
    "title",
    "problem",
    "evidence",
    "department",
    "lane",
    "resources",
    "acceptance",
    "priority",
    "related",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets are looked for; None is any."""

    state: TicketState | None = None
    owner: str | None = None
    """"" is nobody."""
    department: str | None = None
    lane: str | None = None
    theme_id: str | None = None
    overdue_on: date | None = None
    """Due before this day and not settled."""


def save(session: Session, workspace: str, tickets: Sequence[Ticket], *, now: datetime) -> None:
    """Store drafts. A ticket that exists follows its draft while it is 待评估, and never after.

    It keeps its state, and its due date as long as its lane stays. Tickets not in `tickets` stay
    as they are. Each change is an event; saving the same drafts again writes nothing.

    Raises:
        ConflictError: the id belongs to a ticket about another theme.
    """
    lock(session, workspace, "tickets")
    before = {ticket.id: ticket for ticket in every(session, workspace)}
    after = {draft.id: _merged(before.get(draft.id), draft) for draft in tickets}
    changed = [ticket for key, ticket in sorted(after.items()) if ticket != before.get(key)]
    new = [_values(workspace, ticket) for ticket in changed if ticket.id not in before]
    old = [_values(workspace, ticket) for ticket in changed if ticket.id in before]
    if new:
        session.execute(insert(_T), new)
    if old:
        statement = update(_T).where(
            _T.c.workspace_id == bindparam("in_workspace"), _T.c.id == bindparam("of_id")
        )
        session.execute(
            statement, [row | {"in_workspace": workspace, "of_id": row["id"]} for row in old]
        )
    events = [_event(before.get(ticket.id), ticket, now) for ticket in changed]
    ledger.append(session, _EVENTS, workspace, events, subject="ticket_id")


def every(session: Session, workspace: str, *, state: TicketState | None = None) -> list[Ticket]:
    """Return the tickets in the order of their numbers, of one state or all."""
    query = _all(workspace)
    if state is not None:
        query = query.where(_T.c.state == state.value)
    rows = session.execute(query.order_by(func.length(_T.c.id), _T.c.id))
    return [_to_ticket(row) for row in rows]


def found(session: Session, workspace: str, wanted: Wanted) -> list[Ticket]:
    """Return the tickets that are wanted, the earliest due first, then by number."""
    query = _all(workspace)
    if wanted.state is not None:
        query = query.where(_T.c.state == wanted.state.value)
    for name in ("department", "lane", "theme_id"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(_T.c[name] == value)
    if wanted.owner is not None:
        query = query.where(_T.c.owner == wanted.owner if wanted.owner else _T.c.owner.is_(None))
    if wanted.overdue_on is not None:
        query = query.where(_T.c.due < wanted.overdue_on, _T.c.state.not_in(_SETTLED))
    rows = session.execute(query.order_by(_T.c.due, func.length(_T.c.id), _T.c.id))
    return [_to_ticket(row) for row in rows]


def get(session: Session, workspace: str, ticket_id: str) -> Ticket | None:
    """Return one ticket."""
    row = session.execute(_all(workspace).where(_T.c.id == ticket_id)).one_or_none()
    return _to_ticket(row) if row else None


def open_ones(session: Session, workspace: str) -> dict[str, Ticket]:
    """Map each theme to its newest ticket that is neither 已验证 nor 不予实施."""
    query = _all(workspace).where(_T.c.state.not_in([state.value for state in _CLOSED]))
    rows = session.execute(query.order_by(func.length(_T.c.id), _T.c.id))
    return {row.theme_id: _to_ticket(row) for row in rows}


def settled_themes(session: Session, workspace: str) -> frozenset[str]:
    """Return the themes that have a ticket and none that is open: nothing more is to be done."""
    query = select(_T.c.theme_id).distinct().where(_T.c.workspace_id == workspace)
    return frozenset(session.execute(query).scalars()) - open_ones(session, workspace).keys()


def next_number(session: Session, workspace: str) -> int:
    """Return a number above that of every ticket there ever was.

    Nobody else gets a number in this workspace until the transaction ends.
    """
    lock(session, workspace, "tickets")
    return ledger.next_number(session, _T, workspace)


def history(session: Session, workspace: str, ticket_id: str) -> list[Event]:
    """Return what happened to one ticket (created, updated), first event first."""
    return ledger.history(session, _EVENTS, workspace, subject="ticket_id", of=ticket_id)


def _merged(stored: Ticket | None, draft: Ticket) -> Ticket:
    if stored is None:
        return draft
    if stored.theme_id != draft.theme_id:
        raise ConflictError(
            f"工单 {draft.id} 属于主题 {stored.theme_id}，不能改为主题 {draft.theme_id}"
        )
    if stored.state is not TicketState.TRIAGE:
        return stored
    due = stored.due if stored.lane == draft.lane else draft.due
    drafted = {name: getattr(draft, name) for name in _DRAFTED} | {"due": due}
    return replace(
        stored, **{name: value for name, value in drafted.items() if name not in stored.fixed}
    )


def _event(before: Ticket | None, after: Ticket, now: datetime) -> Event:
    if before is None:
        return Event(after.id, now, "created", (("title", after.title),))
    fields = [name for name in (*_DRAFTED, "due") if getattr(before, name) != getattr(after, name)]
    return Event(after.id, now, "updated", (("fields", " ".join(fields)),))


def _all(workspace: str) -> Select[Any]:
    return select(_T).where(_T.c.workspace_id == workspace)


def _to_ticket(row: Row[Any]) -> Ticket:
    return Ticket(
        id=row.id,
        theme_id=row.theme_id,
        title=row.title,
        problem=row.problem,
        evidence=to_quotes(row.evidence),
        department=row.department,
        lane=row.lane,
        due=row.due,
        resources=row.resources,
        acceptance=row.acceptance,
        state=TicketState(row.state),
        priority=to_priority(row.priority),
        related=tuple(row.related),
        owner=row.owner,
        target=row.target,
        fixed=tuple(row.fixed),
        revision=row.revision,
    )


def _values(workspace: str, ticket: Ticket) -> dict[str, Any]:
    return {
        "workspace_id": workspace,
        "id": ticket.id,
        "theme_id": ticket.theme_id,
        "title": ticket.title,
        "problem": ticket.problem,
        "evidence": from_quotes(ticket.evidence),
        "department": ticket.department,
        "lane": ticket.lane,
        "due": ticket.due,
        "resources": ticket.resources,
        "acceptance": ticket.acceptance,
        "state": ticket.state.value,
        "priority": from_priority(ticket.priority),
        "related": ticket.related,
        "owner": ticket.owner,
        "target": ticket.target,
        "fixed": ticket.fixed,
        "revision": ticket.revision,
    }
