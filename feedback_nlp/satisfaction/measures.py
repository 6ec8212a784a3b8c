"""What each metric makes of one answer; every metric is the mean of these points."""

from collections.abc import Mapping
from typing import Final

from feedback_nlp.records import Metric

PROMOTER: Final = 9
DETRACTOR: Final = 6
SATISFIED: Final = 4
BOUNDS: Final[Mapping[Metric, tuple[float, float]]] = {
    Metric.NPS: (-100.0, 100.0),
    Metric.CSAT: (0.0, 1.0),
    Metric.RATING: (1.0, 5.0),
    Metric.NEGATIVE_SHARE: (0.0, 1.0),
}
"""The least and the most that a metric can be."""
SHARES: Final = frozenset({Metric.CSAT, Metric.NEGATIVE_SHARE})
"""Metrics that are shares of the answers, in [0, 1]."""


def points(metric: Metric, score: float) -> float:
    """Return what one answer adds to the metric before the mean is taken.

    `score` is what the person gave: 0 to 10 for NPS, 1 to 5 for CSAT and rating; for the negative
    share 1 for a negative review and 0 for any other.

    Source: F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, 2003:
    promoters give 9 or 10, detractors 0 to 6. CSAT is the top-2 box: the share of 4 and 5.
    """
    if metric is Metric.NPS:
        return 100.0 * ((score >= PROMOTER) - (score <= DETRACTOR))
    if metric is Metric.CSAT:
        return float(score >= SATISFIED)
    return float(score)


def better(metric: Metric) -> int:
    """Return 1 when more is better, -1 when less is."""
    return -1 if metric is Metric.NEGATIVE_SHARE else 1
