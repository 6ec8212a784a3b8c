"""Working days and business time in China: public holidays, and the days worked to make up.

Source: the yearly announcements of the State Council, as `chinese_calendar` has them. A year that
it does not know counts as plain weekdays, and `unknown_years` says so.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final

import chinese_calendar

from feedback_nlp.records import CHINA, SlaRule

BUSINESS_BELOW: Final = 24.0
"""Limits shorter than these hours count business time, the others calendar time."""
_BEGINNING: Final = 2000
_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)
_NOTHING: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Opening:
    """Business hours of a working day, counted from midnight, China time."""

    opens: timedelta = timedelta(hours=9)
    closes: timedelta = timedelta(hours=18)

    @property
    def length(self) -> timedelta:
        """How long a working day is."""
        return self.closes - self.opens


NINE_TO_SIX: Final = Opening()


def opening_of(rule: SlaRule) -> Opening:
    """Return the business hours of a policy."""
    return Opening(timedelta(hours=rule.opens), timedelta(hours=rule.closes))


@lru_cache(maxsize=8_192)  # twenty years; the package looks through all its years each time
def is_workday(day: date) -> tuple[bool, bool]:
    """Say whether this is a working day, and whether the holidays of its year are known."""
    try:
        return chinese_calendar.is_workday(day), True
    except NotImplementedError:
        return day.weekday() < _SATURDAY, False


def unknown_years(first: datetime, last: datetime) -> tuple[int, ...]:
    """Return the years from `first` to `last` whose holidays are not known, in order."""
    years = range(_local(first).year, _local(last).year + 1)
    return tuple(year for year in years if not _is_known(year))


def add_business(start: datetime, amount: timedelta, opening: Opening = NINE_TO_SIX) -> datetime:
    """Return when so much business time has passed since `start`, in China time.

    What comes outside business hours counts from the next opening. What is used up with the
    closing of a day ends then, not with the next opening.

    Raises:
        ValueError: `start` has no zone, or `amount` is negative.
    """
    if amount < _NOTHING:
        raise ValueError(f"business time cannot be negative: {amount}")
    moment = _next_open(_local(start), opening)
    while True:
        left = _midnight(moment) + opening.closes - moment
        if amount <= left:
            return moment + amount
        amount -= left
        moment = _next_open(_midnight(moment) + _ONE_DAY, opening)


def business_between(start: datetime, end: datetime, opening: Opening = NINE_TO_SIX) -> timedelta:
    """Return the business time from `start` to `end`; negative when `end` comes first.

    Raises:
        ValueError: a time has no zone.
    """
    first, last = _local(start), _local(end)
    days = _workdays_before(last.date()) - _workdays_before(first.date())
    return days * opening.length + _worked(last, opening) - _worked(first, opening)


def due_after(start: datetime, hours: float, opening: Opening = NINE_TO_SIX) -> datetime:
    """Return when a limit of so many hours is over, in China time.

    Raises:
        ValueError: `start` has no zone.
    """
    amount = timedelta(hours=hours)
    if hours < BUSINESS_BELOW:
        return add_business(start, amount, opening)
    return _local(start) + amount


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone reached the calendar: {moment.isoformat()}")
    return moment.astimezone(CHINA)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), CHINA)


def _next_open(moment: datetime, opening: Opening) -> datetime:
    """Return the first moment from here on at which somebody works."""
    while True:
        midnight = _midnight(moment)
        if is_workday(moment.date())[0] and moment < midnight + opening.closes:
            return max(moment, midnight + opening.opens)
        moment = midnight + _ONE_DAY


def _worked(moment: datetime, opening: Opening) -> timedelta:
    """Return how much of this day's business time is over."""
    if not is_workday(moment.date())[0]:
        return _NOTHING
    over = moment - _midnight(moment) - opening.opens
    return min(max(over, _NOTHING), opening.length)


def _workdays_before(day: date) -> int:
    """Count the working days before this one, from a beginning that is always the same."""
    return _workdays_until(day.year) + _running(day.year)[day.timetuple().tm_yday - 1]


@lru_cache(maxsize=256)
def _workdays_until(year: int) -> int:
    if year == _BEGINNING:
        return 0
    if year < _BEGINNING:
        return _workdays_until(year + 1) - _running(year)[-1]
    return _workdays_until(year - 1) + _running(year - 1)[-1]


@lru_cache(maxsize=256)
def _running(year: int) -> tuple[int, ...]:
    """Return how many working days come before each day of a year; last how many it has."""
    first = date(year, 1, 1)
    days = (date(year, 12, 31) - first).days + 1
    worked = (is_workday(first + timedelta(days=n))[0] for n in range(days))
    return tuple(accumulate(worked, initial=0))


@lru_cache(maxsize=256)
def _is_known(year: int) -> bool:
    return is_workday(date(year, 1, 1))[1]
