"""Measures how a classifier's probabilities err, and what the corrected counts gain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from feedback_nlp.heads.counting import ErrorRates, corrected_shares
from feedback_nlp.heads.scores import FloatArray, softmax
from training.metrics import IntArray, one_hot

REFITS: Final = 20
SEED: Final = 20261122
NEGATIVE_SHARES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
NEUTRAL_SHARES: Final = (0.25, 0.5, 0.75)
"""Of what is not negative."""
COUNTED: Final = 200
"""Most clauses of each collection of a trial, ..."""
COUNTED_TIMES: Final = 10
"""... and collections of each mix."""
_LEAST: Final = 1e-6
_RIDGE: Final = 1e-6
"""Holds the shifts still, which are free up to a constant."""
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Collection:
    """Clauses drawn so that the true shares are known: a test of counting."""

    rows: IntArray
    shares: FloatArray


def fit_error_rates(
    probabilities: FloatArray, gold: IntArray, *, refits: int = REFITS, seed: int = SEED
) -> ErrorRates:
    """Fit the correction on served probabilities (n_clauses, n_classes) and true columns.

    The classifier must not have learned from these clauses: give cross-validated probabilities
    of its training clauses.
    """
    clauses, classes = probabilities.shape
    logs = np.log(np.maximum(probabilities, _LEAST))
    truth = one_hot(gold, count=classes)
    drawn = np.random.default_rng(seed).multinomial(
        clauses, np.full(clauses, 1.0 / clauses), size=refits
    )
    weights = np.vstack([np.ones(clauses), drawn]) / clauses
    lines = [_line(logs, truth, weight) for weight in weights]
    return ErrorRates(np.round(lines, _DIGITS), np.round(weights @ truth, _DIGITS))


def rates_to_json(rates: ErrorRates) -> dict[str, list[list[float]]]:
    """Return the rates as `eval.json` holds them."""
    return {"lines": rates.lines.tolist(), "shares": rates.shares.tolist()}


def rates_from_json(stored: Mapping[str, Sequence[Sequence[float]]]) -> ErrorRates:
    """Return the rates that `rates_to_json` wrote."""
    return ErrorRates(np.array(stored["lines"]), np.array(stored["shares"]))


def collections(gold: IntArray, *, clauses: int, times: int, seed: int = SEED) -> list[Collection]:
    """Draw collections of many polarity mixes; no clause is twice in one.

    A mix that `gold` has too few clauses for is left out.
    """
    generator = np.random.default_rng(seed)
    pools = [np.flatnonzero(gold == column) for column in range(3)]
    found = []
    for negative in NEGATIVE_SHARES:
        for neutral in NEUTRAL_SHARES:
            rest = 1.0 - negative
            mix = np.array([negative, rest * neutral, rest * (1.0 - neutral)])
            for _ in range(times):
                counts = generator.multinomial(clauses, mix)
                if any(count > len(pool) for count, pool in zip(counts, pools, strict=True)):
                    continue
                rows = [
                    generator.choice(pool, count, replace=False)
                    for pool, count in zip(pools, counts, strict=True)
                ]
                found.append(Collection(np.concatenate(rows), counts / clauses))
    return found


def counting_figures(
    probabilities: FloatArray, rates: ErrorRates, drawn: Sequence[Collection]
) -> dict[str, Any]:
    """Compare plain and corrected polarity shares over collections of known shares.

    Errors are mean absolute errors of a share; `coverage` is how often the 90 % interval holds
    the true one.
    """
    plain, corrected, held = [], [], []
    for each in drawn:
        chances = probabilities[each.rows]
        counts = np.bincount(chances.argmax(axis=1), minlength=chances.shape[1])
        found = corrected_shares(chances, rates)
        plain.append(np.abs(counts / len(chances) - each.shares))
        corrected.append(np.abs(np.array(found.point) - each.shares))
        # Half a clause of slack: true shares are whole clauses.
        slack = 0.5 / len(chances)
        low, high = np.array(found.low) - slack, np.array(found.high) + slack
        held.append((low <= each.shares) & (each.shares <= high))
    return {
        "collections": len(drawn),
        "clauses_each": len(drawn[0].rows) if drawn else 0,
        "plain_error": _mean(plain),
        "corrected_error": _mean(corrected),
        "coverage": _mean(held),
    }


def counting_trial(probabilities: FloatArray, gold: IntArray, rates: ErrorRates) -> dict[str, Any]:
    """Return `counting_figures` on collections drawn from these clauses, for card and table."""
    size = min(COUNTED, len(gold) // 4)
    return counting_figures(
        probabilities, rates, collections(gold, clauses=size, times=COUNTED_TIMES)
    )


def _mean(values: Sequence[Any]) -> float:
    return round(float(np.mean(values)), _DIGITS) if values else 0.0


def _line(logs: FloatArray, truth: IntArray, weight: FloatArray) -> FloatArray:
    """Return factor and shifts of least weighted log loss."""

    def loss(line: FloatArray) -> tuple[float, FloatArray]:
        chances = softmax(logs * line[0] + line[1:])
        surprise = -np.log(np.maximum((chances * truth).sum(axis=1), 1e-12))
        slope = (chances - truth) * weight[:, None]
        downhill = np.append((slope * logs).sum(), slope.sum(axis=0) + 2 * _RIDGE * line[1:])
        return float(weight @ surprise + _RIDGE * (line[1:] ** 2).sum()), downhill

    start = np.append(1.0, np.zeros(logs.shape[1]))
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)
