"""Bootstrap intervals of shares and F1: how far a figure may be from what other clauses give.

A draw is a row of weights: how often each clause was drawn. All figures here are ratios of sums
over clauses, so a thousand draws are one matrix product.

Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, percentile intervals.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from feedback_nlp.heads.scores import FloatArray
from training.metrics import BoolArray, IntArray

DRAWS: Final = 1_000
SEED: Final = 20261122
LEVEL: Final = 0.90
_DIGITS: Final = 4

Interval = list[float]
"""Lower and upper end, as `eval.json` holds them."""


@dataclass(frozen=True, slots=True)
class Resampled:
    """Draws of the same clauses; `weights` is (n_draws, n_clauses), a row sums to n_clauses."""

    weights: FloatArray

    def f1(self, gold: IntArray, said: IntArray) -> FloatArray:
        """Return the F1 of each column of two 0/1 matrices, (n_draws, n_columns).

        A draw in which a column occurs neither in `gold` nor in `said` says nothing: NaN.
        """
        both = self.weights @ (gold & said)
        total = self.weights @ (gold + said)
        nothing = np.full(both.shape, np.nan)
        return np.asarray(np.divide(2.0 * both, total, out=nothing, where=total > 0))

    def micro_f1(self, gold: IntArray, said: IntArray) -> FloatArray:
        """Return the F1 of all (row, column) pairs together, (n_draws,)."""
        both = self.weights @ (gold & said).sum(axis=1)
        total = self.weights @ (gold + said).sum(axis=1)
        return np.asarray(2.0 * both / np.maximum(1.0, total))

    def share(self, right: BoolArray) -> FloatArray:
        """Return the share of drawn clauses that are `right`, (n_draws,)."""
        return np.asarray(self.weights @ right / len(right))

    def take(self, rows: IntArray) -> "Resampled":
        """Return the draws of some clauses only, scaled as if they alone had been drawn."""
        weights = self.weights[:, rows]
        totals = np.maximum(1.0, weights.sum(axis=1, keepdims=True))
        return Resampled(weights * (len(rows) / totals))


def resampled(clauses: int, *, draws: int = DRAWS, seed: int = SEED) -> Resampled:
    """Draw `clauses` clauses with replacement, `draws` times."""
    chances = np.full(clauses, 1.0 / clauses)
    drawn = np.random.default_rng(seed).multinomial(clauses, chances, size=draws)
    return Resampled(drawn.astype(np.float64))


def interval(figures: FloatArray) -> Interval:
    """Return the central 90 % of the draws' figures; draws that say nothing are left out."""
    tail = (1.0 - LEVEL) / 2
    low, high = np.nanquantile(figures, [tail, 1.0 - tail])
    return [round(float(low), _DIGITS), round(float(high), _DIGITS)]


def macro(by_label: FloatArray) -> FloatArray:
    """Return the mean over columns of each draw, (n_draws,); columns that say nothing left out."""
    heard = np.isfinite(by_label)
    return np.asarray(np.where(heard, by_label, 0.0).sum(axis=1) / np.maximum(1, heard.sum(axis=1)))


def rare(
    draws: Resampled, gold: IntArray, said: IntArray, *, names: tuple[str, ...], below: int
) -> dict[str, dict[str, Any]]:
    """Return clauses, F1 and interval of each class that some, but fewer than `below`, have.

    `gold` and `said` are 0/1 matrices with one column a name.
    """
    found = draws.f1(gold, said)
    whole = Resampled(np.ones((1, len(gold)))).f1(gold, said)[0]
    return {
        name: {
            "clauses": int(gold[:, column].sum()),
            "f1": round(float(whole[column]), _DIGITS),
            "interval": interval(found[:, column]),
        }
        for column, name in enumerate(names)
        if 0 < gold[:, column].sum() < below
    }
