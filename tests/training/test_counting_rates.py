import json

import numpy as np
import pytest
from drawn_scores import drawn

from feedback_nlp.heads.scores import softmax
from training.counting import (
    collections,
    counting_figures,
    fit_error_rates,
    rates_from_json,
    rates_to_json,
)


def test_honest_probabilities_need_no_correction() -> None:
    scores, gold = drawn(1.0)
    rates = fit_error_rates(softmax(scores[:, :3]), gold.polarity)
    assert rates.lines[0, 0] == pytest.approx(1.0, abs=0.2)
    assert np.ptp(rates.lines[0, 1:]) < 0.4
    assert rates.shares[0] == pytest.approx(
        np.bincount(gold.polarity) / len(gold.polarity), abs=1e-4
    )


def test_a_lean_of_the_classifier_is_undone() -> None:
    scores, gold = drawn(1.0)
    leaning = softmax(2.0 * (scores[:, :3] + np.array([1.0, 0.0, 0.0])))
    line = fit_error_rates(leaning, gold.polarity).lines[0]
    assert line[0] == pytest.approx(0.5, abs=0.15)
    assert line[1] - line[2:].mean() == pytest.approx(-1.0, abs=0.4)


def test_bootstrap_fits_differ_and_repeat() -> None:
    scores, gold = drawn(1.0)
    chances = softmax(scores[:, :3])
    rates = fit_error_rates(chances, gold.polarity, refits=4)
    assert len({tuple(line) for line in rates.lines.tolist()}) == 5
    assert np.array_equal(fit_error_rates(chances, gold.polarity, refits=4).lines, rates.lines)


def test_rates_survive_json() -> None:
    scores, gold = drawn(1.0)
    rates = fit_error_rates(softmax(scores[:, :3]), gold.polarity, refits=2)
    back = rates_from_json(json.loads(json.dumps(rates_to_json(rates))))
    assert np.array_equal(back.lines, rates.lines)
    assert np.array_equal(back.shares, rates.shares)


def test_collections_have_the_shares_they_say_and_no_clause_twice() -> None:
    _, gold = drawn(1.0)
    found = collections(gold.polarity, clauses=60, times=2)
    assert len(found) == 9 * 3 * 2
    for each in found:
        assert len(set(each.rows.tolist())) == 60
        assert np.bincount(gold.polarity[each.rows], minlength=3) / 60 == pytest.approx(each.shares)
    negative = [each.shares[0] for each in found]
    assert min(negative) < 0.2
    assert max(negative) > 0.8


def test_a_mix_that_there_are_too_few_clauses_for_is_left_out() -> None:
    _, gold = drawn(1.0)
    assert collections(gold.polarity, clauses=4000, times=1) == []


def test_correction_beats_counting_on_other_clauses() -> None:
    scores, gold = drawn(1.0)
    others, labels = drawn(1.0, seed=8)
    rates = fit_error_rates(softmax(scores[:, :3]), gold.polarity)
    found = counting_figures(
        softmax(others[:, :3]), rates, collections(labels.polarity, clauses=100, times=2)
    )
    assert found["collections"] == 54
    assert found["clauses_each"] == 100
    assert found["corrected_error"] < found["plain_error"]
    assert found["coverage"] >= 0.8
