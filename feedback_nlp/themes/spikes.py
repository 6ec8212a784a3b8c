"""Spikes: themes that come up far more often than their own past lets expect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, betabinom, false_discovery_control

from feedback_nlp.records import Denominator, Spike
from feedback_nlp.themes.dispersion import (
    Counts,
    Flags,
    dispersions,
    usual_days,
    weekday_factors,
)
from feedback_nlp.themes.rates import DAY, Bases, ThemeDays, days_between

_TAIL: Final = 0.025
"""Probability on either side of the interval."""


@dataclass(frozen=True, slots=True)
class SpikeRule:
    """What makes a spike; all three thresholds have to be met."""

    windows: tuple[int, ...] = (1, 3, 7, 14)
    """Days up to today, each window on its own: a day shows an accident, a fortnight a drift."""
    baseline_days: int = 56
    """Days before the longest window; whole weeks, so that each weekday counts alike."""
    least_baseline_days: int = 28
    """Younger data than this has no spikes."""
    least_ratio: float = 2.0
    least_excess: float = 5.0
    """Reviews more than expected."""
    most_q: float = 0.05
    """Share of false alarms that a day's spikes may have."""


@dataclass(frozen=True, slots=True)
class _Data:
    """Baseline and window days of all themes, with what their counts are divided by."""

    counts: Counts
    """(n_themes, n_baseline_days)."""
    bases: Counts
    """(n_baseline_days,), 0 where it is not known; days of the week levelled out."""
    recent: Counts
    """(n_themes, longest window), the last day last."""
    recent_bases: Counts
    denominator: Denominator


@dataclass(frozen=True, slots=True)
class _Tested:
    """One window of all themes; each field is (n_themes,)."""

    window_days: int
    observed: Counts
    expected: Counts
    before: Counts
    """Reviews in the usual days of the baseline."""
    times: Counts
    """Base of the baseline ÷ base of the window."""
    dispersion: Counts
    p: Counts


def find_spikes(
    themes: Sequence[ThemeDays], bases: Bases, *, as_of: date, rule: SpikeRule = SpikeRule()
) -> dict[str, Spike]:
    """Return the spike of each theme that has one on day `as_of`, by theme id.

    Only days up to `as_of` count. Every window of every theme is one test, and the false discovery
    rate is held over all of them. A theme with several windows above the thresholds gets the one
    with the smallest q, of equal ones the shortest.

    Counts whose variance is a multiple of the mean are taken as negative binomial with that
    multiple in common; given the sum of window and baseline, the window is then beta-binomial,
    binomial when the multiple is 1. The level of the theme itself drops out.

    Source: Y. Benjamini, Y. Hochberg (1995), Controlling the false discovery rate. Conditional
    test: J. Przyborowski, H. Wilenski (1940); with negative binomial counts: N. L. Johnson,
    A. W. Kemp, S. Kotz, Univariate Discrete Distributions (2005), section 6.2.
    """
    ordered = sorted(themes, key=lambda theme: theme.id)
    data = _gather(ordered, bases, as_of, rule)
    if data is None:
        return {}
    usual = usual_days(data.counts, data.bases)
    tests = [_test(data, usual, window) for window in sorted(rule.windows)]
    qs = false_discovery_control(np.concatenate([test.p for test in tests])).reshape(len(tests), -1)
    found: dict[str, Spike] = {}
    for row, theme in enumerate(ordered):
        spikes = [
            _spike(test, row, float(q[row]), usual_days=int(usual.shape[1]), data=data)
            for test, q in zip(tests, qs, strict=True)
        ]
        striking = [spike for spike in spikes if _is_striking(spike, rule)]
        if striking:
            found[theme.id] = min(striking, key=lambda spike: (spike.q, spike.window_days))
    return found


def _is_striking(spike: Spike, rule: SpikeRule) -> bool:
    return (
        spike.q <= rule.most_q
        and spike.ratio >= rule.least_ratio
        and spike.observed - spike.expected >= rule.least_excess
    )


