"""Themes and what is known about them -> priorities, tickets for the best, and their schedule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Final

from feedback_nlp import names
from feedback_nlp.lanes.schedule import Job, schedule
from feedback_nlp.priority.effort import LEAST_WEEKS
from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.priority.order import compare_orders, ranked
from feedback_nlp.priority.rice import prioritise
from feedback_nlp.records import (
    Lane,
    OrderChange,
    Priority,
    Proposal,
    Schedule,
    Slot,
    Taxonomy,
    Theme,
    Ticket,
    TicketState,
    Voice,
)
from feedback_nlp.tickets.draft import draft, is_severe
from feedback_nlp.tickets.relate import related

COMMITTED: Final = (TicketState.SCHEDULED, TicketState.IN_PROGRESS)
"""Somebody has said that it will be done."""
WAITING_FOR_WORK: Final = (*COMMITTED, TicketState.TRIAGE, TicketState.RELAPSED)
"""Only these need a place in a lane."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Every theme's priority, best first, tickets for the best of them, and when they are done."""

    priorities: tuple[Priority, ...]
    tickets: tuple[Ticket, ...]
    schedule: Schedule = field(default_factory=Schedule)
    change: OrderChange | None = None
    """How the order differs from that of the plan before; None when there was none."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What exists already: tickets, the plan before, and what looks like the same problem."""

    tickets: Mapping[str, Ticket] = field(default_factory=dict)
    """The open ticket of a theme, by theme id."""
    settled: frozenset[str] = frozenset()
    """Themes whose tickets are all 已验证 or 不予实施. They get no other one: people have decided,
    or the watch reopens the ticket when the problem comes back."""
    next_number: int = 1
    """The first number that no ticket ever had."""
    proposals: tuple[Proposal, ...] = ()
    """What discovery would merge."""
    scores_before: tuple[tuple[str, float], ...] | None = None
    """(theme id, score) of the plan before, best first."""
    limit: int = 20
    """How many of the best themes get a ticket; the others wait in the theme list."""
    min_users: int = 5
    """A theme of fewer users gets a ticket only when it is severe."""


def plan(
    themes: Sequence[Theme],
    voices: Sequence[Voice],
    taxonomy: Taxonomy,
    *,
    grounds: Grounds,
    today: date,
    backlog: Backlog = Backlog(),
) -> Plan:
    """Rank themes by RICE; draft a ticket for each of the best and each that has one already.

    `voices` holds at least every member of the themes; `today` is the day due dates count from.
    A theme with an open ticket gets a new draft of that ticket, never a second one.
    """
    by_place = {(voice.review_id, voice.start): voice for voice in voices}
    said = {theme.id: [by_place[member] for member in theme.members] for theme in themes}
    by_id = {theme.id: theme for theme in themes}
    scored = [prioritise(theme, said[theme.id], taxonomy, grounds) for theme in themes]
    priorities = ranked(scored, by_id, grounds)
    drafts = [
        draft(
            by_id[priority.theme_id],
            priority,
            said[priority.theme_id],
            taxonomy,
            ticket_id=ticket_id,
            today=today,
        )
        for priority, ticket_id in _worth_a_ticket(priorities, by_id, said, backlog)
    ]
    made = _kept(schedule(list(_jobs(drafts, backlog)), grounds.policy, today=today), backlog)
    links = related({each.theme_id: each.id for each in drafts}, said, backlog.proposals)
    slots = {slot.ticket_id: slot for slot in made.slots}
    before = backlog.scores_before
    return Plan(
        priorities,
        tuple(_placed(each, slots.get(each.id), links.get(each.id, ())) for each in drafts),
        made,
        None if before is None else compare_orders(before, priorities),
    )


def _worth_a_ticket(
    priorities: Sequence[Priority],
    themes: Mapping[str, Theme],
    said: Mapping[str, Sequence[Voice]],
    backlog: Backlog,
) -> Iterator[tuple[Priority, str]]:
    """Yield the best themes and those with a ticket, each with the id of its ticket."""
    numbers = count(backlog.next_number)
    worth = [
        priority
        for priority in priorities
        if priority.theme_id not in backlog.settled
        and (
            themes[priority.theme_id].users >= backlog.min_users
            or is_severe(said[priority.theme_id])
        )
    ]
    best = worth[: backlog.limit]
    followed = [p for p in priorities if p.theme_id in backlog.tickets and p not in best]
    for priority in [*best, *followed]:
        known = backlog.tickets.get(priority.theme_id)
        yield priority, f"K-{next(numbers):04d}" if known is None else known.id


def _jobs(drafts: Sequence[Ticket], backlog: Backlog) -> Iterator[Job]:
    """Yield the work of drafts, and of what was promised for themes that nobody speaks of now."""
    drafted = {each.theme_id for each in drafts}
    promised = [
        ticket
        for theme_id, ticket in sorted(backlog.tickets.items())
        if theme_id not in drafted and ticket.state in COMMITTED
    ]
    for each in [*drafts, *promised]:
        known = backlog.tickets.get(each.theme_id)
        state = TicketState.TRIAGE if known is None else known.state
        if state in WAITING_FOR_WORK:
            yield Job(
                each.id,
                each.theme_id,
                need=each.priority.need,
                weeks=max(each.priority.weeks, LEAST_WEEKS),
                lane=Lane(each.lane),
                committed=state in COMMITTED,
            )


def _kept(made: Schedule, backlog: Backlog) -> Schedule:
    """Let tickets keep the day they have: it must not slip from plan to plan.

    So must a day that a person set. What was promised for another lane keeps its promise, and the
    slot says so.
    """
    known = {ticket.id: ticket for ticket in backlog.tickets.values()}
    slots = []
    for slot in made.slots:
        ticket = known.get(slot.ticket_id)
        if ticket is not None and (ticket.lane == slot.lane or "due" in ticket.fixed):
            slots.append(replace(slot, due=ticket.due))
        elif ticket is not None and ticket.state in COMMITTED:
            lane = names.LANE[ticket.lane]
            promise = f"原定{lane}，{ticket.due.isoformat()} 前；"
            slots.append(replace(slot, due=ticket.due, reason=f"{promise}{slot.reason}"))
        else:
            slots.append(slot)
    return replace(made, slots=tuple(slots))


def _placed(ticket: Ticket, slot: Slot | None, links: tuple[str, ...]) -> Ticket:
    """Return the ticket with its lane and day, as planned, and the tickets it belongs with."""
    if slot is None:
        return replace(ticket, related=links)
    return replace(ticket, lane=slot.lane.value, due=slot.due, related=links)
