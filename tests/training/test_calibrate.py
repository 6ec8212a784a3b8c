import numpy as np
import pytest

from feedback_nlp.classify.linear import Calibration
from training.calibrate import UNCERTAIN_TARGET, Targets, fit_calibration, fit_thresholds

CLAUSES = 400
TOPICS = 4


def drawn(sharpness: float) -> tuple[np.ndarray, Targets]:
    """Scores whose true probabilities are known, all multiplied by `sharpness`."""
    rng = np.random.default_rng(7)
    scores = rng.normal(0.0, 2.0, (CLAUSES, 11 + TOPICS))

    def draw(columns: slice) -> np.ndarray:
        noisy = scores[:, columns] + rng.gumbel(size=scores[:, columns].shape)
        return np.asarray(noisy.argmax(axis=1))

    polarity = draw(slice(0, 3))
    severity = np.where(polarity == 0, draw(slice(8, 11)) + 1, 0)
    topics = (rng.random((CLAUSES, TOPICS)) < 1 / (1 + np.exp(-scores[:, 11:]))).astype(int)
    return scores * sharpness, Targets(polarity, draw(slice(3, 8)), severity, topics)


def test_overconfident_scores_get_a_temperature_that_undoes_it() -> None:
    found = fit_calibration(*drawn(3.0))
    for temperature in (
        found.polarity_temperature,
        found.intent_temperature,
        found.severity_temperature,
    ):
        assert temperature == pytest.approx(3.0, rel=0.3)
    assert found.topic_slope == pytest.approx(1 / 3, rel=0.3)


def test_what_is_not_uncertain_reaches_the_target() -> None:
    scores, gold = drawn(1.0)
    calibration = fit_calibration(scores, gold)
    thresholds = fit_thresholds(scores, gold, calibration=calibration)
    chances = np.exp(scores[:, :3] / calibration.polarity_temperature)
    chances /= chances.sum(axis=1, keepdims=True)
    certain = chances.max(axis=1) >= thresholds.uncertain
    right = scores[:, :3].argmax(axis=1) == gold.polarity
    assert right[certain].mean() >= UNCERTAIN_TARGET - 0.01
    assert 0.1 < certain.mean() < 1.0


def test_when_nothing_reaches_the_target_everything_is_uncertain() -> None:
    scores, gold = drawn(1.0)
    wrong = Targets((scores[:, :3].argmax(axis=1) + 1) % 3, gold.intent, gold.severity, gold.topics)
    calibration = Calibration(1.0, 1.0, 1.0, 1.0, 0.0)
    assert fit_thresholds(scores, wrong, calibration=calibration).uncertain == 1.0
