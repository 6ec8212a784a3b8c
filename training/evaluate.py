"""Measures a fitted model on the development clauses: `eval.json`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from feedback_nlp.heads.scores import (
    INTENTS,
    SEVERITIES,
    Calibration,
    FloatArray,
    HeadProbabilities,
    Thresholds,
)
from feedback_nlp.records import Labels
from training.calibrate import UNCERTAIN_TARGET, Targets, fit_calibration, fit_thresholds
from training.figures import Answers, answers, figures
from training.judged import judged
from training.metrics import one_hot

FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Fitted:
    """Calibration and thresholds from all development clauses, and honest figures of them."""

    calibration: Calibration
    thresholds: Thresholds
    figures: dict[str, Any]


def fit_on_dev(scores: FloatArray, gold: Targets, *, topics: Sequence[str]) -> Fitted:
    """Fit calibration and thresholds on all clauses; measure them by cross-fitting.

    For the figures, each fifth of the clauses is answered with what was fitted on the other
    four. The settings of the fit itself were chosen on these clauses too.
    """
    calibration = fit_calibration(scores, gold)
    thresholds = fit_thresholds(scores, gold, calibration=calibration)
    found = figures(_cross_fitted(scores, gold), gold, topics=topics, certain=UNCERTAIN_TARGET)
    measured = {"clauses": len(gold.polarity), "folds": FOLDS} | found
    return Fitted(calibration, thresholds, measured)


def evaluate(
    scores: FloatArray,
    gold: Targets,
    *,
    topics: Sequence[str],
    calibration: Calibration,
    thresholds: Thresholds,
) -> dict[str, Any]:
    """Measure raw scores (n_clauses, n_outputs) with what was fitted on other clauses.

    The keys of `fit_on_dev`, but `folds`, and those that `judged` adds.
    """
    return judged(answers(scores, calibration, thresholds), gold, topics=topics)


def evaluate_labels(
    labels: Sequence[Labels], gold: Targets, *, topics: Sequence[str]
) -> dict[str, Any]:
    """Measure served labels like `evaluate`; `topics` are the columns of `gold.topics`.

    Labels hold no probability of intent and severity, nor a severity for what is not said to be
    negative: the figures that need them are left out.
    """
    found = judged(_served(labels, topics), gold, topics=topics)
    del found["intent"]["ece"], found["severity"]["ece"]
    del found["severity"]["macro_f1_of_negatives"]
    return found


def _served(labels: Sequence[Labels], topics: Sequence[str]) -> Answers:
    named = np.zeros((len(labels), len(topics)))
    for row, label in enumerate(labels):
        for topic in label.topics:
            named[row, topics.index(topic.code)] = topic.probability
    chances = [label.probabilities for label in labels]
    intents = np.array([INTENTS.index(label.intent) for label in labels])
    levels = np.array([max(label.severity - 1, 0) for label in labels])
    found = HeadProbabilities(
        polarity=np.array([[each.neg, each.neu, each.pos] for each in chances]),
        intent=one_hot(intents, count=len(INTENTS)).astype(np.float64),
        severity=one_hot(levels, count=len(SEVERITIES)).astype(np.float64),
        topics=named,
    )
    uncertain = np.array([int(label.uncertain) for label in labels])
    return Answers(found, (named > 0).astype(np.int64), uncertain)


def _cross_fitted(scores: FloatArray, gold: Targets) -> Answers:
    fold = np.arange(len(scores)) % FOLDS
    parts: list[Answers] = []
    for number in range(FOLDS):
        inside, outside = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        rest = gold.take(outside)
        calibration = fit_calibration(scores[outside], rest)
        thresholds = fit_thresholds(scores[outside], rest, calibration=calibration)
        parts.append(answers(scores[inside], calibration, thresholds))
    back = np.argsort(np.concatenate([np.flatnonzero(fold == n) for n in range(FOLDS)]))
    return Answers(
        HeadProbabilities(
            polarity=np.concatenate([part.found.polarity for part in parts])[back],
            intent=np.concatenate([part.found.intent for part in parts])[back],
            severity=np.concatenate([part.found.severity for part in parts])[back],
            topics=np.concatenate([part.found.topics for part in parts])[back],
        ),
        np.concatenate([part.topics for part in parts])[back],
        np.concatenate([part.uncertain for part in parts])[back],
    )
