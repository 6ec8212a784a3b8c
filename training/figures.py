"""Figures of a model's answers: what `eval.json` says about each head."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from feedback_nlp.heads.scores import (
    INTENTS,
    POLARITIES,
    Calibration,
    FloatArray,
    HeadProbabilities,
    Thresholds,
    calibrated,
)
from training.calibrate import Targets
from training.metrics import (
    IntArray,
    calibration_error,
    f1_by_label,
    macro_f1,
    macro_f1_of_sets,
    micro_f1,
    named_topics,
)

SEVERITY_LEVELS: Final = 4
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Answers:
    """Probabilities and decisions for every clause."""

    found: HeadProbabilities
    topics: IntArray
    """(n_clauses, n_topics) of 0 and 1: the topics named."""
    uncertain: IntArray

    @property
    def polarity(self) -> IntArray:
        """Columns of the polarities said."""
        return np.asarray(self.found.polarity.argmax(axis=1), np.int64)

    @property
    def severity(self) -> IntArray:
        """Severity as served, 0-3: 0 unless polarity says neg."""
        return np.where(self.polarity == 0, self.found.severity.argmax(axis=1) + 1, 0)


def answers(scores: FloatArray, calibration: Calibration, thresholds: Thresholds) -> Answers:
    """Return what serving would answer to raw scores (n_clauses, n_outputs)."""
    found = calibrated(scores, calibration)
    return Answers(
        found,
        named_topics(found.topics, thresholds.topic),
        (found.polarity.max(axis=1) < thresholds.uncertain).astype(np.int64),
    )


def figures(
    said: Answers, gold: Targets, *, topics: Sequence[str], certain: float
) -> dict[str, Any]:
    """Return the figures of all heads; `certain` is the accuracy the abstention aims at."""
    return {
        "polarity": _label_head(said.found.polarity, gold.polarity, names=POLARITIES)
        | _abstention(said, gold, certain),
        "intent": _label_head(said.found.intent, gold.intent, names=INTENTS),
        "severity": _severity(said, gold),
        "topics": _topics(said, gold, topics=topics),
    }


def in_groups(matrix: IntArray, topics: Sequence[str]) -> IntArray:
    """Return which top-level groups the topics of each clause belong to, by name of the group."""
    groups = sorted({code.split(".")[0] for code in topics})
    member = np.array([[int(code.split(".")[0] == group) for group in groups] for code in topics])
    return np.asarray((matrix @ member) > 0, np.int64)


def rounded(value: float) -> float:
    """Round a figure as `eval.json` holds it."""
    return round(float(value), _DIGITS)


def _label_head(chances: FloatArray, gold: IntArray, *, names: Sequence[str]) -> dict[str, Any]:
    said = chances.argmax(axis=1)
    by_label = f1_by_label(gold, said, labels=len(names))
    return {
        "macro_f1": rounded(float(np.mean(by_label))),
        "accuracy": rounded(float((said == gold).mean())),
        "ece": rounded(calibration_error(chances.max(axis=1), said == gold)),
        "f1": {name: rounded(value) for name, value in zip(names, by_label, strict=True)},
    }


def _abstention(said: Answers, gold: Targets, target: float) -> dict[str, Any]:
    kept = said.uncertain == 0
    right = said.polarity == gold.polarity
    return {
        "certain_target": target,
        "certain_coverage": rounded(float(kept.mean())),
        "certain_accuracy": rounded(float(right[kept].mean()) if kept.any() else 0.0),
    }


def _severity(said: Answers, gold: Targets) -> dict[str, Any]:
    """Severity as served, and alone on truly negative clauses."""
    served, level = said.severity, said.found.severity.argmax(axis=1) + 1
    negative = gold.severity > 0
    chances = said.found.severity[negative].max(axis=1)
    right = level[negative] == gold.severity[negative]
    return {
        "macro_f1": rounded(macro_f1(gold.severity, served, labels=SEVERITY_LEVELS)),
        "accuracy": rounded(float((served == gold.severity).mean())),
        "macro_f1_of_negatives": rounded(
            macro_f1(gold.severity[negative] - 1, level[negative] - 1, labels=SEVERITY_LEVELS - 1)
        ),
        "ece": rounded(calibration_error(chances, right)),
    }


def _topics(said: Answers, gold: Targets, *, topics: Sequence[str]) -> dict[str, Any]:
    named = said.topics == 1
    of_groups = in_groups(gold.topics, topics), in_groups(said.topics, topics)
    first = gold.topics[np.arange(len(named)), said.found.topics.argmax(axis=1)]
    return {
        "groups": of_groups[0].shape[1],
        "micro_f1": rounded(micro_f1(gold.topics, said.topics)),
        "macro_f1": rounded(macro_f1_of_sets(gold.topics, said.topics)),
        "groups_micro_f1": rounded(micro_f1(*of_groups)),
        "first_accuracy": rounded(float(first.mean())),
        "per_clause": rounded(float(said.topics.sum(axis=1).mean())),
        "ece": rounded(calibration_error(said.found.topics[named], gold.topics[named] == 1)),
    }
