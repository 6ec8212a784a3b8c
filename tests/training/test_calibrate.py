import numpy as np
import pytest
from drawn_scores import drawn

from feedback_nlp.heads.scores import TOPICS_FROM, Calibration, calibrated
from training.calibrate import (
    RISK_LEVEL,
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


TRUE = Calibration(1.0, 1.0, 1.0, 1.0, 0.0)
"""Of scores that labels are drawn from."""


def risks(*, level: float | None) -> list[float]:
    """Return the true risk of what is kept, once for each of ten draws to choose it on."""
    others, _ = drawn(1.0, seed=1000, clauses=20_000)
    confidence = calibrated(others, TRUE).polarity.max(axis=1)
    found = (
        fit_thresholds(
            *drawn(1.0, seed=seed),
            calibration=TRUE,
            certain_accuracy=1 - UNCERTAIN_RISK,
            level=level,
        )
        for seed in range(10)
    )
    kept = (confidence[confidence >= thresholds.uncertain] for thresholds in found)
    return [float(1 - sure.mean()) if len(sure) else 0.0 for sure in kept]


def test_a_stated_risk_holds_on_other_clauses_nine_times_in_ten() -> None:
    plain, safe = risks(level=None), risks(level=RISK_LEVEL)
    assert sum(risk > UNCERTAIN_RISK for risk in plain) > 2
    assert sum(risk > UNCERTAIN_RISK for risk in safe) <= 1
    assert np.mean(safe) > 0.5 * UNCERTAIN_RISK


@pytest.mark.parametrize(
    ("wrong", "enough"),
    [
        pytest.param(0, 22, id="none wrong"),
        pytest.param(1, 38, id="one wrong"),
        pytest.param(2, 52, id="two wrong"),
    ],
)
def test_a_risk_of_a_tenth_takes_so_many_clauses(wrong: int, enough: int) -> None:
    """The sizes of the tables for showing 90 % reliability with 90 % confidence."""
    assert [_least_confidence(clauses, wrong) for clauses in (enough - 1, enough)] == [1.0, 0.9094]


def _least_confidence(clauses: int, wrong: int) -> float:
    """Choose the abstention on equally confident clauses, the first ones of them wrong."""
    scores = np.zeros((clauses, TOPICS_FROM + 1))
    scores[:, 0] = 3.0
    none = np.zeros(clauses, np.int64)
    gold = Targets((np.arange(clauses) < wrong).astype(np.int64), none, none, none[:, None])
    return fit_thresholds(
        scores, gold, calibration=TRUE, certain_accuracy=1 - UNCERTAIN_RISK, level=RISK_LEVEL
    ).uncertain


def test_when_nothing_reaches_the_target_everything_is_uncertain() -> None:
    scores, gold = drawn(1.0)
    wrong = Targets((scores[:, :3].argmax(axis=1) + 1) % 3, gold.intent, gold.severity, gold.topics)
    for level in (None, RISK_LEVEL):
        assert fit_thresholds(scores, wrong, calibration=TRUE, level=level).uncertain == 1.0
