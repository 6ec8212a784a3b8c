"""Everything that priorities are made of besides the opinions themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from feedback_nlp.heads.counting import ErrorRates, corrected_shares
from feedback_nlp.heads.scores import POLARITIES, FloatArray
from feedback_nlp.priority.rfm import Worth
from feedback_nlp.records import EffortNote, Policy, Verdict, Vote
from feedback_nlp.satisfaction.drivers import Driver

LEAST_OPINIONS: Final = 200
"""With fewer the correction is too vague to be used."""
MOST_CORRECTION: Final = 2.0
"""A factor beyond this, or its inverse: the texts are unlike those it was measured on."""
_NEG: Final = POLARITIES.index("neg")


@dataclass(frozen=True, slots=True)
class Correction:
    """Complaints there are, per complaint that the labels let expect: one factor for all themes."""

    factor: float
    low: float
    high: float
    """90 % interval of `factor`."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """Stars of all our reviews together."""

    count: int = 0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is known of users, exposure, money, efforts and decisions, as of one day."""

    as_of: date | None = None
    """Day of the newest review; None when too few are dated to speak of a quarter."""
    span_days: int = 1
    """Days from the oldest review to `as_of`, both counted."""
    policy: Policy = field(default_factory=Policy)
    exposure: Mapping[date, int] = field(default_factory=dict)
    """Orders, or else active users, per day."""
    worth: Mapping[str, Worth] = field(default_factory=dict)
    """Tier and segment by author id."""
    correction: Correction | None = None
    ratings: Ratings = Ratings()
    drivers: Mapping[str, Sequence[Driver]] = field(default_factory=dict)
    """What NPS and CSAT would be without a theme, by theme id."""
    usual_cohesion: float | None = None
    """Median cohesion of all themes: how alike opinions look depends on the recipe."""
    outcomes: Mapping[str, Sequence[Verdict]] = field(default_factory=dict)
    """Verdicts on earlier tickets, by topic code."""
    estimates: Mapping[str, EffortNote] = field(default_factory=dict)
    """By theme id."""
    actual_weeks: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """What finished tickets took, by topic code."""
    votes: Mapping[str, Sequence[Vote]] = field(default_factory=dict)
    """By theme id."""


def correction_of(probabilities: FloatArray, rates: ErrorRates | None) -> Correction | None:
    """Return how many complaints there are per one expected from those called negative.

    `probabilities` (n_opinions, 3) are what the model says of all opinions, whatever they are
    called. None when the model's errors are not known, or too little was said.

    The expected number is the sum of P(neg) over the opinions called negative: it takes out those
    called so wrongly. The true number is the corrected share of `corrected_shares`, which holds
    those missed as well. What order the opinions come in does not matter.
    """
    if rates is None or len(probabilities) < LEAST_OPINIONS:
        return None
    # The bootstrap draws by position, and a database may answer in any order.
    probabilities = probabilities[np.lexsort(probabilities.T)]
    called = probabilities[probabilities.argmax(axis=1) == _NEG]
    expected = float(called[:, _NEG].sum()) / len(probabilities)
    if not expected:
        return None
    found = corrected_shares(probabilities, rates)
    ends = (found.point[_NEG], found.low[_NEG], found.high[_NEG])
    point, low, high = (_bounded(end / expected) for end in ends)
    return Correction(point, min(low, point), max(high, point))


def _bounded(factor: float) -> float:
    return min(max(factor, 1 / MOST_CORRECTION), MOST_CORRECTION)
