"""Where themes were heading before a release: log-linear trends of their rates."""

from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.themes.dispersion import Counts, Flags

FloatArray = npt.NDArray[np.float64]

_ROUNDS: Final = 8
_LEAST: Final = 1e-12
_STEEPEST: Final = 0.1
"""Per day; data that is steeper than this is a spike, not a trend."""


def fit_slopes(counts: Counts, bases: Counts, usual: Flags) -> tuple[FloatArray, FloatArray]:
    """Fit log rate = level + slope x day to each theme; counts and usual `(n_themes, n_days)`.

    Returns the slopes per day and their variances if counts were Poisson, each `(n_themes,)`;
    a theme without counts has an infinite variance.

    Source: Poisson regression by Newton's method; P. McCullagh, J. A. Nelder, Generalized Linear
    Models (1989), chapter 6.
    """
    seen, base = counts * usual, bases * usual
    days = np.arange(counts.shape[1], dtype=np.float64)
    days -= days.mean()
    slopes = np.zeros(len(counts))
    total = seen.sum(1)
    information = np.zeros(len(counts))
    for _ in range(_ROUNDS):
        weight = base * np.exp(slopes[:, None] * days)
        weight /= np.maximum(weight.sum(1, keepdims=True), _LEAST)
        away = days - (weight * days).sum(1, keepdims=True)
        information = np.maximum(total * (weight * away**2).sum(1), _LEAST)
        slopes = np.clip(slopes + (seen * away).sum(1) / information, -_STEEPEST, _STEEPEST)
    return slopes, np.where(total > 0, 1 / information, np.inf)
