"""Browse replies: whom to tell that a ticket's problem is fixed, and drafts. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import (
    Purpose,
    Release,
    Sent,
    Taxonomy,
    TemplateKind,
    Theme,
    ThemeState,
    Ticket,
    TicketState,
    Verdict,
    user_of,
)
from feedback_nlp.replies.audience import Addressee, Audience, Heard, Known, audience
from feedback_nlp.replies.callbacks import tally
from feedback_nlp.replies.drafts import Draft, Style, draft
from feedback_nlp.replies.problems import public_name
from feedback_nlp.replies.render import Facts
from feedback_nlp.replies.templates import Template, read
from feedback_nlp.storage import (
    audiences,
    customers,
    opt_outs,
    outcomes,
    policies,
    releases,
    reply_templates,
    sends,
    themes,
    tickets,
)
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.browse import Page, counting_model
from feedback_nlp.workflows.release_in_force import LIVE, release_of, told_about, worked_of

_EARLY: Final = (TicketState.RELEASED, TicketState.VERIFYING)


class Footing(StrEnum):
    """What the news that a problem is fixed rests on."""

    VERDICT = "verdict"
    """Verification found that the release worked."""
    PERSON = "person"
    """A person said so."""
    EARLY = "early"
    """Released, and not verified: users may only be told of a new version."""


@dataclass(frozen=True, slots=True)
class ToTell:
    """A part of the users to tell, and how many there are."""

    ticket: Ticket
    footing: Footing
    release: Release | None
    """The one that brought the fix; None when nobody wrote one down."""
    users: tuple[Addressee, ...]
    total: int
    audience: Audience
    """All of them, and why others are left out."""
    unsolved: tuple[Sent, ...]
    """Calls in which users said that the problem is still there."""


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A part of the drafts, in the order of the users, and how many there are."""

    to_tell: ToTell
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything about the users of a ticket; what is listed, drafted and noted is made of it."""

    ticket: Ticket
    theme: Theme
    footing: Footing
    release: Release | None
    heard: Sequence[Heard]
    audience: Audience
    sent: Sequence[Sent]
    """What was sent about the ticket, first one first."""


def to_tell(
    session: Session,
    workspace: str,
    ticket_id: str,
    page: Page,
    *,
    model: str,
    early: bool = False,
) -> ToTell:
    """Return a page of the users to tell about a ticket: by tier, severity, newest review.

    Raises:
        NotFoundError: no ticket has this id.
        ConflictError: it is not verified, or it is not even released where `early` is asked for.
    """
    return _page(list_users(session, workspace, ticket_id, model=model, early=early), page)


def draft_replies(  # noqa: PLR0913 (what a draft depends on)
    session: Session,
    workspace: str,
    ticket_id: str,
    page: Page,
    *,
    taxonomy: Taxonomy,
    model: str,
    early: bool = False,
    style: Style | None = None,
) -> DraftPage:
    """Return the drafts for a page of the users; `style` writes to all of them in one way.

    Raises:
        NotFoundError: no ticket has this id.
        ConflictError: as `to_tell`.
        InputError: a stored wording cannot be used.
    """
    listing = list_users(session, workspace, ticket_id, model=model, early=early)
    shown = _page(listing, page)
    found = write_drafts(session, workspace, listing, shown.users, taxonomy=taxonomy, style=style)
    return DraftPage(shown, found)


def list_users(
    session: Session, workspace: str, ticket_id: str, *, model: str, early: bool = False
) -> Listing:
    """Gather who is told about a ticket; raises as `to_tell`."""
    ticket = ticket_of(session, workspace, ticket_id)
    footing = _footing(session, workspace, ticket, early=early)
    theme = _theme(session, workspace, ticket)
    release = fixing_release(session, workspace, ticket)
    model = counting_model(session, workspace, model=model)
    heard = audiences.heard_in(session, workspace, theme.id, model=model)
    sent = sends.of_ticket(session, workspace, ticket_id)
    told = _told_of_this_fix(session, workspace, ticket_id, sent)
    authors = {each.review.author_id for each in heard if each.review.author_id is not None}
    known = Known(
        opted_out=opt_outs.active(session, workspace),
        told={user_of(each.author_id, each.review_id) for each in told},
        tiers=customers.tiers(session, workspace, authors),
        weights=dict(policies.current(session, workspace).tiers),
        released_at=release.released_at if release and release.is_full else None,
        version=release.version if release else None,
    )
    return Listing(ticket, theme, footing, release, heard, audience(heard, known), sent)


def ticket_of(session: Session, workspace: str, ticket_id: str) -> Ticket:
    """Return one ticket; raises NotFoundError."""
    ticket = tickets.get(session, workspace, ticket_id)
    if ticket is None:
        raise NotFoundError(f"没有编号为 {ticket_id} 的工单")
    return ticket


def write_drafts(
    session: Session,
    workspace: str,
    listing: Listing,
    users: Sequence[Addressee],
    *,
    taxonomy: Taxonomy,
    style: Style | None = None,
) -> tuple[Draft, ...]:
    """Draft a message to each of these users; raises InputError for a wording that is broken."""
    templates = stored_templates(session, workspace)
    facts = facts_of(listing.ticket.id, listing.release)
    fallback = name_of(listing.theme, listing.heard, taxonomy)
    early = listing.footing is Footing.EARLY
    return tuple(
        draft(to, facts, templates, fallback=fallback, early=early, style=style) for to in users
    )


def stored_templates(session: Session, workspace: str) -> dict[TemplateKind, Template]:
    """Return the wordings that people set, read anew."""
    found = reply_templates.current(session, workspace)
    return {kind: read(kind, each.text) for kind, each in found.items() if each.text}


def facts_of(ticket_id: str, release: Release | None) -> Facts:
    """Return what messages about a ticket can say."""
    if release is None:
        return Facts(ticket_id)
    return Facts(ticket_id, version=release.version, day=day_of(release.released_at))


def name_of(theme: Theme, heard: Sequence[Heard], taxonomy: Taxonomy) -> str:
    """Return what everybody may be told that a theme is about."""
    topic = next((each.name for each in taxonomy.topics if each.code == theme.topic), "")
    said: dict[str, list[str]] = {}
    for each in heard:
        said.setdefault(each.user, []).append(each.review.text)
    return public_name(topic or "您反馈的问题", theme.name, said, by_hand=theme.named_by_hand)


def fixing_release(session: Session, workspace: str, ticket: Ticket) -> Release | None:
    """Return the release that brought the fix; those of earlier fixes are spent.

    It is the one that was found to work, else the first to everybody, else the latest of some.
    """
    noted = releases.of_ticket(session, workspace, ticket.id)
    told = told_about(session, workspace, [ticket], noted)[ticket.id]
    standing = [each for each in told.releases if each.stands]
    worked = worked_of(told)
    proven = 0 if worked is None else release_of(worked)
    if found := [each for each in standing if each.number == proven]:
        return found[0]
    standing.sort(key=lambda each: (each.released_at, each.number))
    full = [each for each in standing if each.is_full]
    return next(iter(full or standing[::-1]), None)


def _page(listing: Listing, page: Page) -> ToTell:
    every = listing.audience.addressees
    return ToTell(
        ticket=listing.ticket,
        footing=listing.footing,
        release=listing.release,
        users=every[page.part],
        total=len(every),
        audience=listing.audience,
        unsolved=tally(listing.sent).unsolved,
    )


def _told_of_this_fix(
    session: Session, workspace: str, ticket_id: str, sent: Sequence[Sent]
) -> list[Sent]:
    """Return those messages that speak of the present fix: sent since work on it was resumed."""
    resumed = [
        event.at
        for event in tickets.history(session, workspace, ticket_id)
        if event.kind == "moved" and dict(event.detail)["to"] not in LIVE
    ]
    told = [each for each in sent if each.purpose is Purpose.TOLD]
    return [each for each in told if not resumed or each.at > resumed[-1]]


def _footing(session: Session, workspace: str, ticket: Ticket, *, early: bool) -> Footing:
    if ticket.state is TicketState.VERIFIED:
        found = [each for each in outcomes.every(session, workspace) if each.ticket_id == ticket.id]
        if found and found[-1].verdict is Verdict.WORKED:
            return Footing.VERDICT
        return Footing.VERDICT if _system_verified(session, workspace, ticket) else Footing.PERSON
    if ticket.state not in _EARLY:
        raise ConflictError(
            f"工单 {ticket.id} 现在是“{ticket.state}”，还不能通知用户；要等发布并验证有效"
        )
    if not early:
        raise ConflictError(
            f"工单 {ticket.id} 现在是“{ticket.state}”：还没有验证有效，先不要通知用户；"
            "要先告诉用户有新版本，请写明 early，文案只说已发布新版本"
        )
    return Footing.EARLY


def _system_verified(session: Session, workspace: str, ticket: Ticket) -> bool:
    details = [dict(event.detail) for event in tickets.history(session, workspace, ticket.id)]
    moved = [each for each in details if each.get("to") == TicketState.VERIFIED]
    return bool(moved) and "system" in moved[-1]


def _theme(session: Session, workspace: str, ticket: Ticket) -> Theme:
    theme = themes.get(session, workspace, ticket.theme_id)
    if theme is None:
        raise NotFoundError(f"没有编号为 {ticket.theme_id} 的主题")
    if theme.state is ThemeState.MERGED:
        raise ConflictError(
            f"工单 {ticket.id} 的主题 {theme.id} 已并入 {theme.merged_into}，"
            f"说过的话都算在那里；请用主题 {theme.merged_into} 的工单通知用户"
        )
    return theme
