"""Counts per week; a week begins on Monday in Asia/Shanghai."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from feedback_nlp.records import CHINA, WeekCount

WEEK: Final = timedelta(days=7)


def day_of(time: datetime) -> date:
    """Return the day on which `time` falls for people in China."""
    return time.astimezone(CHINA).date()


def week_of(time: datetime) -> date:
    """Return the Monday of the week in which `time` falls for people in China."""
    day = day_of(time)
    return day - timedelta(days=day.weekday())


def count_weeks(
    times: Iterable[datetime | None], *, first: datetime | None, last: datetime | None
) -> tuple[WeekCount, ...]:
    """Count `times` per week from the week of `first` to that of `last`, zeros included.

    Empty when the data has no dates at all. Times outside the range are not counted.
    """
    if first is None or last is None:
        return ()
    counts = Counter(week_of(time) for time in times if time is not None)
    weeks = []
    week = week_of(first)
    while week <= week_of(last):
        weeks.append(WeekCount(week, counts[week]))
        week += WEEK
    return tuple(weeks)
