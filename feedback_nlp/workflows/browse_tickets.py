"""Browse tickets: lists, one with all that is known of it, the week. Every function reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError, NotFoundError
from feedback_nlp.records import EffortNote, Release, Theme, Ticket, Verdict
from feedback_nlp.storage import (
    efforts,
    outcomes,
    releases,
    themes,
    ticket_life,
    tickets,
    verifications,
)
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.tickets import Wanted
from feedback_nlp.themes.trend import day_of
from feedback_nlp.tickets.progress import Change, Progress, week_progress
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.change_ticket import EARLIEST, LATEST

ANY_TICKET: Final = Wanted()
_TOLD: Final = ("created", "moved", "edited", "commented")
Finding = tuple[Verdict, date]
"""What verification says, and the day of the data it looked at."""


class TicketOrder(StrEnum):
    """What a list of tickets begins with."""

    RICE = "rice"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A part of the tickets, and how many there are."""

    tickets: tuple[Ticket, ...]
    total: int


@dataclass(frozen=True, slots=True)
class TicketFile:
    """One ticket and everything that is known of it."""

    ticket: Ticket
    theme: Theme
    trail: tuple[Event, ...]
    """What happened to it, comments included, first event first."""
    actual: EffortNote | None
    """What it took, as somebody wrote down last."""
    finding: Finding | None
    releases: tuple[Release, ...]
    """Withdrawn ones too, in the order they were noted."""


def list_tickets(
    session: Session,
    workspace: str,
    page: Page,
    *,
    wanted: Wanted = ANY_TICKET,
    order: TicketOrder = TicketOrder.DUE,
) -> TicketPage:
    """Return a page of the tickets that are wanted."""
    found = tickets.found(session, workspace, wanted)
    if order is TicketOrder.RICE:
        found.sort(key=_best_first)
    return TicketPage(tuple(found[page.part]), len(found))


def find_ticket(session: Session, workspace: str, ticket_id: str) -> TicketFile:
    """Return one ticket with all that is known of it; raises NotFoundError."""
    ticket = tickets.get(session, workspace, ticket_id)
    theme = None if ticket is None else themes.get(session, workspace, ticket.theme_id)
    if ticket is None or theme is None:
        raise NotFoundError(f"没有编号为 {ticket_id} 的工单")
    took = efforts.actuals(session, workspace)
    return TicketFile(
        ticket,
        theme,
        tuple(tickets.history(session, workspace, ticket_id)),
        next((note for note in took if note.ticket_id == ticket_id), None),
        _findings(session, workspace).get(ticket_id),
        tuple(releases.of_ticket(session, workspace, ticket_id)),
    )


def progress(session: Session, workspace: str, *, week: date) -> Progress:
    """Return the week in which the day `week` falls, by department.

    Raises:
        InputError: no ticket could be due then.
    """
    if not EARLIEST <= week <= LATEST:
        raise InputError(f"week：日期要在 {EARLIEST} 到 {LATEST} 之间，不能是 {week}")
    changes = [
        Change(event.subject, event.at, event.kind, dict(event.detail))
        for event in ticket_life.told(session, workspace, _TOLD)
    ]
    every = tickets.every(session, workspace)
    return week_progress(every, changes, _findings(session, workspace), week=week)


def _findings(session: Session, workspace: str) -> Mapping[str, Finding]:
    """Map tickets to what was found last; what is looked at daily is newer than an outcome."""
    told = {
        each.ticket_id: (each.verdict, day_of(each.at))
        for each in outcomes.every(session, workspace)
    }
    looked = verifications.latest(session, workspace)
    return told | {key: (each.verdict, each.as_of) for key, each in looked.items()}


def _best_first(ticket: Ticket) -> tuple[float, int, str]:
    return -ticket.priority.score, len(ticket.id), ticket.id
