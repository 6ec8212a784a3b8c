import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.intervals import Resampled, interval, macro, resampled
from training.metrics import f1_by_label, macro_f1_of_sets, micro_f1, one_hot

LABELS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30)


@given(LABELS)
def test_one_draw_of_every_clause_gives_the_figure_itself(pairs: list[tuple[int, int]]) -> None:
    gold, said = (one_hot(np.array(side), count=3) for side in zip(*pairs, strict=True))
    once = Resampled(np.ones((1, len(pairs))))
    by_label = f1_by_label(gold.argmax(axis=1), said.argmax(axis=1), labels=3)
    assert np.nan_to_num(once.f1(gold, said)[0]) == pytest.approx(by_label)
    assert once.micro_f1(gold, said)[0] == pytest.approx(micro_f1(gold, said))
    used = gold.sum(axis=0) > 0
    assert macro(once.f1(gold[:, used], said[:, used]))[0] == pytest.approx(
        macro_f1_of_sets(gold, said)
    )


def test_every_draw_holds_as_many_clauses_as_there_are() -> None:
    draws = resampled(50, draws=20)
    assert draws.weights.sum(axis=1).tolist() == [50.0] * 20
    assert draws.take(np.arange(10)).weights.sum(axis=1) == pytest.approx(10.0)


def test_the_interval_of_a_share_is_the_one_of_the_binomial() -> None:
    right = np.arange(400) % 10 < 9
    low, high = interval(resampled(400).share(right))
    error = 1.645 * np.sqrt(0.9 * 0.1 / 400)
    assert (low, high) == pytest.approx((0.9 - error, 0.9 + error), abs=0.005)


def test_the_same_seed_draws_the_same_clauses() -> None:
    assert np.array_equal(resampled(9, seed=1).weights, resampled(9, seed=1).weights)
    assert not np.array_equal(resampled(9, seed=1).weights, resampled(9, seed=2).weights)


def test_a_draw_without_a_rare_class_says_nothing_about_it() -> None:
    draws = Resampled(np.array([[2.0, 0.0], [1.0, 1.0]]))
    gold = np.array([[1, 0], [0, 1]])
    assert np.array_equal(draws.f1(gold, gold), [[1.0, np.nan], [1.0, 1.0]], equal_nan=True)
    assert interval(draws.f1(gold, gold)[:, 1]) == [1.0, 1.0]
