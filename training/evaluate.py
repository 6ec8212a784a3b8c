"""Measures a fitted model on the development clauses: `eval.json`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from feedback_nlp.classify.linear import Calibration, Thresholds
from feedback_nlp.classify.linear.heads import (
    INTENTS,
    POLARITIES,
    FloatArray,
    HeadProbabilities,
    calibrated,
)
from training.calibrate import UNCERTAIN_TARGET, Targets, fit_calibration, fit_thresholds
from training.metrics import (
    IntArray,
    calibration_error,
    f1_by_label,
    macro_f1,
    macro_f1_of_sets,
    micro_f1,
    named_topics,
)

FOLDS: Final = 5
_SEVERITIES: Final = 4
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Fitted:
    """Calibration and thresholds from all development clauses, and honest figures of them."""

    calibration: Calibration
    thresholds: Thresholds
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Answers:
    """Probabilities and decisions for every development clause."""

    found: HeadProbabilities
    topics: IntArray
    uncertain: IntArray


def fit_on_dev(scores: FloatArray, gold: Targets, *, topics: Sequence[str]) -> Fitted:
    """Fit calibration and thresholds on all clauses; measure them by cross-fitting.

    For the figures, each fifth of the clauses is answered with what was fitted on the other
    four. The settings of the fit itself were chosen on these clauses too.
    """
    calibration = fit_calibration(scores, gold)
    thresholds = fit_thresholds(scores, gold, calibration=calibration)
    answers = _cross_fitted(scores, gold)
    return Fitted(calibration, thresholds, _figures(answers, gold, topics=topics))


def _cross_fitted(scores: FloatArray, gold: Targets) -> _Answers:
    fold = np.arange(len(scores)) % FOLDS
    found: list[HeadProbabilities] = []
    topics: list[IntArray] = []
    uncertain: list[IntArray] = []
    for number in range(FOLDS):
        inside, outside = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        rest = gold.take(outside)
        calibration = fit_calibration(scores[outside], rest)
        thresholds = fit_thresholds(scores[outside], rest, calibration=calibration)
        answer = calibrated(scores[inside], calibration)
        found.append(answer)
        topics.append(named_topics(answer.topics, thresholds.topic))
        uncertain.append((answer.polarity.max(axis=1) < thresholds.uncertain).astype(np.int64))
    back = np.argsort(np.concatenate([np.flatnonzero(fold == n) for n in range(FOLDS)]))
    return _Answers(
        HeadProbabilities(
            polarity=np.concatenate([answer.polarity for answer in found])[back],
            intent=np.concatenate([answer.intent for answer in found])[back],
            severity=np.concatenate([answer.severity for answer in found])[back],
            topics=np.concatenate([answer.topics for answer in found])[back],
        ),
        np.concatenate(topics)[back],
        np.concatenate(uncertain)[back],
    )


def _figures(answers: _Answers, gold: Targets, *, topics: Sequence[str]) -> dict[str, Any]:
    return {
        "clauses": len(gold.polarity),
        "folds": FOLDS,
        "polarity": _label_head(answers.found.polarity, gold.polarity, names=POLARITIES)
        | _abstention(answers, gold),
        "intent": _label_head(answers.found.intent, gold.intent, names=INTENTS),
        "severity": _severity(answers, gold),
        "topics": _topics(answers, gold, topics=topics),
    }


def _label_head(chances: FloatArray, gold: IntArray, *, names: Sequence[str]) -> dict[str, Any]:
    said = chances.argmax(axis=1)
    by_label = f1_by_label(gold, said, labels=len(names))
    return {
        "macro_f1": _rounded(float(np.mean(by_label))),
        "accuracy": _rounded(float((said == gold).mean())),
        "ece": _rounded(calibration_error(chances.max(axis=1), said == gold)),
        "f1": {name: _rounded(value) for name, value in zip(names, by_label, strict=True)},
    }


def _abstention(answers: _Answers, gold: Targets) -> dict[str, Any]:
    kept = answers.uncertain == 0
    right = answers.found.polarity.argmax(axis=1) == gold.polarity
    return {
        "certain_target": UNCERTAIN_TARGET,
        "certain_coverage": _rounded(float(kept.mean())),
        "certain_accuracy": _rounded(float(right[kept].mean()) if kept.any() else 0.0),
    }


def _severity(answers: _Answers, gold: Targets) -> dict[str, Any]:
    """Severity as served (0 unless polarity says neg), and alone on truly negative clauses."""
    level = answers.found.severity.argmax(axis=1) + 1
    served = np.where(answers.found.polarity.argmax(axis=1) == 0, level, 0)
    negative = gold.severity > 0
    chances = answers.found.severity[negative].max(axis=1)
    right = level[negative] == gold.severity[negative]
    return {
        "macro_f1": _rounded(macro_f1(gold.severity, served, labels=_SEVERITIES)),
        "accuracy": _rounded(float((served == gold.severity).mean())),
        "macro_f1_of_negatives": _rounded(
            macro_f1(gold.severity[negative] - 1, level[negative] - 1, labels=_SEVERITIES - 1)
        ),
        "ece": _rounded(calibration_error(chances, right)),
    }


def _topics(answers: _Answers, gold: Targets, *, topics: Sequence[str]) -> dict[str, Any]:
    said = answers.topics
    groups = sorted({code.split(".")[0] for code in topics})
    member = np.array([[int(code.split(".")[0] == group) for group in groups] for code in topics])
    named = said == 1
    return {
        "groups": len(groups),
        "micro_f1": _rounded(micro_f1(gold.topics, said)),
        "macro_f1": _rounded(macro_f1_of_sets(gold.topics, said)),
        "groups_micro_f1": _rounded(
            micro_f1(
                ((gold.topics @ member) > 0).astype(np.int64),
                ((said @ member) > 0).astype(np.int64),
            )
        ),
        "first_accuracy": _rounded(
            float(gold.topics[np.arange(len(said)), answers.found.topics.argmax(axis=1)].mean())
        ),
        "per_clause": _rounded(float(said.sum(axis=1).mean())),
        "ece": _rounded(calibration_error(answers.found.topics[named], gold.topics[named] == 1)),
    }


def _rounded(value: float) -> float:
    return round(value, _DIGITS)
