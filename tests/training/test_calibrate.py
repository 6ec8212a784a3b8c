import numpy as np
import pytest
from drawn_scores import drawn

from feedback_nlp.heads.scores import Calibration, calibrated
from training.calibrate import (
    UNCERTAIN_RISK,
    UNCERTAIN_TARGET,
    Targets,
    fit_calibration,
    fit_thresholds,
)


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


def test_a_stated_risk_holds_on_other_clauses() -> None:
    scores, gold = drawn(1.0)
    calibration = fit_calibration(scores, gold)
    found = fit_thresholds(
        scores, gold, calibration=calibration, certain_accuracy=1 - UNCERTAIN_RISK
    )
    others, labels = drawn(1.0, seed=8)
    chances = calibrated(others, calibration).polarity
    certain = chances.max(axis=1) >= found.uncertain
    assert 0.1 < certain.mean() < 1.0
    assert (chances.argmax(axis=1) != labels.polarity)[certain].mean() <= UNCERTAIN_RISK + 0.03


def test_when_nothing_reaches_the_target_everything_is_uncertain() -> None:
    scores, gold = drawn(1.0)
    wrong = Targets((scores[:, :3].argmax(axis=1) + 1) % 3, gold.intent, gold.severity, gold.topics)
    calibration = Calibration(1.0, 1.0, 1.0, 1.0, 0.0)
    assert fit_thresholds(scores, wrong, calibration=calibration).uncertain == 1.0
