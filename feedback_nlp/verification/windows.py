"""The days before and after a release: counts of all themes and what they are divided by."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.records import Denominator
from feedback_nlp.themes.dispersion import (
    Counts,
    Flags,
    dispersions,
    usual_days,
    weekday_factors,
)
from feedback_nlp.themes.rates import DAY, Bases, ThemeDays, days_between

RECENT_DAYS: Final = 56
"""The weeks before a release that its effect is measured against."""
EARLIER_DAYS: Final = 126
"""The time before those weeks; both are whole weeks, so that each weekday counts alike."""
LEAST_DAYS: Final = 28
"""Fewer days with a base before the release say nothing about a level."""
LEAST_HISTORY: Final = 84
"""Days with a base before the release; in less, a slow decline looks like a fix."""
LEAST_AFTER: Final = 14
FLANK_RATIO: Final = 2.0
FLANK_EXCESS: Final = 3.0
"""A day beside an outlying one belongs to the spike with so many times, and so many more, reviews
than usual."""
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Case:
    """One release of one ticket, and what is known around it."""

    ticket_id: str
    release: int
    theme: ThemeDays
    others: tuple[ThemeDays, ...]
    """Themes that nobody released anything for at that time."""
    bases: Bases
    released: date
    """The first day on which everybody could have it; it counts neither as before nor as after."""
    target: float = 0.9
    """The ratio of the rates after and before that must be undercut."""
    spikes: tuple[tuple[date, date], ...] = ()
    """First and last days of spikes of the theme that people were told of."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Days before and after a release; the theme is the first row of each matrix."""

    days: tuple[date, ...]
    """Every day before the release."""
    before: Counts
    """(n_themes, n_days before)."""
    before_bases: Counts
    """(n_days before,), 0 where it is not known; days of the week levelled out."""
    usual: Flags
    """Like `before`: True on days that have a base and belong to no spike."""
    dispersion: Counts
    """(n_themes,): variance ÷ mean."""
    denominator: Denominator
    spike: tuple[date, date] | None
    """The spike that falls into the weeks before the release."""
    weekdays: Counts
    """(7,): how much more all themes get on each day of the week than on average."""
    after: Counts = field(default_factory=lambda: np.zeros(0))
    """(n_themes,): reviews after the release, on days that have a base."""
    after_base: float = 0.0
    after_days: int = 0
    """Days after the release, with or without a base."""

    @property
    def recent(self) -> Flags:
        """Tell the weeks before the release from the time before them; `(n_days before,)`."""
        return np.arange(len(self.days)) >= len(self.days) - RECENT_DAYS

    def until(self, case: Case, last: date) -> "Windows":
        """Return the same days before, and those after the release up to `last`."""
        days = days_between(case.released + DAY, last)
        bases = self.bases_of(case.bases, days)
        counts = _counts((case.theme, *case.others), days) * (bases > 0)
        return replace(
            self, after=counts.sum(1), after_base=float(bases.sum()), after_days=len(days)
        )

    def bases_of(self, bases: Bases, days: list[date]) -> Counts:
        """Return what counts of other days are divided by, levelled likewise; `(n_days,)`."""
        return _of_days(bases, days, self.denominator) * self.weekdays[_weekdays(days)]


def look_around(case: Case, *, last: date) -> Windows | None:
    """Gather the days around a release up to `last`; None where the data begin too late."""
    begin = min(case.bases.reviews, default=case.released)
    first = max(begin, case.released - DAY * (RECENT_DAYS + EARLIER_DAYS))
    days = days_between(first, case.released - DAY)
    after = days_between(case.released + DAY, last)
    denominator = _denominator(case.bases, days, after)
    of_before = _of_days(case.bases, days, denominator)
    if np.count_nonzero(of_before) < LEAST_DAYS:
        return None
    counts = _counts((case.theme, *case.others), days) * (of_before > 0)
    factors = weekday_factors(counts, of_before, _weekdays(days))
    levelled = of_before * factors[_weekdays(days)]
    usual = usual_days(counts, levelled)
    usual[0] &= ~_told(case.spikes, days)
    usual = _without_flanks(counts, levelled, usual) & (of_before > 0)
    around = Windows(
        days=tuple(days),
        before=counts,
        before_bases=levelled,
        usual=usual,
        dispersion=dispersions(counts, levelled, usual, window_days=_WEEK),
        denominator=denominator,
        spike=_spike(days, usual[0] | (of_before == 0)),
        weekdays=factors,
    )
    return around.until(case, last)


def _denominator(bases: Bases, before: list[date], after: list[date]) -> Denominator:
    """Exposure where enough days on both sides have it, else reviews."""
    known = [sum(bases.exposed(day) > 0 for day in days) for days in (before, after)]
    enough = known[0] >= min(LEAST_HISTORY, len(before)) and known[1] >= max(
        LEAST_AFTER, len(after) // 2
    )
    return Denominator.EXPOSURE if enough else Denominator.REVIEWS


def _of_days(bases: Bases, days: list[date], denominator: Denominator) -> Counts:
    if denominator is Denominator.EXPOSURE:
        return np.array([bases.exposed(day) for day in days], dtype=np.float64)
    return np.array([bases.reviews.get(day, 0) for day in days], dtype=np.float64)


def _weekdays(days: list[date]) -> npt.NDArray[np.int64]:
    return np.array([day.weekday() for day in days], dtype=np.int64)


def _counts(themes: tuple[ThemeDays, ...], days: list[date]) -> Counts:
    rows = [[theme.reviews.get(day, 0) for day in days] for theme in themes]
    return np.array(rows, dtype=np.float64).reshape(len(themes), len(days))


def _without_flanks(counts: Counts, bases: Counts, usual: Flags) -> Flags:
    """Take the days beside an outlying one for part of the same spike while they are high too."""
    mean = (counts * usual).sum(1, keepdims=True) / np.maximum(
        (bases * usual).sum(1, keepdims=True), 1e-9
    )
    expected = mean * bases
    high = (counts >= FLANK_RATIO * expected) & (counts - expected >= FLANK_EXCESS)
    while True:
        beside = np.zeros_like(usual)
        beside[:, 1:] |= ~usual[:, :-1]
        beside[:, :-1] |= ~usual[:, 1:]
        grown: Flags = usual & ~(beside & high)
        if (grown == usual).all():
            return grown
        usual = grown


def _told(spikes: tuple[tuple[date, date], ...], days: list[date]) -> npt.NDArray[np.bool_]:
    told = [any(first <= day <= last for first, last in spikes) for day in days]
    return np.array(told, dtype=np.bool_)


def _spike(days: list[date], usual: Flags) -> tuple[date, date] | None:
    """Return the first and the last unusual day of the weeks before the release."""
    recent = days[-1] - timedelta(days=RECENT_DAYS)
    found = [day for day, is_usual in zip(days, usual, strict=True) if not is_usual]
    late = [day for day in found if day > recent]
    return (late[0], late[-1]) if late else None
