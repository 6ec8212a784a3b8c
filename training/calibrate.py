"""Fits temperatures and thresholds: on development clauses, or on out-of-fold scores of train."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar
from scipy.special import betaincinv

from feedback_nlp.heads.decide import MOST_TOPICS
from feedback_nlp.heads.scores import (
    INTENT_FROM,
    INTENTS,
    POLARITIES,
    SEVERITY_FROM,
    TOPICS_FROM,
    Calibration,
    FloatArray,
    Thresholds,
    calibrated,
    softmax,
)
from training.data import LabelledClause
from training.metrics import micro_f1, named_topics

IntArray = npt.NDArray[np.int64]

UNCERTAIN_TARGET: Final = 0.85
"""Accuracy of polarity that the clauses the linear model does not abstain on must reach."""
UNCERTAIN_RISK: Final = 0.10
"""The encoder's stated risk: of what is not `uncertain`, at most this share is wrong."""
RISK_LEVEL: Final = 0.90
"""Of the one-sided interval of the encoder's risk: its upper end is what keeps to the statement."""
_TOPIC_GRID: Final = tuple(round(0.05 + 0.01 * step, 2) for step in range(66))


@dataclass(frozen=True, slots=True)
class Targets:
    """Gold labels as columns."""

    polarity: IntArray
    intent: IntArray
    severity: IntArray
    """0-3 as labelled."""
    topics: IntArray
    """(n_clauses, n_topics) of 0 and 1; a code the model does not know is left out."""

    def take(self, rows: IntArray) -> "Targets":
        """Return the targets of these rows."""
        return Targets(
            self.polarity[rows], self.intent[rows], self.severity[rows], self.topics[rows]
        )


def targets(clauses: Sequence[LabelledClause], *, topics: Sequence[str]) -> Targets:
    """Turn labels into columns of the heads."""
    return Targets(
        polarity=np.array([POLARITIES.index(clause.polarity) for clause in clauses]),
        intent=np.array([INTENTS.index(clause.intent) for clause in clauses]),
        severity=np.array([clause.severity for clause in clauses]),
        topics=np.array([[int(code in clause.topics) for code in topics] for clause in clauses]),
    )


def fit_calibration(scores: FloatArray, gold: Targets) -> Calibration:
    """Choose the temperatures and the topic line with the least log loss."""
    negative = np.flatnonzero(gold.severity > 0)
    slope, shift = _line(scores[:, TOPICS_FROM:], gold.topics)
    return Calibration(
        polarity_temperature=_temperature(scores[:, :INTENT_FROM], gold.polarity),
        intent_temperature=_temperature(scores[:, INTENT_FROM:SEVERITY_FROM], gold.intent),
        severity_temperature=_temperature(
            scores[negative, SEVERITY_FROM:TOPICS_FROM], gold.severity[negative] - 1
        ),
        topic_slope=slope,
        topic_shift=shift,
    )


def fit_thresholds(
    scores: FloatArray,
    gold: Targets,
    *,
    calibration: Calibration,
    certain_accuracy: float = UNCERTAIN_TARGET,
    level: float | None = None,
) -> Thresholds:
    """Choose the topic threshold by micro-F1 and the abstention by the accuracy of the rest.

    With a `level`, not that accuracy itself must reach `certain_accuracy`, but the lower end of
    its one-sided interval of this level. For a stated risk give `1 - UNCERTAIN_RISK`,
    `RISK_LEVEL`, and scores of clauses that the model did not learn from.

    Source: Geifman and El-Yaniv, Selective Classification for Deep Neural Networks, NeurIPS 2017,
    for a bound of the risk in place of the risk. They share their level out among the thresholds
    that are tried; here it is that of each threshold, and on drawn scores also of the chosen one.
    """
    found = calibrated(scores, calibration)
    best = max(
        _TOPIC_GRID,
        key=lambda threshold: (
            micro_f1(gold.topics, named_topics(found.topics, threshold)),
            -threshold,
        ),
    )
    return Thresholds(
        topic=best,
        uncertain=_abstention(found.polarity, gold.polarity, certain_accuracy, level=level),
    )


def _temperature(scores: FloatArray, gold: IntArray) -> float:
    rows = np.arange(len(gold))

    def loss(log_temperature: float) -> float:
        chances = softmax(scores / np.exp(log_temperature))[rows, gold]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    found = minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded")
    return round(float(np.exp(found.x)), 4)


def _line(scores: FloatArray, gold: IntArray) -> tuple[float, float]:
    """Fit on the three best topics of each clause: the only ones serving can name."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :MOST_TOPICS]
    scores = np.take_along_axis(scores, best, axis=1)
    gold = np.take_along_axis(gold, best, axis=1)

    def loss(line: FloatArray) -> float:
        margins = (line[0] * scores + line[1]) * np.where(gold == 1, 1.0, -1.0)
        return float(np.logaddexp(0.0, -margins).mean())

    found = minimize(
        loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.01, 20.0), (-20, 20)]
    )
    return round(float(found.x[0]), 4), round(float(found.x[1]), 4)


def _abstention(
    chances: FloatArray, gold: IntArray, target: float, *, level: float | None
) -> float:
    """Return the lowest confidence from which on accuracy, or its lower end, reaches the target."""
    confidence = chances.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum((chances.argmax(axis=1) == gold)[order])
    kept = np.arange(1, len(order) + 1)
    accuracy = right / kept if level is None else _lower_end(right, kept, level)
    reached = np.flatnonzero(accuracy >= target)
    return round(float(confidence[order][reached[-1]]), 4) if len(reached) else 1.0


def _lower_end(right: IntArray, kept: IntArray, level: float) -> FloatArray:
    """Return the lower end of the one-sided interval of each share `right / kept`.

    Source: Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case of
    the binomial, Biometrika 1934.
    """
    # With none right the interval begins at 0, where the formula is not defined.
    ends = betaincinv(np.maximum(right, 1), kept - right + 1, 1.0 - level)
    return np.where(right > 0, ends, 0.0)
