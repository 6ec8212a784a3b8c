"""The theme after a release against three baselines: before, earlier, and where it was heading."""

from math import exp
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.records import Baseline, Comparison
from feedback_nlp.themes.dispersion import Flags
from feedback_nlp.verification.controls import USUAL_SPREAD, Control, pool
from feedback_nlp.verification.intervals import ratio_interval
from feedback_nlp.verification.slopes import fit_slopes
from feedback_nlp.verification.windows import LEAST_DAYS, Windows

FloatArray = npt.NDArray[np.float64]

LEAST_OF_CONTROL: Final = 10
"""Reviews of another theme on either side, for it to be a control."""
USUAL_SLOPE: Final = 0.015 / 7
"""Standard deviation of the trends of themes, per day, where few themes say anything."""
_LEAST_BASE: Final = 1e-9


def compare(windows: Windows) -> tuple[tuple[Comparison, Comparison, Comparison], Control]:
    """Compare with the weeks before, with the earlier time, with the trend, in this order.

    The control is that of the weeks before.
    """
    recent, earlier = _baselines(windows)
    control = _control(windows, recent)
    comparisons = (
        _against(windows, Baseline.RECENT, recent, control),
        _against(windows, Baseline.EARLIER, earlier, _control(windows, earlier)),
        _against_trend(windows),
    )
    return comparisons, control


def _baselines(windows: Windows) -> tuple[Flags, Flags]:
    """Return the days of the weeks before the release, spikes among them, and the earlier ones.

    Where a spike falls into those weeks the earlier days are all before it. Without enough earlier
    days the weeks themselves are cut in half.
    """
    known = windows.before_bases > 0
    recent = windows.recent & known
    earlier = ~windows.recent & windows.usual[0]
    if windows.spike is not None:
        before_spike = np.array([day < windows.spike[0] for day in windows.days])
        earlier = before_spike & windows.usual[0]
    elif np.count_nonzero(earlier) < LEAST_DAYS:
        places = np.flatnonzero(known)
        half = places[len(places) // 2]
        younger = np.arange(len(known)) >= half
        recent, earlier = known & younger, known & ~younger & windows.usual[0]
    return recent, earlier


def _against(windows: Windows, baseline: Baseline, days: Flags, control: Control) -> Comparison:
    count = float(windows.before[0][days].sum())
    base = max(float(windows.before_bases[days].sum()), _LEAST_BASE)
    return _comparison(
        windows, baseline, days, (count, base), shift=control.drift, variance=control.variance
    )


def _comparison(
    windows: Windows,
    baseline: Baseline,
    days: Flags,
    before: tuple[float, float],
    *,
    shift: float,
    variance: float,
) -> Comparison:
    count, base = before
    after = float(windows.after[0])
    times = base / windows.after_base
    spread = float(windows.dispersion[0])
    low, high = ratio_interval(
        after / spread, count / spread, times, shift=shift, variance=variance
    )
    # Half a review more on either side: never seen before is no proof of never.
    expected = (count + 0.5) / times * exp(shift)
    places = np.flatnonzero(days)
    return Comparison(
        baseline=baseline,
        first=windows.days[places[0] if places.size else 0],
        last=windows.days[places[-1] if places.size else 0],
        days=int(places.size),
        count=int(count),
        expected=expected,
        ratio=min(max((after + 0.5) / expected, low), high),
        low=low,
        high=high,
    )


def _control(windows: Windows, days: Flags) -> Control:
    """Pool the log ratios of the other themes over the same days; spikes make none of them."""
    before = (windows.before[1:] * days).sum(1)
    after = windows.after[1:]
    calm = windows.usual[1:][:, windows.before_bases > 0].all(1)
    heard = (before >= LEAST_OF_CONTROL) & (after >= LEAST_OF_CONTROL) & calm
    times = float(windows.before_bases[days].sum()) / windows.after_base
    if not heard.any() or times <= 0:
        return Control(0)
    dispersion = windows.dispersion[1:][heard]
    values = np.log((after[heard] + 0.5) / (before[heard] + 0.5) * times)
    variances = dispersion * (1 / (after[heard] + 0.5) + 1 / (before[heard] + 0.5))
    return pool(values, variances)


def _against_trend(windows: Windows) -> Comparison:
    """Compare with where the theme was heading, its slope drawn towards that of the others."""
    days = windows.usual[0]
    if windows.spike is not None:
        days = days & np.array([day < windows.spike[0] for day in windows.days])
    count = float(windows.before[0][days].sum())
    base = max(float(windows.before_bases[days].sum()), _LEAST_BASE)
    slope, variance = _drawn(
        windows, *fit_slopes(windows.before, windows.before_bases, windows.usual)
    )
    places = np.arange(len(windows.days), dtype=np.float64)
    weights = windows.before_bases * days
    centre = float((places * weights).sum() / max(weights.sum(), _LEAST_BASE))
    ahead = len(windows.days) + (windows.after_days + 1) / 2 - centre
    return _comparison(
        windows,
        Baseline.TREND,
        days,
        (count, base),
        shift=slope * ahead,
        variance=variance * ahead**2,
    )


def _drawn(windows: Windows, slopes: FloatArray, variances: FloatArray) -> tuple[float, float]:
    """Return the slope of the theme and its variance, the others being the prior."""
    beyond_chance = variances * windows.dispersion
    others = np.isfinite(beyond_chance[1:]) & (windows.before[1:].sum(1) >= LEAST_OF_CONTROL)
    # `pool` measures spreads of about a tenth; slopes are brought to its scale and back.
    scale = USUAL_SLOPE / USUAL_SPREAD
    prior = pool(slopes[1:][others] / scale, beyond_chance[1:][others] / scale**2)
    mean, prior_variance = prior.drift * scale, prior.variance * scale**2
    if not np.isfinite(beyond_chance[0]):
        return mean, prior_variance
    # A theme that clearly goes its own way is no draw of the others' distribution: of a slope far
    # from theirs hardly anything is taken away (limited translation, B. Efron, C. Morris 1972).
    away = (slopes[0] - mean) ** 2 - beyond_chance[0]
    prior_variance = max(prior_variance, away)
    precision = 1 / prior_variance + 1 / beyond_chance[0]
    drawn = (mean / prior_variance + slopes[0] / beyond_chance[0]) / precision
    return float(drawn), float(1 / precision)
