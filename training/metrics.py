"""Figures that say how good labels and probabilities are."""

import numpy as np
import numpy.typing as npt

from feedback_nlp.heads.decide import decide_topics
from feedback_nlp.heads.scores import FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def f1_by_label(gold: IntArray, said: IntArray, *, labels: int) -> list[float]:
    """Return the F1 of each label 0 .. labels - 1; 0 for one that never occurs."""
    scores = []
    for label in range(labels):
        both = int(((gold == label) & (said == label)).sum())
        total = int((gold == label).sum()) + int((said == label).sum())
        scores.append(2.0 * both / total if total else 0.0)
    return scores


def macro_f1(gold: IntArray, said: IntArray, *, labels: int) -> float:
    """Return the mean F1 over labels."""
    return float(np.mean(f1_by_label(gold, said, labels=labels)))


def micro_f1(gold: IntArray, said: IntArray) -> float:
    """Return the F1 of all (row, column) pairs of two 0/1 matrices together."""
    both = int((gold & said).sum())
    return 2.0 * both / max(1, int(gold.sum()) + int(said.sum()))


def macro_f1_of_sets(gold: IntArray, said: IntArray) -> float:
    """Return the mean F1 over the columns of two 0/1 matrices, columns without gold left out."""
    used = gold.sum(axis=0) > 0
    both = (gold & said).sum(axis=0)[used]
    return float(np.mean(2.0 * both / (gold.sum(axis=0) + said.sum(axis=0))[used]))


def one_hot(labels: IntArray, *, count: int) -> IntArray:
    """Return labels 0 .. count - 1 as a 0/1 matrix (n_rows, count)."""
    return np.asarray(labels[:, None] == np.arange(count), np.int64)


def named_topics(probabilities: FloatArray, threshold: float) -> IntArray:
    """Return the 0/1 matrix of the topics that serving would name."""
    said = np.zeros(probabilities.shape, np.int64)
    for row, columns in enumerate(decide_topics(probabilities, threshold)):
        said[row, list(columns)] = 1
    return said


def accuracy_of_surest(confidence: FloatArray, right: BoolArray, *, share: float) -> float:
    """Return the accuracy of the most confident `share` of the rows; equals go by row."""
    return float(right[surest(confidence, share=share)].mean())


def surest(confidence: FloatArray, *, share: float) -> IntArray:
    """Return the rows of the most confident `share`, at least one, most confident first."""
    kept = max(1, round(share * len(confidence)))
    return np.argsort(-confidence, kind="stable")[:kept]


def within_one_step(gold: IntArray, said: IntArray) -> float:
    """Return the share of rows that are at most one step off; 0 without rows."""
    return float((np.abs(gold - said) <= 1).mean()) if len(gold) else 0.0


def calibration_error(confidence: FloatArray, right: BoolArray, *, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width.

    Source: Guo et al. 2017, On Calibration of Modern Neural Networks.
    """
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        inside = which == number
        if inside.any():
            error += abs(float(confidence[inside].sum()) - float(right[inside].sum()))
    return error / max(1, len(confidence))
