import numpy as np
import pytest

from training.metrics import (
    accuracy_of_surest,
    calibration_error,
    f1_by_label,
    macro_f1_of_sets,
    micro_f1,
    one_hot,
    within_one_step,
)


def test_f1_of_each_label_counts_misses_and_false_alarms() -> None:
    gold, said = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])
    assert f1_by_label(gold, said, labels=4) == pytest.approx([2 / 3, 0.5, 0.0, 0.0])


def test_micro_f1_takes_all_pairs_together() -> None:
    gold, said = np.array([[1, 0], [1, 1]]), np.array([[1, 1], [0, 1]])
    assert micro_f1(gold, said) == pytest.approx(2 * 2 / 6)


def test_macro_f1_of_sets_leaves_out_columns_without_gold() -> None:
    gold, said = np.array([[1, 0], [1, 0]]), np.array([[1, 1], [1, 0]])
    assert macro_f1_of_sets(gold, said) == 1.0


@pytest.mark.parametrize(
    ("confidence", "right", "error"),
    [
        pytest.param([0.75] * 4, [True, True, True, False], 0.0, id="as sure as right"),
        pytest.param([1.0] * 2, [False, False], 1.0, id="sure and always wrong"),
        pytest.param([], [], 0.0, id="nothing to measure"),
    ],
)
def test_calibration_error(confidence: list[float], right: list[bool], error: float) -> None:
    found = calibration_error(np.array(confidence), np.array(right, bool))
    assert found == pytest.approx(error)


@pytest.mark.parametrize(
    ("share", "accuracy"),
    [
        pytest.param(1.0, 0.5, id="all"),
        pytest.param(0.5, 1.0, id="the surer half"),
        pytest.param(0.01, 1.0, id="at least one"),
    ],
)
def test_accuracy_of_the_surest(share: float, accuracy: float) -> None:
    confidence, right = np.array([0.4, 0.9, 0.5, 0.8]), np.array([False, True, False, True])
    assert accuracy_of_surest(confidence, right, share=share) == accuracy


def test_within_one_step_forgives_one_step_only() -> None:
    assert within_one_step(np.array([0, 1, 3, 2]), np.array([1, 1, 1, 3])) == 0.75
    assert within_one_step(np.array([], int), np.array([], int)) == 0.0


def test_one_hot_has_one_column_a_label() -> None:
    assert one_hot(np.array([2, 0]), count=3).tolist() == [[0, 0, 1], [1, 0, 0]]
