"""How much themes move by themselves: the others over the same days, as a control."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

USUAL_SPREAD: Final = 0.1
"""Standard deviation of log ratios that is believed where few themes say anything."""
TRUST: Final = 5.0
"""So many themes weigh as much as this belief."""


@dataclass(frozen=True, slots=True)
class Control:
    """What becomes of a theme that nobody works on; natural logarithms."""

    themes: int
    drift: float = 0.0
    """Mean of the log ratios."""
    drift_variance: float = 0.0
    spread: float = USUAL_SPREAD
    """Standard deviation of the log ratios beyond chance."""

    @property
    def variance(self) -> float:
        """How far a theme that nobody works on strays from no change."""
        return self.drift_variance + self.spread**2


def pool(values: FloatArray, variances: FloatArray) -> Control:
    """Pool one value per theme, each with the variance that chance gives it; both `(n_themes,)`.

    The spread beyond chance is drawn towards the usual one, by the number of themes.

    Source: random-effects meta-analysis; R. DerSimonian, N. Laird (1986), Meta-analysis in clinical
    trials.
    """
    if not values.size:
        return Control(0)
    spread = (_between(values, variances) * values.size + USUAL_SPREAD**2 * TRUST) / (
        values.size + TRUST
    )
    weights = 1 / (variances + spread)
    # One more "theme" without any drift: a single theme must not move the yardstick by itself.
    total = float(weights.sum()) + 1 / (spread + USUAL_SPREAD**2)
    drift = float((weights * values).sum() / total)
    return Control(int(values.size), drift, 1 / total, float(np.sqrt(spread)))


def _between(values: FloatArray, variances: FloatArray) -> float:
    if values.size < 2:  # noqa: PLR2004 (a variance needs two)
        return USUAL_SPREAD**2
    weights = 1 / variances
    mean = (weights * values).sum() / weights.sum()
    excess = (weights * (values - mean) ** 2).sum() - (values.size - 1)
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    return max(0.0, float(excess / scale))
