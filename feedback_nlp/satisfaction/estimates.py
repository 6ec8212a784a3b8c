"""NPS, CSAT, rating and share of negative reviews, each with a 95 % interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final, TypeAlias

from scipy.stats import norm, t

from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.measures import BOUNDS, points

LEVEL: Final = 0.95
PSEUDO: Final = (0.75, 1.5, 0.75)
"""Detractors, passives and promoters that an interval adds to those who answered."""
_MARKS: Final = (1, 2, 3, 4, 5)
_Z: Final = float(norm.ppf((1 + LEVEL) / 2))

Counts: TypeAlias = Mapping[float, int]
"""How often each score was given."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a metric is among `n` answers, and where it may lie among all who could answer."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Change:
    """How much higher one estimate is than another, with a 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def beyond_chance(self) -> bool:
        """Tell whether chance alone would rarely do it: the interval does not hold 0."""
        return not self.low <= 0 <= self.high


def estimate(metric: Metric, counts: Counts) -> Estimate | None:
    """Return the metric of these scores (see `measures.points`); None without any."""
    given = {score: number for score, number in counts.items() if number}
    if not given:
        return None
    if metric is Metric.NPS:
        return nps(given)
    if metric is Metric.CSAT:
        return csat(given)
    if metric is Metric.RATING:
        return rating(given)
    return negative_share(given.get(1.0, 0), sum(given.values()))


def nps(counts: Counts) -> Estimate:
    """Return promoters (9 and 10) less detractors (0 to 6), in points from -100 to 100.

    The interval is adjusted Wald: three pseudo answers keep it honest for few answers and for
    extreme scores. It is widened to hold the value, and clipped to the scale.

    Source: F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, 2003, for the
    score; B. Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician
    70(4), 2016, for the interval, after D. Bonett, R. Price, "Adjusted Wald Confidence Interval
    for a Difference of Binomial Proportions Based on Paired Data", 2012.
    """
    n = sum(counts.values())
    of_points = {-100.0: 0, 0.0: 0, 100.0: 0}
    for score, number in counts.items():
        of_points[points(Metric.NPS, score)] += number
    value = (100 * of_points[100.0] - 100 * of_points[-100.0]) / n
    against, _, for_it = (
        (number + more) / (n + sum(PSEUDO))
        for number, more in zip(of_points.values(), PSEUDO, strict=True)
    )
    centre = for_it - against
    spread = sqrt((for_it + against - centre**2) / (n + sum(PSEUDO)))
    low, high = 100 * (centre - _Z * spread), 100 * (centre + _Z * spread)
    return _holding(value, low, high, n=n, bounds=BOUNDS[Metric.NPS])


def csat(counts: Counts) -> Estimate:
    """Return the share of 4 and 5 among answers from 1 to 5: the top-2 box."""
    satisfied = sum(number for score, number in counts.items() if points(Metric.CSAT, score))
    return share(satisfied, sum(counts.values()))


def csat_mean(counts: Counts) -> Estimate:
    """Return the mean of answers from 1 to 5."""
    return mean(counts)


def rating(counts: Counts) -> Estimate:
    """Return the mean of stars from 1 to 5."""
    return mean(counts)


def negative_share(negative: int, n: int) -> Estimate:
    """Return the share of negative reviews."""
    return share(negative, n)


def share(hits: int, n: int) -> Estimate:
    """Return hits ÷ n, in [0, 1].

    Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
    Journal of the American Statistical Association 22, 1927.
    """
    value = hits / n
    centre = (value + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    spread = _Z * sqrt(value * (1 - value) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return _holding(value, centre - spread, centre + spread, n=n, bounds=(0.0, 1.0))


def mean(counts: Counts) -> Estimate:
    """Return the mean of marks from 1 to 5.

    The interval is that of Student's t with one pseudo answer, spread evenly over the five marks:
    plain t holds only 83 % of the time for 20 answers most of which are 5, and is certain where
    all are alike. It is widened to hold the value, and clipped to the scale.

    Source: Student, "The Probable Error of a Mean", Biometrika 6, 1908; the pseudo answer is ours,
    after A. Agresti, B. Coull, The American Statistician 52, 1998, and its coverage is tested.
    """
    n = sum(counts.values())
    value = sum(mark * number for mark, number in counts.items()) / n
    with_pseudo = [*counts.items(), *((mark, 1 / len(_MARKS)) for mark in _MARKS)]
    centre = sum(mark * number for mark, number in with_pseudo) / (n + 1)
    squares = sum(number * (mark - centre) ** 2 for mark, number in with_pseudo)
    spread = float(t.ppf((1 + LEVEL) / 2, n)) * sqrt(squares / n / (n + 1))
    bounds = BOUNDS[Metric.RATING]
    return _holding(value, centre - spread, centre + spread, n=n, bounds=bounds)


def change(before: Estimate, now: Estimate) -> Change:
    """Return `now` less `before`; both are of the same metric and of different answers.

    Source: G. Zou, A. Donner, "Construction of confidence limits about effect measures: a general
    approach", Statistics in Medicine 27, 2008 (MOVER); for shares it is R. Newcombe's hybrid score
    interval, Statistics in Medicine 17, 1998, method 10.
    """
    value = now.value - before.value
    down = sqrt((now.value - now.low) ** 2 + (before.high - before.value) ** 2)
    up = sqrt((now.high - now.value) ** 2 + (before.value - before.low) ** 2)
    return Change(value, value - down, value + up)


def _holding(
    value: float, low: float, high: float, *, n: int, bounds: tuple[float, float]
) -> Estimate:
    """Clip the interval to the scale and see to it that it holds the value."""
    least, most = bounds
    value = min(max(value, least), most)
    return Estimate(value, min(max(low, least), value), max(min(high, most), value), n)
