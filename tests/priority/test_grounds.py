"""The correction of complaints for what the classifier gets wrong, on made-up texts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.heads.counting import ErrorRates
from feedback_nlp.heads.scores import FloatArray
from feedback_nlp.priority.grounds import LEAST_OPINIONS, MOST_CORRECTION, correction_of

USUAL = np.array([0.4, 0.3, 0.3])
HONEST = ErrorRates(np.array([[1.0, 0.0, 0.0, 0.0]] * 3), np.array([USUAL] * 3))
"""Rates of a classifier that is calibrated where the shares are usual."""
few = settings(max_examples=15)


def heard(shares: FloatArray, number: int, *, seed: int) -> tuple[FloatArray, float]:
    """Return what a weak classifier calibrated on `USUAL` says, and the true share of negatives.

    By Bayes: evidence of class k has the density of N(1.2, 1) against N(0, 1) of the others.
    """
    generator = np.random.default_rng(seed)
    truth = generator.choice(3, number, p=shares)
    evidence = generator.normal(0.0, 1.0, (number, 3)) + 1.2 * np.eye(3)[truth]
    chances = USUAL * np.exp(1.2 * evidence - 1.2**2 / 2)
    return chances / chances.sum(axis=1, keepdims=True), float((truth == 0).mean())


def expected(probabilities: FloatArray) -> float:
    """Complaints that reach counts, before it is corrected, as a share of all opinions."""
    called = probabilities[probabilities.argmax(axis=1) == 0]
    return float(called[:, 0].sum()) / len(probabilities)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3, 0.6, 0.8])
def test_corrected_reach_is_nearer_to_the_truth_than_the_count(share: float) -> None:
    errors, plain, held = [], [], []
    for seed in range(4):
        rest = (1 - share) / 2
        said, true = heard(np.array([share, rest, rest]), 800, seed=seed)
        found = correction_of(said, HONEST)
        assert found is not None
        errors.append(abs(expected(said) * found.factor - true))
        plain.append(abs(float((said.argmax(axis=1) == 0).mean()) - true))
        held.append(expected(said) * found.low <= true <= expected(said) * found.high)
    assert np.mean(errors) < 0.06
    assert np.mean(errors) < np.mean(plain)
    assert sum(held) >= 2


@few
@given(st.integers(0, 2**32), st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_correction_is_bounded_and_its_interval_holds_it(
    seed: int, negative: float, neutral: float
) -> None:
    shares = np.array([negative, (1 - negative) * neutral, (1 - negative) * (1 - neutral)])
    found = correction_of(heard(shares, LEAST_OPINIONS, seed=seed)[0], HONEST)
    assert found is None or (
        1 / MOST_CORRECTION <= found.low <= found.factor <= found.high <= MOST_CORRECTION
    )


def test_texts_unlike_those_of_the_rates_are_corrected_at_most_twofold() -> None:
    # Called negative only now and then, though the rates say: where it doubts it is negative.
    doubtful = np.array([[0.45, 0.3, 0.25]] + [[0.4, 0.45, 0.15]] * 19)
    rates = ErrorRates(np.array([[1.0, 3.0, 0.0, 0.0]] * 3), HONEST.shares)
    found = correction_of(np.tile(doubtful, (20, 1)), rates)
    assert found is not None
    assert found.factor == MOST_CORRECTION


@pytest.mark.parametrize(
    ("number", "rates"),
    [
        pytest.param(LEAST_OPINIONS - 1, HONEST, id="too few opinions"),
        pytest.param(0, HONEST, id="no opinions"),
        pytest.param(LEAST_OPINIONS, None, id="errors of the model are not known"),
    ],
)
def test_no_correction_without_the_means(number: int, rates: ErrorRates | None) -> None:
    assert correction_of(np.tile(USUAL, (number, 1)), rates) is None


def test_no_correction_when_nothing_is_called_negative() -> None:
    praise = np.tile([0.05, 0.05, 0.9], (LEAST_OPINIONS, 1))
    assert correction_of(praise, HONEST) is None


@pytest.mark.parametrize("number", [500, 12_000])
def test_the_same_opinions_in_any_order_are_corrected_the_same(number: int) -> None:
    said, _ = heard(USUAL, number, seed=3)
    mixed = np.random.default_rng(4).permutation(said)
    assert correction_of(mixed, HONEST) == correction_of(said, HONEST)
