"""Counts and rates per day and per week; a day is that of China time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from feedback_nlp.records import Denominator, Rate, Voice
from feedback_nlp.themes.trend import day_of

DAY: Final = timedelta(days=1)
PER: Final = 10_000


@dataclass(frozen=True, slots=True)
class ThemeDays:
    """What trend and alerts need to know of a theme: its counts per day, days of zeros left out."""

    id: str
    name: str
    reviews: Mapping[date, int]
    """Distinct reviews per day."""
    newcomers: Mapping[date, int]
    """Users whose first opinion on the theme fell on this day; their sum is the distinct users."""

    def first(self) -> date | None:
        """Return the day of the first dated opinion."""
        return min(self.reviews, default=None)


@dataclass(frozen=True, slots=True)
class Bases:
    """What counts are divided by."""

    reviews: Mapping[date, int]
    """All reviews per day, whatever they say; days of zeros may be left out."""
    exposure: Mapping[date, int] | None = None
    """People or orders per day, where known; 0 counts as unknown."""

    def exposed(self, day: date) -> int:
        """Return the exposure of a day, 0 where it is not known."""
        return 0 if self.exposure is None else self.exposure.get(day, 0)


def count_days(times: Iterable[datetime | None]) -> dict[date, int]:
    """Count per day, in the order of days; times that are not known are left out."""
    counts = Counter(day_of(time) for time in times if time is not None)
    return dict(sorted(counts.items()))


def theme_days(theme_id: str, name: str, voices: Iterable[Voice]) -> ThemeDays:
    """Count a theme's voices: each review once, each user on the day of their first opinion.

    Voices without a time are left out. The order of `voices` does not matter.
    """
    of_review: dict[str, date] = {}
    of_user: dict[str, date] = {}
    for voice in voices:
        if voice.created_at is not None:
            day = day_of(voice.created_at)
            of_review[voice.review_id] = min(day, of_review.get(voice.review_id, day))
            of_user[voice.user] = min(day, of_user.get(voice.user, day))
    return ThemeDays(theme_id, name, _per_day(of_review.values()), _per_day(of_user.values()))


def daily_rates(theme: ThemeDays, bases: Bases, *, first: date, last: date) -> tuple[Rate, ...]:
    """Return the theme's rate on each day from `first` to `last`, zeros included."""
    return tuple(_rate(day, (day,), theme, bases) for day in days_between(first, last))


def weekly_rates(theme: ThemeDays, bases: Bases, *, first: date, last: date) -> tuple[Rate, ...]:
    """Return the theme's rate in each week from that of `first` to that of `last`.

    A week at either end counts only its days inside the range. 万投比 needs the exposure of all
    days of the week; otherwise it is a share of the reviews.
    """
    weeks: defaultdict[date, list[date]] = defaultdict(list)
    for day in days_between(first, last):
        weeks[day - timedelta(days=day.weekday())].append(day)
    return tuple(_rate(monday, days, theme, bases) for monday, days in sorted(weeks.items()))


def days_between(first: date, last: date) -> list[date]:
    """Return every day from `first` to `last`, both included; none when `last` is earlier."""
    return [first + DAY * place for place in range((last - first).days + 1)]


def _rate(start: date, days: Sequence[date], theme: ThemeDays, bases: Bases) -> Rate:
    count = sum(theme.reviews.get(day, 0) for day in days)
    exposed = [bases.exposed(day) for day in days]
    if all(exposed):
        return Rate(start, count, sum(exposed), Denominator.EXPOSURE, PER * count / sum(exposed))
    base = sum(bases.reviews.get(day, 0) for day in days)
    return Rate(start, count, base, Denominator.REVIEWS, count / base if base else 0.0)


def _per_day(days: Iterable[date]) -> dict[date, int]:
    return dict(sorted(Counter(days).items()))
