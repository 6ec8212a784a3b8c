"""The watch after a fix: does a problem that was solved come back?"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln
from scipy.stats import gamma, nbinom, poisson

from feedback_nlp.records import Relapse
from feedback_nlp.themes.rates import DAY, days_between
from feedback_nlp.verification.windows import Case, Windows, look_around

FloatArray = npt.NDArray[np.float64]

HORIZON: Final = 182
FALSE_ALARMS: Final = 0.05
"""Probability that a fixed problem raises an alarm within so many days."""
GUARD: Final = 28
"""Days that the verified level is not learnt from."""
LEAST_RISE: Final = 1.5
"""A relapse is at least this many times the level that was verified."""
_CAUTION: Final = 0.6
"""Quantile of the verified level: few reviews after a release leave it uncertain."""
_WEEK: Final = 7
_STATES: Final = 60
_HALVINGS: Final = 12
_HIGHEST: Final = 30.0
_POISSON: Final = 1.02
"""Variance ÷ mean below which counts are taken for Poisson."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Reviews per unit of base at the verified level and at that of a relapse."""

    fixed: float
    relapsed: float
    dispersion: float


def watch(case: Case, *, verified: date, as_of: date) -> Relapse | None:
    """Return the first alarm after day `verified`, by what is known on day `as_of`.

    A CUSUM of log-likelihood ratios, day by day: the rate of the weeks before the release against
    that since the release, counts being negative binomial. What is learnt after the verification
    makes the verified level surer, up to `GUARD` days before the day that is watched, so that a
    relapse does not vouch for itself. The threshold is the one that a fixed problem crosses in at
    most one of twenty quarters.

    Source: E. S. Page (1954), Continuous inspection schemes; for counts M. Höhle, M. Paul (2008),
    Count data regression charts for the monitoring of surveillance time series; threshold by the
    Markov chain of D. Brook, D. A. Evans (1972).
    """
    around = look_around(case, last=verified)
    if around is None:
        return None
    # As if somebody had looked every week: a late look finds what an early one would have found.
    looks = [*days_between(verified + DAY, as_of)][_WEEK - 1 :: _WEEK]
    for day in dict.fromkeys((*looks, as_of)):
        learnt = max(verified, day - DAY * GUARD)
        if day > verified and (found := _alarm(case, around.until(case, learnt), learnt, day)):
            return found
    return None


def _alarm(case: Case, around: Windows, learnt: date, as_of: date) -> Relapse | None:
    """Return an alarm after the day up to which the level was learnt."""
    if around.after_base <= 0:
        return None
    days = days_between(learnt + DAY, as_of)
    counts = np.array([case.theme.reviews.get(day, 0) for day in days], dtype=np.float64)
    bases = around.bases_of(case.bases, days)
    if not bases.any():
        return None
    levels = _levels(around)
    threshold = threshold_of(levels, float(bases[bases > 0].mean()))
    total, since = 0.0, 0
    for place, (count, base) in enumerate(zip(counts, bases, strict=True)):
        total += evidence_of(np.array([count]), base, levels)[0] if base > 0 else 0.0
        if total <= 0:
            total, since = 0.0, place + 1
        if total > threshold:
            seen = slice(since, place + 1)
            return Relapse(
                alarm=days[place],
                since=days[since],
                statistic=float(total),
                threshold=threshold,
                count=int(counts[seen].sum()),
                expected=float(levels.fixed * bases[seen].sum()),
            )
    return None


def _levels(around: Windows) -> Levels:
    spread = float(around.dispersion[0])
    effective = float(around.after[0]) / spread
    fixed = float(gamma.ppf(_CAUTION, effective + 0.5)) * spread / around.after_base
    recent = around.recent & (around.before_bases > 0)
    before = (around.before[0][recent].sum() + 0.5) / around.before_bases[recent].sum()
    return Levels(fixed, max(float(before), LEAST_RISE * fixed), spread)


def evidence_of(counts: FloatArray, base: float, levels: Levels) -> FloatArray:
    """Return log P(count | relapsed) - log P(count | fixed) of a day."""
    fixed, relapsed = levels.fixed * base, levels.relapsed * base
    if levels.dispersion <= _POISSON:
        ratios: FloatArray = counts * np.log(relapsed / fixed) - (relapsed - fixed)
        return ratios
    low, high = (mean / (levels.dispersion - 1) for mean in (fixed, relapsed))
    evidence: FloatArray = (
        gammaln(counts + high)
        - gammaln(high)
        - gammaln(counts + low)
        + gammaln(low)
        - (high - low) * np.log(levels.dispersion)
    )
    return evidence


def threshold_of(levels: Levels, base: float) -> float:
    """Return the height that the sum of a fixed problem passes as rarely as it should."""
    mean = levels.fixed * base
    counts = np.arange(int(mean + 12 * np.sqrt(mean * levels.dispersion)) + 20, dtype=np.float64)
    if levels.dispersion <= _POISSON:
        chances = poisson.pmf(counts, mean)
    else:
        chances = nbinom.pmf(counts, mean / (levels.dispersion - 1), 1 / levels.dispersion)
    steps = evidence_of(counts, base, levels)
    low, high = 0.0, _HIGHEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if alarm_chance(steps, chances, middle) > FALSE_ALARMS:
            low = middle
        else:
            high = middle
    return high


def alarm_chance(steps: FloatArray, chances: FloatArray, height: float) -> float:
    """Return the probability that the sum passes `height` within the horizon."""
    width = height / _STATES
    places = np.arange(_STATES + 1) * width
    targets = np.rint((places[:, None] + steps) / width).astype(np.int64)
    targets = np.clip(targets, 0, _STATES + 1)
    n = _STATES + 2
    flat = (np.arange(_STATES + 1)[:, None] * n + targets).ravel()
    moves = np.bincount(flat, np.tile(chances, _STATES + 1), minlength=n * n).reshape(n, n)
    moves[-1, -1] = 1.0
    return float(np.linalg.matrix_power(moves, HORIZON)[0, -1])
