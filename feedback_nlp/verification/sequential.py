"""Two sides watched day by day: a ratio that may be looked at every day without correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

FloatArray = npt.NDArray[np.float64]

ALPHA: Final = 0.05
"""How often an interval ever leaves out the truth, on whatever day one looks, at most."""
PRIOR_SD: Final = 0.7
"""Of the log ratio that effects are expected to have: two thirds lie between a half and twice."""
LARGEST: Final = 5.0
"""Log of the largest ratio that is told from still larger ones, 148; the smallest is 1/148."""
LARGEST_RATIO: Final = float(np.exp(LARGEST))
_STEPS: Final = 500
_GRID: Final = np.linspace(-LARGEST, LARGEST, 2 * _STEPS + 1)
_WIDE: Final = np.linspace(-2 * LARGEST, 2 * LARGEST, 4 * _STEPS + 1)
_PRIOR: Final = -0.5 * (_GRID / PRIOR_SD) ** 2
_LOG_PRIOR: Final = _PRIOR - logsumexp(_PRIOR)
_PSEUDO: Final = 0.5
"""Reviews that either side has before a release besides those that were counted."""
_SURE: Final = 1e-12
"""The least chance of either side, so that nothing divides by 0."""


@dataclass(frozen=True, slots=True)
class SideDay:
    """What a theme got on one day from users with a release and from those without it."""

    count: int
    base: int
    """All reviews, or exposure, of those who have it."""
    other_count: int
    other_base: int

    @property
    def tells(self) -> bool:
        """Say that there was anybody on both sides; otherwise the day says nothing."""
        return self.base > 0 and self.other_base > 0


@dataclass(frozen=True, slots=True)
class Span:
    """A ratio with its confidence sequence."""

    ratio: float
    low: float
    high: float


def log_ratios() -> FloatArray:
    """Return the log ratios on which everything is computed; `(n_grid,)`, 0 in the middle."""
    return _GRID.copy()


def log_likelihood(days: Sequence[SideDay], *, dispersion: float, times: float = 1.0) -> FloatArray:
    """Return the log likelihood of each ratio on the grid; `(n_grid,)`, 0 everywhere without days.

    Of the theme's reviews of one day each comes from the side with the release with probability
    r b / (r b + 1 - b), where r is the ratio of the rates and b the share of this side in the base
    of that day. What befalls both sides alike cancels out, and b may change from day to day.
    Divided by the dispersion (variance ÷ mean of the counts, at least 1). `times`: as if all of it
    had been heard so many times.
    """
    return _log_likelihood(days, _GRID) * times / max(dispersion, 1.0)


def less_what_was(
    days: Sequence[SideDay],
    before: Sequence[SideDay],
    *,
    dispersion: float,
    times: float = 1.0,
) -> FloatArray:
    """Return the log likelihood of each ratio of ratios: that since ÷ that before the release.

    The ratio before is what its own days tell, half a review more on either side (Jeffreys' prior
    for one day, or for days with equal shares); it is integrated out.
    """
    likely = _log_likelihood(days, _WIDE) * times / max(dispersion, 1.0)
    weights = _log_likelihood(before, _GRID) / max(dispersion, 1.0)
    weights += _PSEUDO * _log_likelihood([_one_each(before)], _GRID)
    weights -= logsumexp(weights)
    # Row i holds the likelihoods of (ratio i) x (each ratio before).
    shifted = np.lib.stride_tricks.sliding_window_view(likely, _GRID.size)
    found: FloatArray = logsumexp(shifted + weights, axis=1)
    return found


def log_e_values(likely: FloatArray) -> FloatArray:
    """Return the log evidence against each ratio; like `likely`, `(..., n_grid)`.

    The likelihood of all ratios, mixed by a normal prior on the log ratio, ÷ that of one ratio. If
    this ratio is the true one the quotient is a martingale that begins at 1, so that the chance
    that it ever reaches 1 ÷ alpha is at most alpha (Ville), however often one looks.

    Source: H. Robbins, Statistical methods related to the law of the iterated logarithm, Annals of
    Mathematical Statistics 41 (1970); S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon,
    Time-uniform, nonparametric, nonasymptotic confidence sequences, Annals of Statistics 49 (2021);
    A. Ramdas, P. Grünwald, V. Vovk, G. Shafer, Game-theoretic statistics and safe anytime-valid
    inference, Statistical Science 38 (2023).
    """
    mixed = logsumexp(likely + _LOG_PRIOR, axis=-1, keepdims=True)
    evidence: FloatArray = mixed - likely
    return evidence


def span(likely: FloatArray, *, alpha: float = ALPHA) -> Span:
    """Return the likeliest ratio and all those with less evidence than 1 ÷ alpha against them.

    The ends are the nearest grid points outside, so that the grid costs width and never coverage.
    An end at the edge of the grid is 0 below, and above it stands for all larger ratios.
    """
    accepted = np.flatnonzero(log_e_values(likely) < -np.log(alpha))
    low, high = max(accepted[0] - 1, 0), min(accepted[-1] + 1, _GRID.size - 1)
    if np.ptp(likely) == 0:
        return Span(1.0, 0.0, _ratio(_GRID[-1]))
    best = _top(likely)
    return Span(
        ratio=_ratio(min(max(best, _GRID[low]), _GRID[high])),
        low=_ratio(_GRID[low]),
        high=_ratio(_GRID[high]),
    )


def split_dispersion(days: Sequence[SideDay]) -> tuple[float, int]:
    """Return how far the split of each day strays beyond chance, and the degrees of freedom.

    Source: P. McCullagh, J. A. Nelder, Generalized Linear Models (1989), section 4.5.
    """
    told = [day for day in days if day.tells and day.count + day.other_count]
    if len(told) < 2:  # noqa: PLR2004 (a variance needs two)
        return 1.0, 0
    counts, others, odds = _columns(told)
    share = 1 / (1 + np.exp(-odds - _top(_log_likelihood(told, _GRID))))
    share, total = np.clip(share, _SURE, 1 - _SURE), counts + others
    squares = (counts - total * share) ** 2 / (total * share * (1 - share))
    return float(squares.sum() / (len(told) - 1)), len(told) - 1


def _log_likelihood(days: Sequence[SideDay], at: FloatArray) -> FloatArray:
    counts, others, odds = _columns(days)
    logits = at[:, None] + odds
    # Stable for all logits: log(1 + exp(x)) by parts.
    found: FloatArray = -(counts * np.logaddexp(0, -logits) + others * np.logaddexp(0, logits)).sum(
        1
    )
    return found


def _columns(days: Sequence[SideDay]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return counts of both sides and log odds of the base; days that say nothing are left out."""
    rows = [
        (day.count, day.other_count, np.log(day.base) - np.log(day.other_base))
        for day in days
        if day.tells
    ]
    counts, others, odds = np.array(rows, np.float64).reshape(-1, 3).T
    return counts, others, odds


def _one_each(days: Sequence[SideDay]) -> SideDay:
    told = [day for day in days if day.tells]
    base, other = sum(day.base for day in told), sum(day.other_base for day in told)
    return SideDay(1, base, 1, other)


def _top(likely: FloatArray) -> float:
    """Return where the likelihood is highest, between the grid points by a parabola."""
    place = int(likely.argmax())
    if place in {0, _GRID.size - 1}:
        return float(_GRID[place])
    left, middle, right = likely[place - 1 : place + 2]
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(_GRID[place] + shift * (_GRID[1] - _GRID[0]))


def _ratio(log_ratio: float) -> float:
    return 0.0 if log_ratio <= _GRID[0] else float(np.exp(log_ratio))
