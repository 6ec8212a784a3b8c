"""Tickets, their trail and their week -> schemas."""

from typing import Final

from api.schemas.tickets import (
    DepartmentWeekOut,
    DoneOut,
    GivenReasonOut,
    PlannedOut,
    ProgressOut,
    TicketEventOut,
    TicketFileOut,
    TicketOut,
    TicketsOut,
    UnfinishedOut,
)
from feedback_nlp.records import CHINA, Ticket
from feedback_nlp.reports.json_files import priority_dict
from feedback_nlp.storage.ledger import Event
from feedback_nlp.tickets.life import allowed
from feedback_nlp.tickets.progress import DepartmentWeek, Done, Planned, Progress, Said, Unfinished
from feedback_nlp.tickets.trail import told
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_tickets import TicketFile, TicketPage

_SIGNED: Final = ("author", "reason")


def ticket_out(ticket: Ticket) -> TicketOut:
    """Show one ticket."""
    return TicketOut.model_validate(
        {
            "id": ticket.id,
            "theme": ticket.theme_id,
            "title": ticket.title,
            "problem": ticket.problem,
            "evidence": [
                {"review_id": quote.review_id, "text": quote.text} for quote in ticket.evidence
            ],
            "department": ticket.department,
            "lane": ticket.lane,
            "due": ticket.due,
            "resources": ticket.resources,
            "acceptance": ticket.acceptance,
            "state": ticket.state,
            "priority": priority_dict(ticket.priority),
            "related": list(ticket.related),
            "owner": ticket.owner,
            "target": ticket.target,
            "fixed": list(ticket.fixed),
            "revision": ticket.revision,
        }
    )


def tickets_out(found: TicketPage, page: Page) -> TicketsOut:
    """Show a page of tickets."""
    return TicketsOut(
        tickets=[ticket_out(ticket) for ticket in found.tickets],
        total=found.total,
        limit=page.limit,
        offset=page.offset,
    )


def file_out(found: TicketFile) -> TicketFileOut:
    """Show one ticket and all that is known of it."""
    verdict, day = found.finding or (None, None)
    return TicketFileOut(
        **ticket_out(found.ticket).model_dump(),
        theme_name=found.theme.name,
        moves=list(allowed(found.ticket.state)),
        history=[event_out(event) for event in found.trail],
        actual_weeks=None if found.actual is None else found.actual.weeks,
        verdict=verdict,
        verdict_day=day,
        releases=[release.number for release in found.releases if release.stands],
    )


def event_out(event: Event) -> TicketEventOut:
    """Show one thing that happened."""
    detail = dict(event.detail)
    return TicketEventOut(
        at=event.at.astimezone(CHINA),
        kind=event.kind,
        author=detail.get("author"),
        reason=detail.get("reason", ""),
        told=told(event.kind, detail),
        detail={name: value for name, value in detail.items() if name not in _SIGNED},
    )


def progress_out(found: Progress) -> ProgressOut:
    """Show a week."""
    return ProgressOut(week=found.week, departments=[_department(one) for one in found.departments])


def _department(week: DepartmentWeek) -> DepartmentWeekOut:
    return DepartmentWeekOut(
        department=week.department,
        done=[_done(each) for each in week.done],
        unfinished=[_unfinished(each) for each in week.unfinished],
        planned=[_planned(each) for each in week.planned],
    )


def _done(done: Done) -> DoneOut:
    return DoneOut(
        ticket=done.ticket.id,
        title=done.ticket.title,
        to=done.to,
        at=done.at.astimezone(CHINA),
        author=done.author,
        verdict=done.verdict,
        cured=done.cured,
    )


def _unfinished(late: Unfinished) -> UnfinishedOut:
    return UnfinishedOut(
        ticket=late.ticket.id,
        title=late.ticket.title,
        owner=late.ticket.owner,
        state=late.state,
        due=late.due,
        postponed_from=late.postponed_from,
        reason=None if late.reason is None else _reason(late.reason),
    )


def _reason(said: Said) -> GivenReasonOut:
    return GivenReasonOut(at=said.at.astimezone(CHINA), author=said.author, text=said.text)


def _planned(planned: Planned) -> PlannedOut:
    return PlannedOut(
        ticket=planned.ticket.id,
        title=planned.ticket.title,
        owner=planned.ticket.owner,
        state=planned.state,
        due=planned.due,
    )
