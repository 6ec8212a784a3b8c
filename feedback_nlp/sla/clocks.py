"""One complaint or negative review -> when to answer and resolve it, and how that stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from feedback_nlp.records import SlaRule, Taxonomy
from feedback_nlp.sla.calendar import (
    BUSINESS_BELOW,
    Opening,
    business_between,
    due_after,
    opening_of,
)
from feedback_nlp.sla.limits import Limit, Told, limit_of

UNASSIGNED: Final = "未归类"
"""Department of a complaint whose topics belong to nobody."""


class Progress(StrEnum):
    """How an answer or a resolution stands against its limit."""

    IN_TIME = "in_time"
    LATE = "late"
    UNTIMED = "untimed"
    """It is done, and nobody knows when."""
    OVERDUE = "overdue"
    SOON = "soon"
    """Open, and little of the limit is left."""
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint or a negative review, and what was done about it."""

    review_id: str
    created_at: datetime
    told: Told
    severity: int = 0
    answers: tuple[datetime | None, ...] = ()
    """When somebody answered; None where nobody knows when."""
    resolved: tuple[datetime, ...] = ()
    """When somebody said that it is solved."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was promised, and whose topics are whose."""

    rule: SlaRule
    taxonomy: Taxonomy
    opening: Opening
    """The business hours of the rule."""


@dataclass(frozen=True, slots=True)
class Term:
    """A limit in time, and what came of it."""

    due: datetime
    """China time."""
    done_at: datetime | None
    """None while it is open, and where nobody knows when it was done."""
    progress: Progress

    @property
    def is_open(self) -> bool:
        """Say that nobody has done it."""
        return self.progress in {Progress.OVERDUE, Progress.SOON, Progress.RUNNING}


@dataclass(frozen=True, slots=True)
class Clock:
    """Where one case stands at one moment."""

    case: Case
    limit: Limit
    answer: Term
    resolution: Term | None
    """None when it does not complain: there is nothing to resolve."""
    department: str

    @property
    def escalate(self) -> bool:
        """Say that the complaint should have been resolved by now."""
        return self.resolution is not None and self.resolution.progress is Progress.OVERDUE


@dataclass(frozen=True, slots=True)
class Span:
    """A time as the calendar and as the office counts it; negative when it lies ahead."""

    calendar: timedelta
    business: timedelta


def agree(rule: SlaRule, taxonomy: Taxonomy) -> Agreement:
    """Return the agreement that a policy makes."""
    return Agreement(rule, taxonomy, opening_of(rule))


def clock_of(case: Case, agreement: Agreement, *, now: datetime) -> Clock:
    """Return where a case stands at `now`; what happens later is not known yet.

    Who has solved it has answered it, at the latest then. What was done before the complaint came
    was done at an unknown time.
    """
    limit = limit_of(case.told, agreement.rule, agreement.taxonomy)
    resolution = None
    if case.told.complaint:
        hours = agreement.rule.resolve_hours
        resolution = _term(case.created_at, hours, case.resolved, agreement, now)
    answers = (*case.answers, *case.resolved)
    return Clock(
        case=case,
        limit=limit,
        answer=_term(case.created_at, limit.hours, answers, agreement, now),
        resolution=resolution,
        department=department_of(case.told.topics, agreement.taxonomy),
    )


def late_by(due: datetime, now: datetime, opening: Opening) -> Span:
    """Return how long ago `due` was; negative while there is time left."""
    return Span(now - due, business_between(due, now, opening))


def department_of(topics: Sequence[str], taxonomy: Taxonomy) -> str:
    """Return whose the first topic is that the taxonomy knows."""
    found = (topic.department for code in topics for topic in taxonomy.topics if topic.code == code)
    return next(found, UNASSIGNED)


def _term(
    created_at: datetime,
    hours: float,
    times: Sequence[datetime | None],
    agreement: Agreement,
    now: datetime,
) -> Term:
    due = due_after(created_at, hours, agreement.opening)
    untimed = any(at is None or at < created_at for at in times)
    known = [at for at in times if at is not None and created_at <= at <= now]
    first = min(known, default=None)
    if first is not None and first <= due:
        return Term(due, first, Progress.IN_TIME)
    if untimed:
        return Term(due, None, Progress.UNTIMED)
    if first is not None:
        return Term(due, first, Progress.LATE)
    return Term(due, None, _standing(due, hours, agreement, now))


def _standing(due: datetime, hours: float, agreement: Agreement, now: datetime) -> Progress:
    if now >= due:
        return Progress.OVERDUE
    ahead = late_by(due, now, agreement.opening)
    left = -ahead.business if hours < BUSINESS_BELOW else -ahead.calendar
    soon = left < timedelta(hours=hours) * agreement.rule.remind_share
    return Progress.SOON if soon else Progress.RUNNING
