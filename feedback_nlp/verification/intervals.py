"""Intervals of rate ratios from few counts, with what else is uncertain about them."""

from typing import Final

import numpy as np
from scipy.stats import beta, norm

LEVEL: Final = 0.95
"""Of the interval of a ratio at one look."""
_TAIL: Final = (1 - LEVEL) / 2
_POINTS: Final = 199
_NODES: Final = 41
_PLACES: Final = (np.arange(_POINTS) + 0.5) / _POINTS
_SHIFTS: Final = norm.ppf((np.arange(_NODES) + 0.5) / _NODES)


def ratio_interval(
    after: float, before: float, times: float, *, shift: float, variance: float
) -> tuple[float, float]:
    """Return the interval of `after ÷ before x times ÷ exp(shift)`.

    `after` and `before` are counts divided by their dispersion, `times` the base before ÷ the base
    after, `shift` what the log ratio would be without any effect, known with this `variance`.

    Source: Jeffreys interval of a binomial share, as in `themes.spikes`; its posterior is convolved
    with the normal one of the shift on a grid of quantiles.
    """
    shares = beta.ppf(_PLACES, after + 0.5, before + 0.5)
    shares = np.clip(shares, 1e-300, 1 - 1e-15)
    logs = np.log(shares) - np.log1p(-shares) + np.log(times) - shift
    if variance > 0:
        logs = (logs[:, None] + np.sqrt(variance) * _SHIFTS).ravel()
    low, high = np.exp(np.quantile(logs, (_TAIL, 1 - _TAIL)))
    return float(low), float(high)
