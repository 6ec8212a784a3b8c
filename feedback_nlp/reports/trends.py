"""Is a theme rising, falling, or can nobody tell? One rule, in words and in numbers.

The last two weeks are compared with the four before them (at least two). The first and the last
week of the data take part only when at least four of their days lie inside the data.

A theme is **rising** when all of this holds, and **falling** when the mirror image holds:

* relative: its rate is at least 1.5 times the earlier rate;
* absolute: at least 3 opinions more than the earlier rate would have given;
* not chance: p < 0.01, one-sided;

and each of the three holds twice: *per review* (more traffic is not a rise) and *per day* (a flood
of reviews about something else is not a fall).

The p value is the conditional test of two Poisson rates: given the sum of both counts, the recent
one is binomial. Opinions of one review come together, so counts are first divided by the
theme's opinions per review. Source: Przyborowski and Wilenski (1940), Biometrika 31, 313-323.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from scipy.special import betainc

from feedback_nlp.records import Theme, WeekCount
from feedback_nlp.reports.content import ReportData
from feedback_nlp.themes.trend import day_of

RECENT_WEEKS: Final = 2
BASE_WEEKS: Final = 4
FEWEST_BASE_WEEKS: Final = 2
FEWEST_DAYS: Final = 4
MIN_RATIO: Final = 1.5
MIN_EXCESS: Final = 3.0
MAX_P: Final = 0.01
FEW: Final = 10
"""Fewer opinions than this in both windows together: the report says 样本少."""
PEAK_COUNT: Final = 10
PEAK_RATIO: Final = 3
"""A week is a peak from 10 opinions and three times the average week on."""
FADED: Final = 0.1
"""A peak is over when the recent rate is at most this share of its rate."""


class Direction(StrEnum):
    """Where a theme is going; the values are what people see."""

    RISING = "上升"
    NEW = "新出现"
    FALLING = "下降"
    STEADY = "无明显变化"
    FEW = "样本少"
    UNKNOWN = "看不出"


@dataclass(frozen=True, slots=True)
class Window:
    """A few weeks in a row, and how many reviews they hold."""

    first: date
    last: date
    weeks: tuple[date, ...]
    reviews: int

    @property
    def days(self) -> int:
        """Days of the window that lie inside the data."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Movement:
    """How often a theme was mentioned lately and before, and what follows from it."""

    direction: Direction
    few: bool = False
    recent: int = 0
    base: int = 0
    recent_window: Window | None = None
    base_window: Window | None = None
    excess: float = 0.0
    """Opinions above (below, when negative) what the earlier rate per review would have given."""


def windows(data: ReportData) -> tuple[Window, Window] | None:
    """Return the recent and the earlier weeks, or None when the data is too short or undated."""
    if data.first_review is None or data.run.as_of is None:
        return None
    span = day_of(data.first_review), day_of(data.run.as_of)
    reviews = {entry.week: entry.count for entry in data.weekly_reviews}
    weeks = [week for week in sorted(reviews) if _days_inside(week, *span) >= FEWEST_DAYS]
    base = weeks[-RECENT_WEEKS - BASE_WEEKS : -RECENT_WEEKS]
    if len(base) < FEWEST_BASE_WEEKS:
        return None
    return _window(weeks[-RECENT_WEEKS:], reviews, span), _window(base, reviews, span)


def movement(theme: Theme, data: ReportData) -> Movement:
    """Say where this theme is going. The module's docstring has the rule."""
    found = windows(data)
    if found is None:
        return Movement(Direction.UNKNOWN)
    now, before = found
    trend = {entry.week: entry.count for entry in theme.trend}
    recent = sum(trend.get(week, 0) for week in now.weeks)
    base = sum(trend.get(week, 0) for week in before.weeks)
    if not (now.reviews and before.reviews):
        return Movement(Direction.UNKNOWN, recent=recent, base=base)
    exposures = ((now.reviews, before.reviews), (now.days, before.days))
    few = recent + base < FEW
    if all(_rises(recent, base, exposure, _clump(theme)) for exposure in exposures):
        direction = Direction.RISING if base else Direction.NEW
    elif all(_rises(base, recent, (old, new), _clump(theme)) for new, old in exposures):
        direction = Direction.FALLING
    else:
        direction = Direction.FEW if few else Direction.STEADY
    excess = recent - base * now.reviews / before.reviews
    return Movement(direction, few, recent, base, now, before, excess)


def moved(data: ReportData, *directions: Direction) -> tuple[tuple[Theme, Movement], ...]:
    """Return the themes that move in one of these directions, largest change in opinions first."""
    pairs = [(theme, movement(theme, data)) for theme in data.themes]
    kept = [pair for pair in pairs if pair[1].direction in directions]
    return tuple(sorted(kept, key=lambda pair: (-abs(pair[1].excess), pair[0].id)))


def peak(theme: Theme) -> WeekCount | None:
    """Return the week that stands out, however long ago, or None when none does."""
    top = max(theme.trend, key=lambda entry: entry.count, default=None)
    if top is None:
        return None
    average = sum(entry.count for entry in theme.trend) / len(theme.trend)
    return top if top.count >= max(PEAK_COUNT, PEAK_RATIO * average) else None


def faded(theme: Theme, data: ReportData) -> WeekCount | None:
    """Return the theme's peak when it is over: the problem may have been solved since.

    Over means: it lies before both windows, the recent rate per review is at most a tenth of the
    peak's, and so few recent opinions are not chance (few recent reviews prove nothing).
    """
    top, move = peak(theme), movement(theme, data)
    now, before = move.recent_window, move.base_window
    if top is None or now is None or before is None or top.week >= before.weeks[0]:
        return None
    reviews = sum(entry.count for entry in data.weekly_reviews if entry.week == top.week)
    over = move.recent * reviews <= FADED * top.count * now.reviews
    sure = _rises(top.count, move.recent, (reviews, now.reviews), _clump(theme))
    return top if over and sure else None


def _clump(theme: Theme) -> float:
    return max(theme.count / max(theme.reviews, 1), 1.0)


def _rises(count: int, other: int, exposure: tuple[float, float], clump: float) -> bool:
    """Is `count` on exposure[0] clearly more than `other` on exposure[1]?"""
    expected = other * exposure[0] / exposure[1]
    if count < MIN_RATIO * expected or count - expected < MIN_EXCESS:
        return False
    chance = betainc(count / clump, other / clump + 1, exposure[0] / sum(exposure))
    return bool(chance < MAX_P)


def _window(weeks: list[date], reviews: Mapping[date, int], span: tuple[date, date]) -> Window:
    first = max(weeks[0], span[0])
    last = min(weeks[-1] + timedelta(days=6), span[1])
    return Window(first, last, tuple(weeks), sum(reviews[week] for week in weeks))


def _days_inside(week: date, first: date, last: date) -> int:
    return (min(week + timedelta(days=6), last) - max(week, first)).days + 1
