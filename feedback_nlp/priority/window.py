"""The quarter that reach is counted over, and how its count becomes that of a whole quarter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.records import Voice
from feedback_nlp.themes.trend import day_of

QUARTER_DAYS: Final = 91
MIN_COVERED: Final = 0.5
"""Share of the days of the window whose exposure must be known for it to be used."""
MIN_DAYS: Final = 7
"""Less than a week is not scaled up further: one bad day is not a quarter."""
RECENT_DAYS: Final = 28
"""The exposure of the coming quarter is taken from these last days."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose opinions count for reach."""

    first: date | None
    """None: no dates, everything counts."""
    days: int
    """Days of the data in it."""
    exposure: Mapping[date, int]
    """Orders or active users of those days that have them; only these days count then. Empty when
    too few have."""
    daily: float
    """Mean exposure of the last days; 0 without any."""

    def holds(self, voice: Voice) -> bool:
        """Say that an opinion counts; one without a time does."""
        if self.first is None or voice.created_at is None:
            return True
        day = day_of(voice.created_at)
        return day in self.exposure if self.exposure else day >= self.first

    @property
    def exposed(self) -> int:
        """Exposure of the whole window."""
        return sum(self.exposure.values())

    @property
    def scale(self) -> float:
        """What a count in the window is multiplied by to be that of a quarter.

        With exposure: rate x exposure of a quarter like the last weeks. Otherwise by days.
        """
        if self.exposure:
            return self.daily * QUARTER_DAYS / self.exposed
        return 1.0 if self.first is None else QUARTER_DAYS / max(self.days, MIN_DAYS)


def window_of(grounds: Grounds) -> Window:
    """Return the quarter that ends with the newest review."""
    as_of = grounds.as_of
    if as_of is None:
        return Window(None, 0, {}, 0.0)
    first = as_of - timedelta(days=QUARTER_DAYS - 1)
    known = {
        day: count
        for day, count in sorted(grounds.exposure.items())
        if first <= day <= as_of and count > 0
    }
    days = min(grounds.span_days, QUARTER_DAYS)
    if len(known) < max(MIN_DAYS, MIN_COVERED * days):
        known = {}
    recent = list(known.values())[-RECENT_DAYS:]
    daily = sum(recent) / len(recent) if recent else 0.0
    return Window(first, days, known, daily)
