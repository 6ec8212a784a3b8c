"""Compares rules for a review's own polarity, and fits the cut points of the served one."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from feedback_nlp.classify.review import (
    CUT_POINTS,
    CutPoints,
    mean_lean,
    polarity_of_lean,
    review_polarity,
)
from feedback_nlp.heads.scores import POLARITIES, FloatArray
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Opinion, Polarity, Probabilities
from feedback_nlp.text.connectives import CONTRAST
from feedback_nlp.text.split import split_clauses
from training.data import LabelledReview
from training.metrics import calibration_error, macro_f1

Answer = tuple[Polarity, Probabilities, bool]
SERVED: Final = "代码中的规则：分句倾向取平均，两个分界点"
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class LabelledOpinions:
    """One review cut into labelled clauses, with the polarity its source gives the whole."""

    opinions: tuple[Opinion, ...]
    polarity: str


def weighted_lean(weigh: Callable[[Opinion], float]) -> Callable[[Sequence[Opinion]], float]:
    """Return a rule that averages `pos - neg` with these weights."""

    def lean(opinions: Sequence[Opinion]) -> float:
        weights = [weigh(opinion) for opinion in opinions]
        chances = [opinion.labels.probabilities for opinion in opinions]
        total = math.fsum(w * (p.pos - p.neg) for w, p in zip(weights, chances, strict=True))
        return total / math.fsum(weights)

    return lean


RULES: Final[Mapping[str, Callable[[Sequence[Opinion]], float]]] = {
    "平均": mean_lean,
    "按长度（平方根）加权": weighted_lean(lambda opinion: math.sqrt(len(opinion.text))),
    "转折后的分句加倍": weighted_lean(lambda opinion: 2.0 if CONTRAST.match(opinion.text) else 1.0),
    "中性分句减权": weighted_lean(lambda opinion: 1.0 - 0.8 * opinion.labels.probabilities.neu),
}
"""The leans that are compared, each with cut points of its own."""


def annotated(
    reviews: Sequence[LabelledReview], classifier: Classifier
) -> tuple[LabelledOpinions, ...]:
    """Cut and label the reviews; those with fewer than two opinions have no rule to test."""
    found = []
    for review in reviews:
        clauses = split_clauses(review.text)
        labels = classifier.label([clause.normalized for clause in clauses])
        opinions = tuple(
            Opinion(clause.start, clause.end, clause.text, label)
            for clause, label in zip(clauses, labels, strict=True)
        )
        if len(opinions) > 1:
            found.append(LabelledOpinions(opinions, review.polarity))
    return tuple(found)


def compare(reviews: Sequence[LabelledOpinions]) -> dict[str, Any]:
    """Measure every rule by two-fold cross-fitting, and the served one as it stands."""
    halves = reviews[::2], reviews[1::2]
    lines = []
    for name, lean in RULES.items():
        gold: list[str] = []
        answers: list[Answer] = []
        for fitting, measured in (halves, halves[::-1]):
            cuts = fit_cut_points(fitting, lean=lean)
            gold += [review.polarity for review in measured]
            answers += [polarity_of_lean(lean(review.opinions), cuts) for review in measured]
        lines.append({"rule": name} | _figures(gold, answers))
    served = [review_polarity(review.opinions) for review in reviews]
    lines.append({"rule": SERVED} | _figures([review.polarity for review in reviews], served))
    return {"reviews": len(reviews), "rules": lines, "chosen": SERVED}


def fit_cut_points(
    reviews: Sequence[LabelledOpinions], *, lean: Callable[[Sequence[Opinion]], float]
) -> CutPoints:
    """Return steepness and cut points of least log loss (ordered logistic model).

    A review weighs by the root of how rare its polarity is: between the shares of the data,
    which make neutral vanish, and equal shares, which make it swallow weak opinions.
    """
    leans = np.array([lean(review.opinions) for review in reviews])
    gold = np.array([POLARITIES.index(review.polarity) for review in reviews])
    weights = np.bincount(gold, minlength=len(POLARITIES))[gold] ** -0.5

    def loss(numbers: FloatArray) -> float:
        steepness, low, gap = numbers
        below_low = 1.0 / (1.0 + np.exp(-steepness * (low - leans)))
        below_high = 1.0 / (1.0 + np.exp(-steepness * (low + gap - leans)))
        chances = np.choose(gold, [below_low, below_high - below_low, 1.0 - below_high])
        return float(-(weights * np.log(np.maximum(chances, 1e-9))).sum() / weights.sum())

    start = np.array([CUT_POINTS.steepness, CUT_POINTS.low, CUT_POINTS.high - CUT_POINTS.low])
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(0.5, 30), (-1, 1), (0.01, 2)])
    steepness, low, gap = (float(number) for number in found.x)
    return CutPoints(round(steepness, 3), round(low, 3), round(low + gap, 3))


def _figures(labels: Sequence[str], answers: Sequence[Answer]) -> dict[str, Any]:
    gold = np.array([POLARITIES.index(label) for label in labels])
    said = np.array([POLARITIES.index(polarity) for polarity, _, _ in answers])
    confidence = np.array([getattr(chances, polarity) for polarity, chances, _ in answers])
    certain = np.array([not uncertain for _, _, uncertain in answers])
    right = said == gold
    return {
        "macro_f1": round(macro_f1(gold, said, labels=len(POLARITIES)), _DIGITS),
        "accuracy": round(float(right.mean()), _DIGITS),
        "ece": round(calibration_error(confidence, right), _DIGITS),
        "certain_coverage": round(float(certain.mean()), _DIGITS),
        "certain_accuracy": round(float(right[certain].mean()) if certain.any() else 0.0, _DIGITS),
    }
