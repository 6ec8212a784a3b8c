import numpy as np
import pytest

from training.metrics import calibration_error, f1_by_label, macro_f1_of_sets, micro_f1


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
