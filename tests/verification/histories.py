"""Days of reviews around a release, made up without chance."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from feedback_nlp.themes.rates import DAY, Bases, ThemeDays
from feedback_nlp.verification.windows import Case

RELEASED = date(2026, 3, 16)
BEFORE = 182
AFTER = 120

Level = Callable[[int], float]
"""Days since the release -> reviews a day."""


def theme(level: Level, *, name: str = "T-0001", before: int = BEFORE) -> ThemeDays:
    """Return whole counts whose running sum follows the level."""
    days = {}
    due = 0.0
    for time in range(-before, AFTER + 1):
        due += level(time)
        count = int(due)
        if count:
            days[RELEASED + DAY * time] = count
            due -= count
    return ThemeDays(name, name, days, {})


def steady(per_day: float) -> Level:
    return lambda _: per_day


def fixed(per_day: float, *, left: float) -> Level:
    """The rate falls on the day after the release to this share."""
    return lambda time: per_day * (left if time > 0 else 1.0)


CROWD = steady(400)


def case(level: Level, *, others: int = 8, base: Level = CROWD, **fields: object) -> Case:
    days = [RELEASED + DAY * time for time in range(-BEFORE, AFTER + 1)]
    bases = Bases({day: int(base((day - RELEASED).days)) for day in days})
    controls = tuple(theme(steady(2 + n / 3), name=f"T-{n + 2:04}") for n in range(others))
    made = Case("K-0001", 1, theme(level), controls, bases, RELEASED)
    return replace(made, **fields)  # type: ignore[arg-type]
