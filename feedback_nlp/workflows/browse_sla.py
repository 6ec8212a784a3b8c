"""Browse the service level: published figures, and what is late, nearly late or escalated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Escalation, Quote, Taxonomy
from feedback_nlp.sla.calendar import Opening, unknown_years
from feedback_nlp.sla.clocks import Agreement, Clock, Progress, Span, agree, clock_of, late_by
from feedback_nlp.sla.standing import Standing, figures, rows
from feedback_nlp.storage import escalations, policies, service
from feedback_nlp.workflows.browse import Page, counting_model

SLA_DAYS: Final = 30
MOST_DAYS: Final = 1_830
"""Five years."""
SEVEREST: Final = 3


class Which(StrEnum):
    """Which cases to list."""

    OVERDUE = "overdue"
    SOON = "soon"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which list."""

    which: Which
    page: Page


@dataclass(frozen=True, slots=True)
class Entry:
    """One case to look into."""

    clock: Clock
    quote: Quote
    """The user's words."""
    due: datetime
    """Of the first answer; of an escalated one, of the resolution."""
    late: Span
    """Negative while there is time left."""
    escalation: Escalation | None


@dataclass(frozen=True, slots=True)
class SlaPage:
    """A part of the cases, the most urgent first, and how many there are."""

    entries: tuple[Entry, ...]
    total: int
    older: int
    """Unanswered cases from before the days that are listed."""
    listed_days: int
    unknown_years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every question needs."""

    session: Session
    workspace: str
    model: str
    agreement: Agreement
    now: datetime

    @property
    def begin(self) -> datetime:
        """From when on cases are listed one by one."""
        return self.now - timedelta(days=self.agreement.rule.window_days)

    @property
    def opening(self) -> Opening:
        """The business hours."""
        return self.agreement.opening

    def clocks(self, first: datetime) -> list[Clock]:
        """Return the clocks of the cases since then, oldest first."""
        found = service.cases(
            self.session, self.workspace, model=self.model, first=first, last=self.now
        )
        return [clock_of(case, self.agreement, now=self.now) for case in found]

    def older(self) -> int:
        """Count the unanswered cases that are not listed."""
        return service.count_older(
            self.session, self.workspace, model=self.model, before=self.begin, last=self.now
        )


def sla_standing(
    session: Session,
    workspace: str,
    *,
    model: str,
    now: datetime,
    taxonomy: Taxonomy,
    days: int = SLA_DAYS,
) -> Standing:
    """Return the published figures of the cases that came in the last days before `now`."""
    counted_by = counting_model(session, workspace, model=model)
    return standing_of(session, workspace, model=counted_by, now=now, taxonomy=taxonomy, days=days)


def standing_of(
    session: Session,
    workspace: str,
    *,
    model: str,
    now: datetime,
    taxonomy: Taxonomy,
    days: int = SLA_DAYS,
) -> Standing:
    """Return the figures as `model` reads the cases, whichever model the latest run used."""
    desk = _desk(session, workspace, model, taxonomy, now)
    first = now - timedelta(days=days)
    clocks = desk.clocks(min(first, desk.begin))
    counted = [clock for clock in clocks if clock.case.created_at >= first]
    listed = [clock for clock in clocks if clock.case.created_at >= desk.begin]
    return Standing(
        first=first,
        last=now,
        whole=figures(counted, desk.opening, now=now),
        rows=rows(counted, desk.opening, now=now),
        overdue=_count(listed, Progress.OVERDUE),
        soon=_count(listed, Progress.SOON),
        escalated=len(_escalated(desk, clocks)),
        listed_days=desk.agreement.rule.window_days,
        older=desk.older(),
        undated=service.count_undated(session, workspace, model=desk.model),
        unknown_years=_unknown(counted, first, now),
    )


def list_sla(
    session: Session,
    workspace: str,
    wanted: Wanted,
    *,
    model: str,
    now: datetime,
    taxonomy: Taxonomy,
) -> SlaPage:
    """Return a page of the cases that are late, nearly late or escalated.

    Those of severity 3 first, then by what was due first.
    """
    counted_by = counting_model(session, workspace, model=model)
    desk = _desk(session, workspace, counted_by, taxonomy, now)
    if wanted.which is Which.ESCALATED:
        found = _escalated(desk)
    else:
        progress = Progress.OVERDUE if wanted.which is Which.OVERDUE else Progress.SOON
        cases = service.waiting(session, workspace, model=desk.model, first=desk.begin, last=now)
        clocks = (clock_of(case, desk.agreement, now=now) for case in cases)
        found = [(clock, None) for clock in clocks if clock.answer.progress is progress]
    found.sort(key=_urgency)
    shown = found[wanted.page.part]
    ids = [clock.case.review_id for clock, _ in shown]
    quotes = service.words(session, workspace, ids, model=desk.model)
    entries = tuple(_entry(desk, pair, quotes[pair[0].case.review_id]) for pair in shown)
    begin = min((clock.case.created_at for clock, _ in shown), default=now)
    return SlaPage(
        entries=entries,
        total=len(found),
        older=desk.older(),
        listed_days=desk.agreement.rule.window_days,
        unknown_years=_unknown([clock for clock, _ in shown], begin, now),
    )


Pair = tuple[Clock, Escalation | None]


def _desk(session: Session, workspace: str, model: str, taxonomy: Taxonomy, now: datetime) -> _Desk:
    agreement = agree(policies.current(session, workspace).sla, taxonomy)
    return _Desk(session, workspace, model, agreement, now)


def _escalated(desk: _Desk, known: Iterable[Clock] = ()) -> list[Pair]:
    """Return the open escalations of what still complains and is not resolved."""
    still = escalations.still_open(desk.session, desk.workspace, now=desk.now)
    clocks = {clock.case.review_id: clock for clock in known}
    if any(each.review_id not in clocks for each in still):
        cases = service.escalated(desk.session, desk.workspace, model=desk.model, last=desk.now)
        clocks |= {case.review_id: clock_of(case, desk.agreement, now=desk.now) for case in cases}
    pairs = ((clocks.get(each.review_id), each) for each in still)
    return [
        (clock, each)
        for clock, each in pairs
        if clock is not None and clock.resolution is not None and clock.resolution.is_open
    ]


def _entry(desk: _Desk, pair: Pair, quote: Quote) -> Entry:
    clock, escalation = pair
    due = _due(pair)
    return Entry(clock, quote, due, late_by(due, desk.now, desk.opening), escalation)


def _due(pair: Pair) -> datetime:
    clock, escalation = pair
    return clock.answer.due if escalation is None else escalation.due


def _urgency(pair: Pair) -> tuple[bool, datetime, str]:
    case = pair[0].case
    return case.severity < SEVEREST, _due(pair), case.review_id


def _count(clocks: Iterable[Clock], progress: Progress) -> int:
    return sum(clock.answer.progress is progress for clock in clocks)


def _unknown(clocks: Sequence[Clock], first: datetime, now: datetime) -> tuple[int, ...]:
    last = max((clock.answer.due for clock in clocks), default=now)
    return unknown_years(first, max(last, now))
