"""What happened to tickets in a week: done, not done and why, and what comes next.

Done is not cured: a released ticket counts as cured only when verification says 有效. Reasons are
those that people gave; none is made up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from feedback_nlp.records import Ticket, TicketState, Verdict
from feedback_nlp.themes.trend import WEEK, day_of
from feedback_nlp.tickets.life import FINISHED, SETTLED

_SETBACKS: Final = (TicketState.ON_HOLD, TicketState.TRIAGE, TicketState.RELAPSED)
_DONE: Final = (TicketState.RELEASED, TicketState.VERIFIED)


@dataclass(frozen=True, slots=True)
class Change:
    """One event in the trail of a ticket."""

    ticket_id: str
    at: datetime
    kind: str
    detail: Mapping[str, str]

    @property
    def day(self) -> date:
        """The day on which it happened."""
        return day_of(self.at)


@dataclass(frozen=True, slots=True)
class Said:
    """A reason that somebody gave."""

    at: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """A ticket that was released or verified in the week."""

    ticket: Ticket
    to: TicketState
    at: datetime
    author: str
    verdict: Verdict | None
    """What verification says of this release by now; None while it says nothing."""

    @property
    def cured(self) -> bool:
        """Say that the data shows that it helped."""
        return self.verdict is Verdict.WORKED


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A ticket that was due and is not released."""

    ticket: Ticket
    state: TicketState
    """At the end of the week."""
    due: date
    """As it was at the end of the week."""
    postponed_from: date | None
    """When it was due before somebody put that off in the week; None when nobody did."""
    reason: Said | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A ticket that is due next week, or in progress."""

    ticket: Ticket
    state: TicketState
    due: date


@dataclass(frozen=True, slots=True)
class DepartmentWeek:
    """The week of one department."""

    department: str
    done: tuple[Done, ...]
    unfinished: tuple[Unfinished, ...]
    planned: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """A week that begins on this Monday (Asia/Shanghai), by department."""

    week: date
    departments: tuple[DepartmentWeek, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """One ticket at the end of the week, with what happened to it until then."""

    ticket: Ticket
    state: TicketState
    due: date
    past: tuple[Change, ...]


def week_progress(
    tickets: Iterable[Ticket],
    changes: Iterable[Change],
    verdicts: Mapping[str, tuple[Verdict, date]],
    *,
    week: date,
) -> Progress:
    """Tell of the week in which the day `week` falls, as things stood at its end.

    `changes` are all moves, comments, edits and drafts of these tickets, first one first, later
    weeks included; `verdicts` the newest one of each ticket, and the day of its data.
    """
    monday = week - timedelta(days=week.weekday())
    trails: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        trails[change.ticket_id].append(change)
    by_department: dict[str, list[_Standing]] = defaultdict(list)
    for ticket in sorted(tickets, key=_number):
        standing = _standing(ticket, trails[ticket.id], end=monday + WEEK)
        if standing is not None:
            by_department[ticket.department].append(standing)
    departments = (
        _of_department(name, found, verdicts, monday) for name, found in by_department.items()
    )
    shown = (each for each in departments if each.done or each.unfinished or each.planned)
    return Progress(monday, tuple(sorted(shown, key=lambda each: each.department)))


def _of_department(
    name: str,
    standings: Sequence[_Standing],
    verdicts: Mapping[str, tuple[Verdict, date]],
    monday: date,
) -> DepartmentWeek:
    done = [found for each in standings if (found := _done(each, verdicts, monday))]
    unfinished = [late for each in standings if (late := _unfinished(each, monday))]
    planned = [
        Planned(each.ticket, each.state, each.due)
        for each in standings
        if each.state is TicketState.IN_PROGRESS
        or (each.state not in SETTLED and WEEK <= each.due - monday < 2 * WEEK)
    ]
    return DepartmentWeek(
        name,
        tuple(sorted(done, key=lambda each: each.at)),
        tuple(sorted(unfinished, key=lambda each: each.due)),
        tuple(sorted(planned, key=lambda each: each.due)),
    )


def _standing(ticket: Ticket, trail: Sequence[Change], *, end: date) -> _Standing | None:
    """Return the ticket as it was before the day `end`; None when it did not exist yet."""
    past = tuple(change for change in trail if change.day < end)
    later = [change for change in trail if change.day >= end]
    if any(change.kind == "created" for change in later):
        return None
    moves = _moves(past)
    undone = _moves(later)
    state = ticket.state
    if moves or undone:
        state = TicketState(moves[-1].detail["to"] if moves else undone[0].detail["from"])
    put_off = _due_edits(later)
    due = date.fromisoformat(put_off[0].detail["from"]) if put_off else ticket.due
    return _Standing(ticket, state, due, past)


def _done(
    standing: _Standing, verdicts: Mapping[str, tuple[Verdict, date]], monday: date
) -> Done | None:
    """Return the ticket as done; one that came back within the week is not."""
    moves = _moves(standing.past)
    fresh = [move for move in moves if move.day >= monday and move.detail["to"] in _DONE]
    if not fresh or standing.state not in FINISHED:
        return None
    released = [move.day for move in moves if move.detail["to"] == TicketState.RELEASED]
    verdict, day = verdicts.get(standing.ticket.id, (None, monday))
    if released and day < released[-1]:
        verdict = None  # It is about an earlier release.
    last = fresh[-1]
    to = TicketState(last.detail["to"])
    return Done(standing.ticket, to, last.at, last.detail["author"], verdict)


def _unfinished(standing: _Standing, monday: date) -> Unfinished | None:
    sunday = monday + WEEK - timedelta(days=1)
    put_off = [change for change in _due_edits(standing.past) if change.day >= monday]
    before = date.fromisoformat(put_off[0].detail["from"]) if put_off else standing.due
    if standing.state in SETTLED or min(before, standing.due) > sunday:
        return None
    return Unfinished(
        standing.ticket,
        standing.state,
        standing.due,
        before if before < standing.due else None,
        _reason(standing, monday),
    )


def _reason(standing: _Standing, monday: date) -> Said | None:
    """Return the newest of what people gave as a reason in the week, or for where it stands."""
    moves = _moves(standing.past)
    held = moves[-1] if moves and _is_setback(moves[-1]) else None
    for change in reversed(standing.past):
        if (change.day >= monday or change is held) and (text := _explained(change)):
            return Said(change.at, change.detail["author"], text)
    return None


def _explained(change: Change) -> str:
    """Return what a change says about why a ticket is not done; mostly nothing."""
    if change.kind == "commented":
        return change.detail["text"]
    if _is_setback(change) or (change.kind == "edited" and change.detail["field"] == "due"):
        return change.detail["reason"]
    return ""


def _is_setback(change: Change) -> bool:
    if change.kind != "moved":
        return False
    came, went = change.detail["from"], change.detail["to"]
    return went in _SETBACKS or (came in FINISHED and went == TicketState.IN_PROGRESS)


def _moves(changes: Iterable[Change]) -> list[Change]:
    return [change for change in changes if change.kind == "moved"]


def _due_edits(changes: Iterable[Change]) -> list[Change]:
    return [each for each in changes if each.kind == "edited" and each.detail["field"] == "due"]


def _number(ticket: Ticket) -> tuple[int, str]:
    return len(ticket.id), ticket.id
