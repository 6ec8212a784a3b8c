"""The published figures of a window: how many were answered and resolved in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from feedback_nlp.names import KIND
from feedback_nlp.satisfaction.estimates import Estimate, share
from feedback_nlp.sla.calendar import Opening, business_between
from feedback_nlp.sla.clocks import Clock, Progress, Span, Term
from feedback_nlp.sla.limits import plain_tier

_DECIDED = frozenset({Progress.IN_TIME, Progress.LATE, Progress.OVERDUE})


class Cut(StrEnum):
    """By what the figures are taken apart."""

    TIER = "tier"
    DEPARTMENT = "department"
    CHANNEL = "channel"
    SCENARIO = "scenario"
    """By the limit that counts."""
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Figures:
    """How some cases went."""

    cases: int
    """Those that came in the window."""
    answered: Estimate | None
    """Share answered in time, of those whose limit is over and whose answer has a time; None
    without any."""
    resolved: Estimate | None
    """Share of complaints resolved in time, in the same way."""
    took: Span | None
    """Median time to the first answer, of those whose answer has a time."""
    overdue: int
    """Not answered, and the limit is over."""
    untimed: int
    """Answered, nobody knows when: neither late nor in time."""
    unresolved: int
    """Complaints not resolved, and the limit is over."""


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of some of the cases; `name` is empty where nobody said it."""

    cut: Cut
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Standing:
    """How well complaints and negative reviews were answered and resolved, at one moment."""

    first: datetime
    last: datetime
    """The window: cases that came in it count in `whole` and in `rows`."""
    whole: Figures
    rows: tuple[Row, ...]
    overdue: int
    soon: int
    """First answers that are late or nearly late now, of the days that are listed."""
    escalated: int
    """Escalations that nobody has closed or resolved."""
    listed_days: int
    older: int
    """Cases from before these days that nobody has answered."""
    undated: int
    """Cases without a time, and so without a limit."""
    unknown_years: tuple[int, ...]
    """Their holidays are not known: plain weekdays."""


def figures(clocks: Sequence[Clock], opening: Opening, *, now: datetime) -> Figures:
    """Return the figures of these cases at `now`."""
    answers = [clock.answer for clock in clocks]
    resolutions = [clock.resolution for clock in clocks if clock.resolution is not None]
    return Figures(
        cases=len(clocks),
        answered=_in_time(answers, now),
        resolved=_in_time(resolutions, now),
        took=_median(clocks, opening),
        overdue=_count(answers, Progress.OVERDUE),
        untimed=_count(answers, Progress.UNTIMED),
        unresolved=_count(resolutions, Progress.OVERDUE),
    )


def rows(clocks: Sequence[Clock], opening: Opening, *, now: datetime) -> tuple[Row, ...]:
    """Return the figures by each cut, those of most cases first."""
    found: list[Row] = []
    for cut in Cut:
        members: dict[str, list[Clock]] = {}
        for clock in clocks:
            members.setdefault(_name(clock, cut), []).append(clock)
        ordered = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
        found += (Row(cut, name, figures(of, opening, now=now)) for name, of in ordered)
    return tuple(found)


def _name(clock: Clock, cut: Cut) -> str:
    told = clock.case.told
    if cut is Cut.TIER:
        return plain_tier(told.tier or "")
    if cut is Cut.DEPARTMENT:
        return clock.department
    if cut is Cut.CHANNEL:
        return told.channel
    return clock.limit.name if cut is Cut.SCENARIO else KIND[told.kind]


def _in_time(terms: Iterable[Term], now: datetime) -> Estimate | None:
    # Those whose limit is not over are left out even where they are done: of late, only the fast
    # ones are.
    decided = [term.progress for term in terms if term.due <= now and term.progress in _DECIDED]
    if not decided:
        return None
    return share(decided.count(Progress.IN_TIME), len(decided))


def _median(clocks: Sequence[Clock], opening: Opening) -> Span | None:
    done = [
        (clock.case.created_at, clock.answer.done_at)
        for clock in clocks
        if clock.answer.done_at is not None
    ]
    if not done:
        return None
    return Span(
        _middle([end - start for start, end in done]),
        _middle([business_between(start, end, opening) for start, end in done]),
    )


def _middle(spans: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(span.total_seconds() for span in spans))


def _count(terms: Iterable[Term], progress: Progress) -> int:
    return sum(term.progress is progress for term in terms)
