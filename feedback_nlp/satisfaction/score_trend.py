"""How a score went, per week or calendar month of China time, and what changed beyond chance."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.estimates import Change, Counts, Estimate, change, estimate

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_YEAR_OF_WEEKS = timedelta(weeks=52)

Daily = Mapping[date, Counts]
"""How often each score was given on each day."""


class Period(StrEnum):
    """How long each part of a trend is."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Point:
    """The score of one period; None where nobody answered."""

    first: date
    last: date
    """The last day of the period, also when the data ends before."""
    score: Estimate | None
    to_previous: Change | None = None
    """Against the period before (环比); None when nobody answered in either."""
    to_last_year: Change | None = None
    """Against the same month a year ago, or the week 52 weeks ago (同比)."""


def tally(scores: Iterable[tuple[date, float]]) -> dict[date, dict[float, int]]:
    """Count how often each score was given on each day."""
    counted: dict[date, Counter[float]] = {}
    for day, score in scores:
        counted.setdefault(day, Counter())[score] += 1
    return {day: dict(of_day) for day, of_day in sorted(counted.items())}


def between(daily: Daily, first: date, last: date) -> dict[float, int]:
    """Count how often each score was given from `first` to `last`, both included."""
    total: Counter[float] = Counter()
    for day, counts in daily.items():
        if first <= day <= last:
            total.update(counts)
    return dict(total)


def trend(
    daily: Daily, metric: Metric, period: Period, *, first: date, last: date
) -> tuple[Point, ...]:
    """Return the whole periods from that of `first` to that of `last`, in order.

    Periods nobody answered in are there, with None. `daily` may begin earlier: days before are
    what the first periods are compared with.
    """
    by_period: dict[date, Counter[float]] = {}
    for day, counts in daily.items():
        by_period.setdefault(start_of(day, period), Counter()).update(counts)
    known = {start: estimate(metric, counts) for start, counts in by_period.items()}
    points = []
    start = start_of(first, period)
    while start <= last:
        now = known.get(start)
        points.append(
            Point(
                start,
                _next(start, period) - _DAY,
                now,
                _change(known.get(start_of(start - _DAY, period)), now),
                _change(known.get(_year_before(start, period)), now),
            )
        )
        start = _next(start, period)
    return tuple(points)


def start_of(day: date, period: Period) -> date:
    """Return the first day of the period that holds `day`; a week begins on Monday."""
    if period is Period.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday())


def earliest(first: date, period: Period) -> date:
    """Return the first day that a trend from `first` on looks at, a year before it."""
    start = start_of(first, period)
    return min(_year_before(start, period), start_of(start - _DAY, period))


def _next(start: date, period: Period) -> date:
    if period is Period.WEEK:
        return start + _WEEK
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1)


def _year_before(start: date, period: Period) -> date:
    return start - _YEAR_OF_WEEKS if period is Period.WEEK else start.replace(year=start.year - 1)


def _change(before: Estimate | None, now: Estimate | None) -> Change | None:
    return None if before is None or now is None else change(before, now)
