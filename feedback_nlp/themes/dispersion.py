"""How far counts stray beyond chance: outlying days, days of the week, variance ÷ mean."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import nbinom

Counts = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

USUAL: Final = 2.0
"""Variance ÷ mean of review counts where the data says little."""
TRUST: Final = 30.0
"""Degrees of freedom that this, and then the other themes, weigh against a theme's own counts."""
LEAST: Final = 1.01
"""The smallest dispersion in use; counts steadier than chance are taken for chance."""
_OUTLYING: Final = 1e-4
_OUTLIER_DISPERSION: Final = 6.0
_MOST_OUTLYING: Final = 0.25
_ROUNDS: Final = 3
_WEEKDAYS: Final = 7
_WEEKDAY_TRUST: Final = 350.0
"""Counts from which on the days of the week are believed more than the lack of a pattern."""


def usual_days(counts: Counts, bases: Counts) -> Flags:
    """Tell which baseline days are no earlier spike; `(n_themes, n_days)` like `counts`.

    A day is left out when the theme's other days make its count improbable, at most a quarter of
    the days: what lasts longer is a new level, not a spike. `bases` is `(n_days,)`.
    """
    usual = np.ones(counts.shape, dtype=np.bool_)
    most = int(_MOST_OUTLYING * counts.shape[1])
    for _ in range(_ROUNDS):
        others = (counts * usual).sum(1, keepdims=True) - counts * usual
        base = (bases * usual).sum(1, keepdims=True) - bases * usual
        mean = (others + 0.5) * bases / np.maximum(base, 1e-9)
        unlikely = _upper_tail(counts, mean)
        # Stable, so that of equally unlikely days the earlier one goes first.
        rank = unlikely.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        usual = (unlikely > _OUTLYING) | (rank >= most)
    return usual


def weekday_factors(counts: Counts, bases: Counts, weekdays: npt.NDArray[np.int64]) -> Counts:
    """Return how much more all themes get on each day of the week than on average; `(7,)`.

    Medians over the weeks, so that an earlier spike does not make its day of the week a busy one;
    drawn towards 1 where counts are few. `weekdays` is `(n_days,)`, 0 for Monday.
    """
    total = counts.sum(0)
    known = bases > 0
    if not known.any() or not total.any():
        return np.ones(_WEEKDAYS)
    rates = np.divide(total, bases, out=np.zeros_like(bases), where=known)
    medians = np.array(
        [_median(rates[known & (weekdays == weekday)]) for weekday in range(_WEEKDAYS)]
    )
    if np.isnan(medians).any() or not medians.any():
        return np.ones(_WEEKDAYS)
    trust = total.sum() / (total.sum() + _WEEKDAY_TRUST)
    factors: Counts = 1 + trust * (medians / medians.mean() - 1)
    return factors


def dispersions(counts: Counts, bases: Counts, usual: Flags, *, window_days: int) -> Counts:
    """Return variance ÷ mean of counts over `window_days` in the baseline; `(n_themes,)`.

    Each theme has its own figure for single days, drawn towards that of all themes, and this
    towards `USUAL`, by degrees of freedom: few counts say little about their variance. Days that
    resemble the day before make sums over windows stray further than single days; how much
    further is measured on all themes together, as a theme has too few windows of its own.

    Source: moment (Pearson) estimator of the quasi-Poisson dispersion; P. McCullagh, J. A. Nelder,
    Generalized Linear Models (1989), section 4.5.
    """
    seen, base = counts * usual, bases * usual
    means = seen.sum(1, keepdims=True) / np.maximum(base.sum(1, keepdims=True), 1e-9) * base
    own, free = _pearson(seen, means)
    shared = _shared(own, free)
    daily = (own * free + shared * TRUST) / (free + TRUST)
    together = _shared(*_pearson(_windows(seen, window_days), _windows(means, window_days)))
    drawn = np.maximum(daily * max(1.0, together / shared), LEAST)
    # A standard error more: a figure that is too low by chance would raise an alarm by itself.
    cautious: Counts = 1 + (drawn - 1) * (1 + np.sqrt(2 / (free + TRUST)))
    return cautious


def _pearson(sums: Counts, means: Counts) -> tuple[Counts, Counts]:
    """Return variance ÷ mean and the degrees of freedom behind it, per row."""
    n_sums = sums.shape[1]
    total = means.sum(1)
    if n_sums < 2:  # noqa: PLR2004 (a variance needs two)
        return np.full(len(sums), USUAL), np.zeros(len(sums))
    squares = ((sums - means) ** 2).sum(1)
    own = np.divide(squares, total, out=np.full(len(sums), USUAL), where=total > 0)
    return own * n_sums / (n_sums - 1), np.minimum(n_sums - 1, total)


def _shared(own: Counts, free: Counts) -> float:
    return float(((own * free).sum() + USUAL * TRUST) / (free.sum() + TRUST))


def _upper_tail(counts: Counts, mean: Counts) -> Counts:
    size = np.maximum(mean, 1e-9) / (_OUTLIER_DISPERSION - 1)
    tail: Counts = nbinom.sf(counts - 1, size, 1 / _OUTLIER_DISPERSION)
    return tail


def _windows(values: Counts, days: int) -> Counts:
    """Sum the last days in steps of `days`; a rest at the front is left out."""
    n_windows = values.shape[1] // days
    kept = values[:, values.shape[1] - n_windows * days :]
    sums: Counts = kept.reshape(len(values), n_windows, days).sum(2)
    return sums


def _median(values: Counts) -> float:
    return float(np.median(values)) if values.size else float("nan")
