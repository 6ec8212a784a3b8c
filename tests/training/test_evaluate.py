from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from drawn_scores import CODES, drawn

from feedback_nlp.heads.decide import decide
from feedback_nlp.heads.scores import Calibration, Thresholds, calibrated
from training.evaluate import evaluate, evaluate_labels, fit_on_dev
from training.judged import RARE_LABEL

CALIBRATION = Calibration(1.0, 1.0, 1.0, 1.0, 0.0)
THRESHOLDS = Thresholds(topic=0.5, uncertain=0.6)


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    scores, gold = drawn(1.0)
    return evaluate(scores, gold, topics=CODES, calibration=CALIBRATION, thresholds=THRESHOLDS)


def test_all_keys_of_the_linear_models_figures_are_there(
    figures: dict[str, Any],
) -> None:
    scores, gold = drawn(1.0)
    linear = fit_on_dev(scores, gold, topics=CODES).figures
    assert set(linear) - set(figures) == {"folds"}
    for head in ("polarity", "intent", "severity", "topics"):
        assert set(linear[head]) <= set(figures[head])


def test_served_labels_give_the_figures_of_the_scores() -> None:
    scores, gold = drawn(1.0)
    labels = list(decide(calibrated(scores, CALIBRATION), CODES, THRESHOLDS))
    served = evaluate_labels(labels, gold, topics=CODES)
    whole = evaluate(scores, gold, topics=CODES, calibration=CALIBRATION, thresholds=THRESHOLDS)
    for head in ("polarity", "intent", "severity", "topics"):
        assert served[head] == {key: whole[head][key] for key in served[head]}
    assert set(whole["intent"]) - set(served["intent"]) == {"ece"}
    assert set(whole["severity"]) - set(served["severity"]) == {"ece", "macro_f1_of_negatives"}


@pytest.mark.parametrize(
    ("head", "figure"),
    [
        pytest.param("polarity", "macro_f1", id="polarity macro-F1"),
        pytest.param("polarity", "accuracy_at_80", id="accuracy of the surest"),
        pytest.param("polarity", "measured_risk", id="risk"),
        pytest.param("intent", "macro_f1", id="intent macro-F1"),
        pytest.param("severity", "macro_f1", id="severity macro-F1"),
        pytest.param("topics", "micro_f1", id="topics micro-F1"),
        pytest.param("topics", "macro_f1", id="topics macro-F1"),
        pytest.param("topics", "groups_micro_f1", id="groups micro-F1"),
    ],
)
def test_an_interval_holds_its_figure_and_is_narrow(
    figures: dict[str, Any], head: str, figure: str
) -> None:
    low, high = figures[head]["intervals"][figure]
    assert low < figures[head][figure] < high
    assert high - low < 0.15


def test_rare_classes_are_listed_with_their_intervals(
    figures: dict[str, Any],
) -> None:
    _, gold = drawn(1.0)
    levels = np.bincount(gold.severity, minlength=4)
    expected = {str(level): int(n) for level, n in enumerate(levels) if n < RARE_LABEL}
    rare = figures["severity"]["rare"]
    assert {name: one["clauses"] for name, one in rare.items()} == expected
    for one in rare.values():
        low, high = one["interval"]
        assert low < one["f1"] < high


def test_a_class_that_nobody_labelled_is_not_rare_but_absent() -> None:
    scores, gold = drawn(1.0)
    intent = np.where(gold.intent == 3, 4, gold.intent)
    found = evaluate(
        scores,
        replace(gold, intent=intent),
        topics=CODES,
        calibration=CALIBRATION,
        thresholds=THRESHOLDS,
    )
    assert "question" not in found["intent"]["rare"]


def test_where_everything_is_uncertain_nothing_is_risked() -> None:
    scores, gold = drawn(1.0)
    shy = replace(THRESHOLDS, uncertain=1.0)
    found = evaluate(scores, gold, topics=CODES, calibration=CALIBRATION, thresholds=shy)
    assert found["polarity"]["certain_coverage"] == 0.0
    assert found["polarity"]["measured_risk"] == 0.0


def test_severity_counts_as_served() -> None:
    scores, gold = drawn(1.0)
    blind = scores.copy()
    blind[:, 0] = -50.0  # never negative, so severity is always 0
    found = evaluate(blind, gold, topics=CODES, calibration=CALIBRATION, thresholds=THRESHOLDS)
    assert found["severity"]["accuracy"] == pytest.approx((gold.severity == 0).mean(), abs=1e-4)
    assert found["severity"]["within_one"] == pytest.approx((gold.severity <= 1).mean(), abs=1e-4)
    negatives = gold.severity[gold.severity > 0]
    assert found["severity"]["within_one_of_negatives"] == pytest.approx(
        (negatives == 1).mean(), abs=1e-4
    )
