"""Users who have a release against those who do not, on the same days: widen, wait or stop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log2
from typing import Final

import numpy as np

from feedback_nlp.records import Advice, Denominator, Rollout
from feedback_nlp.themes.dispersion import dispersions, usual_days
from feedback_nlp.themes.rates import DAY, Bases, ThemeDays, days_between
from feedback_nlp.verification.sequential import (
    FloatArray,
    SideDay,
    Span,
    less_what_was,
    log_likelihood,
    span,
    split_dispersion,
)

BEFORE_DAYS: Final = 56
"""Days before a release on which the two sides are compared for what they were already."""
TRUST: Final = 30
"""Degrees of freedom that the theme's own dispersion weighs against that of the split."""
MOST_TIMES: Final = 1024
"""Nobody is told to wait for more than so many times what has been heard."""
_HALVINGS: Final = 8


@dataclass(frozen=True, slots=True)
class Sides:
    """A theme on both sides of a rollout, day by day in any order."""

    release: int
    as_of: date
    first: date
    last: date
    """The days after the release that are compared, both included."""
    days: tuple[SideDay, ...]
    denominator: Denominator
    target: float
    """The ratio that must be undercut."""
    dispersion: float
    """Variance ÷ mean of the theme's counts before the release."""
    before: tuple[SideDay, ...] | None = None
    """Days before the release; None where the sides cannot have differed, as with versions."""


def compare_sides(sides: Sides) -> Rollout:
    """Compare the two sides and say what may be done; it may be asked every day.

    WIDEN: the interval of the ratio lies below the target. STOP: it lies above 1. Else, and always
    where the sides may have differed before and nothing tells how much: WAIT.

    Raises:
        ValueError: the target is not a ratio in (0, 1].
    """
    if not 0 < sides.target <= 1:
        raise ValueError(f"target is {sides.target}, not in (0, 1]")
    earlier = _heard(sides.before)
    dispersion = _dispersion(sides)
    found = span(_likely(sides, earlier, dispersion))
    is_blind = sides.before is not None and not earlier
    advice = Advice.WAIT if is_blind else _advise(found, sides.target)
    is_open = advice is Advice.WAIT and not is_blind
    return Rollout(
        release=sides.release,
        as_of=sides.as_of,
        first=sides.first,
        last=sides.last,
        count_with=sum(day.count for day in sides.days),
        base_with=sum(day.base for day in sides.days),
        count_without=sum(day.other_count for day in sides.days),
        base_without=sum(day.other_base for day in sides.days),
        ratio=found.ratio,
        low=found.low,
        high=found.high,
        advice=advice,
        denominator=sides.denominator,
        dispersion=dispersion,
        more=_more(sides, earlier, dispersion) if is_open else None,
        before_count=None if sides.before is None else _total(earlier),
        before_ratio=span(log_likelihood(earlier, dispersion=1.0)).ratio if earlier else None,
    )


def _heard(days: Sequence[SideDay] | None) -> list[SideDay]:
    """Return the days that tell something of the theme; none when nobody spoke of it."""
    told = [day for day in days or () if day.tells]
    return told if _total(told) else []


def _dispersion(sides: Sides) -> float:
    split, free = split_dispersion(sides.before or ())
    drawn = (split * free + sides.dispersion * TRUST) / (free + TRUST)
    return max(1.0, sides.dispersion, drawn)


def _likely(
    sides: Sides, earlier: Sequence[SideDay], dispersion: float, times: float = 1.0
) -> FloatArray:
    if earlier:
        return less_what_was(sides.days, earlier, dispersion=dispersion, times=times)
    return log_likelihood(sides.days, dispersion=dispersion, times=times)


def _advise(found: Span, target: float) -> Advice:
    if found.high < target:
        return Advice.WIDEN
    return Advice.STOP if found.low > 1 else Advice.WAIT


def _more(sides: Sides, earlier: Sequence[SideDay], dispersion: float) -> int | None:
    """Return how many more reviews of the theme would do if it went on like this.

    None when nothing was heard, or when not even a thousand times as much would do: the ratio lies
    between the target and 1, or what was before is known too little.
    """
    heard = _total(day for day in sides.days if day.tells)

    def _does(times: float) -> bool:
        found = span(_likely(sides, earlier, dispersion, times))
        return _advise(found, sides.target) is not Advice.WAIT

    if not heard or not _does(MOST_TIMES):
        return None
    least, most = 0.0, log2(MOST_TIMES)
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        least, most = (least, middle) if _does(2**middle) else (middle, most)
    return ceil((2**most - 1) * heard)


def _total(days: Iterable[SideDay]) -> int:
    return sum(day.count + day.other_count for day in days)


def dispersion_before(theme: ThemeDays, bases: Bases, *, released: date) -> float:
    """Return variance ÷ mean of the theme's daily counts in the weeks before a release.

    Drawn towards the usual one where little is known, see `themes.dispersion`.
    """
    days = days_between(released - DAY * BEFORE_DAYS, released - DAY)
    base = np.array([bases.reviews.get(day, 0) for day in days], np.float64)
    counts = np.array([[theme.reviews.get(day, 0) for day in days]], np.float64) * (base > 0)
    usual = usual_days(counts, base) & (base > 0)
    return float(dispersions(counts, base, usual, window_days=1)[0])
