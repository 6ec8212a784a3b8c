"""Browse releases and what verification found about them. Every function reads only."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import Release, Ticket, Verification
from feedback_nlp.storage import releases, tickets, verifications
from feedback_nlp.workflows.browse import Page


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """A part of the releases, withdrawn ones too, last noted first, and how many there are."""

    releases: tuple[Release, ...]
    total: int


@dataclass(frozen=True, slots=True)
class VerificationPage:
    """What is known about the fix of a ticket; `history` is a part, newest day first."""

    ticket: Ticket
    latest: Verification | None
    history: tuple[Verification, ...]
    total: int


def list_releases(
    session: Session, workspace: str, page: Page, *, ticket_id: str | None = None
) -> ReleasePage:
    """Return a page of the releases, of one ticket or all.

    Raises:
        NotFoundError: no ticket has this id.
    """
    if ticket_id is None:
        found = releases.every(session, workspace)
    else:
        _ticket(session, workspace, ticket_id)
        found = releases.of_ticket(session, workspace, ticket_id)
    return ReleasePage(tuple(found[::-1][page.part]), len(found))


def find_verifications(
    session: Session, workspace: str, ticket_id: str, page: Page
) -> VerificationPage:
    """Return what was found about one ticket; raises NotFoundError."""
    ticket = _ticket(session, workspace, ticket_id)
    found = verifications.history(session, workspace, ticket_id)[::-1]
    return VerificationPage(
        ticket, found[0] if found else None, tuple(found[page.part]), len(found)
    )


def _ticket(session: Session, workspace: str, ticket_id: str) -> Ticket:
    ticket = tickets.get(session, workspace, ticket_id)
    if ticket is None:
        raise NotFoundError(f"没有编号为 {ticket_id} 的工单")
    return ticket
