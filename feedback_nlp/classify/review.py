"""A review's own polarity, from the polarities of its opinions.

The rule:

1. A review without opinions is neutral and uncertain; one opinion speaks for the whole review.
2. Several opinions: each leans by `pos - neg`, from -1 to 1; the review leans by their plain mean.
3. Two cut points on the lean and one steepness (an ordered logistic model) give the
   probabilities, so that a mixed review is neutral only when the two sides balance.

Weights for length, for clauses after 但是 and against neutral clauses were measured and did not
help; `training.reviews` has the comparison and the model card the figures.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from feedback_nlp.heads.correct import Said, corrected_opinion
from feedback_nlp.records import Annotation, Opinion, Polarity, Probabilities

_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class CutPoints:
    """How a lean from -1 to 1 becomes probabilities; fitted by `training.reviews`."""

    steepness: float
    low: float
    """Below this lean a review is more likely negative than not."""
    high: float
    """Above this lean a review is more likely positive than not."""


CUT_POINTS: Final = CutPoints(steepness=4.0, low=-0.35, high=0.12)
"""Of 2026-11-22: the fitted numbers, with `high` moved up until exact balance is neutral. Not
symmetric, because the clause model leans to the negative side, as its training data does."""
UNCERTAIN_BELOW: Final = 0.5
"""Below this probability of the best label the rule abstains."""
_NOTHING: Final = Probabilities(neg=0.33, neu=0.34, pos=0.33)


def review_polarity(opinions: Sequence[Opinion]) -> tuple[Polarity, Probabilities, bool]:
    """Return polarity, probabilities and whether the rule abstains (不确定)."""
    if not opinions:
        return Polarity.NEU, _NOTHING, True
    if len(opinions) == 1:
        labels = opinions[0].labels
        return labels.polarity, labels.probabilities, labels.uncertain
    return polarity_of_lean(mean_lean(opinions), CUT_POINTS)


def corrected_annotation(annotation: Annotation, said: Said) -> Annotation:
    """Return an annotation with people's corrections; the review's polarity follows from them."""
    opinions = tuple(
        corrected_opinion(opinion, annotation.review_id, said) for opinion in annotation.opinions
    )
    if opinions == annotation.opinions:
        return annotation
    polarity, probabilities, uncertain = review_polarity(opinions)
    return replace(
        annotation,
        opinions=opinions,
        polarity=polarity,
        probabilities=probabilities,
        uncertain=uncertain,
    )


def mean_lean(opinions: Sequence[Opinion]) -> float:
    """Return the mean of `pos - neg` over at least one opinion, from -1 to 1."""
    leans = [
        opinion.labels.probabilities.pos - opinion.labels.probabilities.neg for opinion in opinions
    ]
    return math.fsum(leans) / len(leans)


def polarity_of_lean(lean: float, cuts: CutPoints) -> tuple[Polarity, Probabilities, bool]:
    """Return the most probable polarity at this lean, all probabilities, and whether to abstain."""
    neg = round(_logistic(cuts.steepness * (cuts.low - lean)), _DIGITS)
    pos = round(_logistic(cuts.steepness * (lean - cuts.high)), _DIGITS)
    chances = {Polarity.NEG: neg, Polarity.NEU: round(1.0 - neg - pos, _DIGITS), Polarity.POS: pos}
    best = max(chances, key=chances.__getitem__)
    probabilities = Probabilities(**{label.value: chance for label, chance in chances.items()})
    return best, probabilities, chances[best] < UNCERTAIN_BELOW


def _logistic(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-score))
