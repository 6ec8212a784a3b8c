import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import InputError
from feedback_nlp.heads.counting import ErrorRates, corrected_shares

FloatArray = npt.NDArray[np.float64]

KNOWN = np.array([0.6, 0.1, 0.3])
PERFECT = ErrorRates(np.array([[1.0, 0.0, 0.0, 0.0]] * 3), np.array([KNOWN] * 3))
"""Probabilities that are right where the shares are `KNOWN`."""


def probabilities(mix: FloatArray, *, clauses: int, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    """What an honest but weak classifier says of clauses, and the shares that were drawn."""
    generator = np.random.default_rng(seed)
    classes = generator.choice(3, size=clauses, p=mix)
    evidence = generator.normal(0.0, 1.0, (clauses, 3)) + 1.5 * np.eye(3)[classes]
    # By Bayes: evidence of class k has the density of N(1.5, 1) against N(0, 1).
    chances = KNOWN * np.exp(1.5 * evidence - 1.5**2 / 2)
    return chances / chances.sum(axis=1, keepdims=True), np.bincount(classes, minlength=3) / clauses


@pytest.mark.parametrize(
    "mix",
    [
        pytest.param((0.6, 0.1, 0.3), id="as in training"),
        pytest.param((0.1, 0.1, 0.8), id="mostly positive"),
        pytest.param((0.2, 0.7, 0.1), id="mostly neutral"),
        pytest.param((0.0, 0.0, 1.0), id="positive only"),
    ],
)
def test_corrected_shares_find_a_mix_that_counting_misses(mix: tuple[float, ...]) -> None:
    said, true = probabilities(np.array(mix), clauses=3000)
    counted = np.bincount(said.argmax(axis=1), minlength=3) / len(said)
    found = corrected_shares(said, PERFECT, draws=10)
    assert np.abs(np.array(found.point) - true).max() < 0.03
    assert np.abs(np.array(found.point) - true).sum() < np.abs(counted - true).sum()


def test_the_interval_holds_the_true_shares_about_nine_times_in_ten() -> None:
    held = []
    for seed in range(60):
        said, true = probabilities(np.array([0.3, 0.3, 0.4]), clauses=300, seed=seed)
        found = corrected_shares(said, PERFECT, draws=100)
        held.append((np.array(found.low) <= true) & (true <= np.array(found.high)))
    assert 0.8 <= np.mean(held) <= 1.0


def test_more_clauses_make_a_narrower_interval() -> None:
    few, many = (
        corrected_shares(probabilities(KNOWN, clauses=count)[0], PERFECT) for count in (50, 2000)
    )
    assert many.high[0] - many.low[0] < few.high[0] - few.low[0]


def test_doubtful_rates_make_a_wider_interval() -> None:
    said, _ = probabilities(KNOWN, clauses=500)
    shifts = np.linspace(-0.6, 0.6, 20)
    lines = np.array([[1.0, 0.0, 0.0, 0.0]] + [[1.0, shift, 0.0, 0.0] for shift in shifts])
    doubtful = corrected_shares(said, ErrorRates(lines, np.array([KNOWN] * len(lines))))
    sure = corrected_shares(said, PERFECT)
    assert doubtful.point == sure.point
    assert doubtful.high[0] - doubtful.low[0] > 1.2 * (sure.high[0] - sure.low[0])


@given(st.lists(st.tuples(*[st.floats(0.0, 1.0)] * 3), min_size=1, max_size=20))
def test_shares_are_shares_and_ignore_the_order(rows: list[tuple[float, ...]]) -> None:
    said = np.array(rows) + 1e-3
    said /= said.sum(axis=1, keepdims=True)
    found = corrected_shares(said, PERFECT, draws=10)
    assert sum(found.point) == pytest.approx(1.0)
    assert all(0.0 <= low <= high <= 1.0 for low, high in zip(found.low, found.high, strict=True))
    turned = corrected_shares(said[::-1], PERFECT, draws=10)
    assert turned.point == pytest.approx(found.point, abs=1e-6)


def test_many_clauses_are_put_together_without_a_visible_change() -> None:
    mix = np.array([0.3, 0.3, 0.4])
    said, true = probabilities(mix, clauses=12_000)
    many = corrected_shares(said, PERFECT)
    halves = [corrected_shares(half, PERFECT).point for half in (said[::2], said[1::2])]
    assert np.array(many.point) == pytest.approx(np.mean(halves, axis=0), abs=0.001)
    assert (np.array(many.low) <= true).all()
    assert (true <= np.array(many.high)).all()


def test_the_same_seed_gives_the_same_interval() -> None:
    said, _ = probabilities(KNOWN, clauses=50)
    assert corrected_shares(said, PERFECT, seed=3) == corrected_shares(said, PERFECT, seed=3)
    assert corrected_shares(said, PERFECT, seed=3) != corrected_shares(said, PERFECT, seed=4)


def test_rates_without_bootstrap_fits_still_give_an_interval() -> None:
    said, _ = probabilities(KNOWN, clauses=50)
    found = corrected_shares(said, ErrorRates(PERFECT.lines[:1], PERFECT.shares[:1]))
    assert found.low[0] < found.point[0] < found.high[0]


def test_a_certain_and_wrong_probability_of_zero_is_no_fault() -> None:
    said = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    found = corrected_shares(said, PERFECT)
    assert found.point == pytest.approx((0.5, 0.0, 0.5), abs=0.01)


@pytest.mark.parametrize(
    "shape", [pytest.param((0, 3), id="no clause"), pytest.param((4, 5), id="other classes")]
)
def test_what_cannot_be_counted_is_named(shape: tuple[int, int]) -> None:
    with pytest.raises(InputError, match=f"{shape[0]} 个分句、{shape[1]} 个类别"):
        corrected_shares(np.ones(shape), PERFECT)
