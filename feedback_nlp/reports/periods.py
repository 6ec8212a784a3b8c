"""Weeks gathered into bars: a chart never has more than `MOST_BARS` of them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from feedback_nlp.records import WeekCount

MOST_BARS: Final = 60


@dataclass(frozen=True, slots=True)
class Period:
    """How long one bar is. A week belongs to the month and year of its Monday."""

    name: str
    start: Callable[[date], date]
    label: Callable[[date], str]


PERIODS: Final = (
    Period("周", lambda week: week, lambda day: f"{day.month}/{day.day}"),
    Period("月", lambda week: week.replace(day=1), lambda day: f"{day.year % 100:02d}/{day.month}"),
    Period("年", lambda week: week.replace(month=1, day=1), lambda day: str(day.year)),
)
"""Shortest first; the first one that needs few enough bars is taken, else years."""


def period_for(counts: Iterable[WeekCount]) -> Period:
    """Return the shortest period that shows these weeks in at most `MOST_BARS` bars."""
    weeks = [entry.week for entry in counts]
    fitting = (
        period for period in PERIODS if len({period.start(week) for week in weeks}) <= MOST_BARS
    )
    return next(fitting, PERIODS[-1])


def gathered(counts: Iterable[WeekCount], period: Period) -> tuple[tuple[date, int], ...]:
    """Return (first day, count) of every period, oldest first."""
    sums: Counter[date] = Counter()
    for entry in counts:
        sums[period.start(entry.week)] += entry.count
    return tuple(sorted(sums.items()))
