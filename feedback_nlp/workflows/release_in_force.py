"""The release of a ticket that counts now: earlier ones are spent. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Outcome, Release, Ticket, TicketState, Verdict
from feedback_nlp.storage import outcomes, tickets
from feedback_nlp.themes.trend import day_of

LIVE: Final = (TicketState.RELEASED, TicketState.VERIFYING, TicketState.VERIFIED)
"""States of a ticket whose fix users have."""
_ENDED: Final = (Verdict.FAILED, Verdict.RELAPSED)


@dataclass(frozen=True, slots=True)
class Told:
    """What was written down about one ticket."""

    releases: Sequence[Release]
    """Those since it was last worked on, in the order they were noted."""
    outcomes: Sequence[Outcome]


def told_about(
    session: Session, workspace: str, live: Iterable[Ticket], noted: Sequence[Release]
) -> dict[str, Told]:
    """Return what was written down about each of these tickets; `noted` are all releases."""
    found: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes.every(session, workspace):
        found[outcome.ticket_id].append(outcome)
    return {
        each.id: Told(_since(session, workspace, each, noted, found[each.id]), found[each.id])
        for each in live
    }


def _since(
    session: Session,
    workspace: str,
    ticket: Ticket,
    noted: Iterable[Release],
    known: Iterable[Outcome],
) -> list[Release]:
    """Return the releases since the ticket was last worked on; earlier ones are spent."""
    spent = max((release_of(each) for each in known if each.verdict in _ENDED), default=0)
    # Moves of the system end the release they are about, and `spent` knows its number.
    worked_on = [
        event.at
        for event in tickets.history(session, workspace, ticket.id)
        if event.kind == "moved"
        and "system" not in (detail := dict(event.detail))
        and detail["to"] not in LIVE
    ]
    return [
        release
        for release in noted
        if ticket.id in release.tickets
        and release.number > spent
        and (not worked_on or release.at >= worked_on[-1])
    ]


def release_of(outcome: Outcome) -> int:
    """Return the number of the release that an outcome is about; 0 when it does not say."""
    return int(dict(outcome.detail).get("release", 0))


def release_in_force(ticket: Ticket, told: Told, as_of: date | None) -> Release | str:
    """Return the release that counts, or why there is none."""
    if ticket.state is TicketState.VERIFIED:
        worked = worked_of(told)
        if worked is None:
            return "是人移到已验证的，没有验证过的水平，看不了复发"
        return next(each for each in told.releases if each.number == release_of(worked))
    standing = [each for each in told.releases if each.stands]
    full = [each for each in standing if each.is_full]
    if not standing:
        return "没有登记发布，无从验证；请执行 release add"
    if not full:
        return "只有部分放量，全量发布登记以后才验证"
    first = min(full, key=lambda each: (each.released_at, each.number))
    if as_of is not None and as_of <= day_of(first.released_at):
        return f"发布之后还没有数据，数据到 {as_of.isoformat()}"
    return first


def worked_of(told: Told) -> Outcome | None:
    """Return the 有效 of a release since the ticket was last worked on."""
    mine = {each.number for each in told.releases}
    found = [each for each in told.outcomes if each.verdict is Verdict.WORKED]
    return next((each for each in reversed(found) if release_of(each) in mine), None)


def last_day(worked: Outcome) -> date:
    """Return the last day of the look that found 有效; what comes later is watched."""
    return date.fromisoformat(dict(worked.detail)["last"])