def _gather(
    themes: Sequence[ThemeDays], bases: Bases, as_of: date, rule: SpikeRule
) -> _Data | None:
    """Return None when there is no theme or the data is too young."""
    longest = max(rule.windows)
    window = days_between(as_of - DAY * (longest - 1), as_of)
    begin = min((day for day in bases.reviews if day <= as_of), default=as_of)
    start = max(begin, window[0] - DAY * rule.baseline_days)
    before = days_between(start, window[0] - DAY)
    if not themes or len(before) < rule.least_baseline_days:
        return None
    denominator, of_before, of_window = _bases(bases, before, window, rule)
    counts, recent = _counts(themes, before), _counts(themes, window)
    weekdays = np.array([day.weekday() for day in before])
    factors = weekday_factors(counts, of_before, weekdays)
    return _Data(
        counts * (of_before > 0),
        of_before * factors[weekdays],
        recent,
        of_window * factors[[day.weekday() for day in window]],
        denominator,
    )


def _bases(
    bases: Bases, before: Sequence[date], window: Sequence[date], rule: SpikeRule
) -> tuple[Denominator, Counts, Counts]:
    """Exposure when all days of the window and enough of the baseline have it, else reviews."""
    of_before = np.array([bases.exposed(day) for day in before], dtype=np.float64)
    of_window = np.array([bases.exposed(day) for day in window], dtype=np.float64)
    if of_window.all() and np.count_nonzero(of_before) >= rule.least_baseline_days:
        return Denominator.EXPOSURE, of_before, of_window
    of_before = np.array([bases.reviews.get(day, 0) for day in before], dtype=np.float64)
    of_window = np.array([bases.reviews.get(day, 0) for day in window], dtype=np.float64)
    return Denominator.REVIEWS, of_before, of_window


def _counts(themes: Sequence[ThemeDays], days: Sequence[date]) -> Counts:
    rows = [[theme.reviews.get(day, 0) for day in days] for theme in themes]
    return np.array(rows, dtype=np.float64)


def _test(data: _Data, usual: Flags, window_days: int) -> _Tested:
    observed = data.recent[:, -window_days:].sum(1)
    base = max(float(data.recent_bases[-window_days:].sum()), 1e-9)
    before = (data.counts * usual).sum(1)
    times = np.maximum((data.bases * usual).sum(1), 1e-9) / base
    dispersion = dispersions(data.counts, data.bases, usual, window_days=window_days)
    # Half a review more: never seen before is no proof of never.
    expected = (before + 0.5) / times
    return _Tested(
        window_days,
        observed,
        expected,
        before,
        times,
        dispersion,
        _p(observed, before, times, dispersion),
    )


def _p(observed: Counts, before: Counts, times: Counts, dispersion: Counts) -> Counts:
    """Return the probability of at least `observed` in the window; `(n_themes,)`."""
    total = observed + before
    share = 1 / (1 + times)
    # From the baseline alone: the window under test must not vouch for its own variance.
    size = (before + 1) / (1 - share) / (dispersion - 1)
    tail: npt.NDArray[np.float64] = betabinom.sf(
        observed - 1, total, size * share, size * (1 - share)
    )
    return np.clip(np.where(observed > 0, tail, 1.0), 0.0, 1.0)


def _spike(test: _Tested, row: int, q: float, *, usual_days: int, data: _Data) -> Spike:
    observed, expected = float(test.observed[row]), float(test.expected[row])
    low, high = _interval(
        observed / test.dispersion[row], test.before[row] / test.dispersion[row], test.times[row]
    )
    return Spike(
        window_days=test.window_days,
        baseline_days=usual_days,
        observed=int(observed),
        expected=expected,
        ratio=observed / expected,
        low=low,
        high=high,
        p=float(test.p[row]),
        q=q,
        dispersion=float(test.dispersion[row]),
        denominator=data.denominator,
    )


def _interval(observed: float, before: float, times: float) -> tuple[float, float]:
    """Return the 95 % interval of the rate ratio from counts divided by their dispersion.

    Source: Jeffreys interval of a binomial share; L. D. Brown, T. T. Cai, A. DasGupta (2001),
    Interval estimation for a binomial proportion. Effective counts: E. L. Korn, B. I. Graubard
    (1998).
    """
    low, high = beta.ppf((_TAIL, 1 - _TAIL), observed + 0.5, before + 0.5)
    return float(low / (1 - low) * times), float(high / (1 - high) * times)
