"""Raw scores of the four heads to calibrated probabilities.

The columns of every score matrix: polarity, intent, severity, then the topics.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

POLARITIES: Final = ("neg", "neu", "pos")
INTENTS: Final = ("complaint", "praise", "request", "question", "other")
SEVERITIES: Final = ("1", "2", "3")
"""Severity is a question about negative clauses only; every other clause has 0."""

INTENT_FROM: Final = len(POLARITIES)
SEVERITY_FROM: Final = INTENT_FROM + len(INTENTS)
TOPICS_FROM: Final = SEVERITY_FROM + len(SEVERITIES)
"""Raw scores stand side by side: polarity, intent, severity, topics; their first columns."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns raw scores into probabilities; fitted on clauses the model did not learn from.

    The linear model's are the development clauses, the encoder's those of cross-validation on the
    training clauses.
    """

    polarity_temperature: float
    intent_temperature: float
    severity_temperature: float
    topic_slope: float
    topic_shift: float
    """A topic's probability is `sigmoid(slope * score + shift)`, the same for every topic."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What turns probabilities into labels; chosen on the clauses of `Calibration`."""

    topic: float
    """A second or third topic is named from this probability on; the best one always is."""
    uncertain: float
    """A polarity whose probability lies below this one is `uncertain`."""


@dataclass(frozen=True, slots=True)
class HeadProbabilities:
    """Probabilities of a batch: one row a clause, one column a label."""

    polarity: FloatArray
    intent: FloatArray
    severity: FloatArray
    topics: FloatArray


def calibrated(scores: FloatArray, calibration: Calibration) -> HeadProbabilities:
    """Turn raw scores (n_rows, n_outputs) into the probabilities of the four heads."""
    return HeadProbabilities(
        polarity=softmax(scores[:, :INTENT_FROM] / calibration.polarity_temperature),
        intent=softmax(scores[:, INTENT_FROM:SEVERITY_FROM] / calibration.intent_temperature),
        severity=softmax(scores[:, SEVERITY_FROM:TOPICS_FROM] / calibration.severity_temperature),
        topics=sigmoid(calibration.topic_slope * scores[:, TOPICS_FROM:] + calibration.topic_shift),
    )


def softmax(scores: FloatArray) -> FloatArray:
    """Return probabilities that sum to one in every row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def sigmoid(scores: FloatArray) -> FloatArray:
    """Return the logistic function of every score."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -60.0, 60.0))), np.float64)
