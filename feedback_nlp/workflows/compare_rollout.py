"""Compare rollouts: users who have a release against those who do not. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import Release, Rollout, Ticket
from feedback_nlp.storage import releases, reviews, runs, tickets
from feedback_nlp.themes.trend import day_of
from feedback_nlp.verification.rollout import compare_sides
from feedback_nlp.workflows.browse import counting_model
from feedback_nlp.workflows.rollout_sides import gather_sides, place_step, read_counted


@dataclass(frozen=True, slots=True)
class Watched:
    """A release of a ticket, and how the ticket's theme does on both sides."""

    ticket: Ticket
    release: Release
    rollout: Rollout


def newest_known_day(session: Session, workspace: str, *, now: datetime) -> date:
    """Return the last day that the themes know: what came after the last plan is in none of them.

    Else a theme would seem to fall silent.
    """
    newest = reviews.time_span(session, workspace)[1]
    run = runs.latest(session, workspace)
    planned = None if run is None else run.as_of
    return min(day_of(each) for each in (newest, planned, now) if each is not None)


def watch_rollouts(
    session: Session, workspace: str, *, model: str, as_of: date
) -> tuple[Watched, ...]:
    """Compare both sides of every partial release that stands and has a group.

    Once everybody has a fix nobody is without it: such tickets are left out. In the order of the
    releases, then of the tickets.
    """
    noted = _standing(releases.every(session, workspace))
    everywhere = {ticket_id for each in noted if each.is_full for ticket_id in each.tickets}
    wanted = [
        (each, ticket_id)
        for each in noted
        for ticket_id in each.tickets
        if ticket_id not in everywhere
    ]
    return _compare(session, workspace, wanted, noted, model=model, as_of=as_of)


def rollouts_of_ticket(
    session: Session, workspace: str, ticket_id: str, *, model: str, as_of: date
) -> tuple[Watched, ...]:
    """Compare both sides of each partial release of one ticket, also once everybody has it.

    Raises:
        NotFoundError: no ticket has this id.
    """
    if tickets.get(session, workspace, ticket_id) is None:
        raise NotFoundError(f"没有编号为 {ticket_id} 的工单")
    noted = _standing(releases.of_ticket(session, workspace, ticket_id))
    wanted = [(each, ticket_id) for each in noted]
    return _compare(session, workspace, wanted, noted, model=model, as_of=as_of)


def rollouts_of_release(
    session: Session, workspace: str, number: int, *, model: str, as_of: date
) -> tuple[Watched, ...]:
    """Compare both sides of one release, for each of its tickets.

    Raises:
        NotFoundError: there is no such release.
        ConflictError: it was withdrawn, or nobody can tell who has it.
    """
    release = releases.get(session, workspace, number)
    if release is None:
        raise NotFoundError(f"没有编号为 {number} 的发布")
    if not release.stands:
        raise ConflictError(f"发布 {number} 已由 {release.withdrawn_by} 撤回，没有可以对照的")
    if release.group is None:
        raise ConflictError(
            f"发布 {number} 没有写明按什么分组，分不出谁有新版；"
            "请撤回后按版本、地区、渠道或客户等级登记"
        )
    noted = _standing(releases.every(session, workspace))
    wanted = [(release, ticket_id) for ticket_id in release.tickets]
    return _compare(session, workspace, wanted, noted, model=model, as_of=as_of)


def _standing(found: Sequence[Release]) -> list[Release]:
    return [each for each in found if each.stands]


def _compare(
    session: Session,
    workspace: str,
    wanted: Sequence[tuple[Release, str]],
    noted: Sequence[Release],
    *,
    model: str,
    as_of: date,
) -> tuple[Watched, ...]:
    named = [
        (release, release.group, ticket_id)
        for release, ticket_id in wanted
        if release.group is not None
    ]
    if not named:
        return ()
    counting = counting_model(session, workspace, model=model)
    counted = read_counted(session, workspace, model=counting)
    known = {ticket.id: ticket for ticket in tickets.every(session, workspace)}
    found = []
    for release, group, ticket_id in named:
        same = [each for each in noted if ticket_id in each.tickets]
        step = place_step(release, group, same, as_of=as_of)
        ticket = known[ticket_id]
        sides = gather_sides(session, workspace, step, ticket, counted, model=counting)
        found.append(Watched(ticket, release, compare_sides(sides)))
    return tuple(found)
