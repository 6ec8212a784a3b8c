"""Corrected counts beat plain ones on collections of known shares from the development clauses.

Rates come from `eval.json` where the model brings them (cross-validation on train). Those of the
linear model are measured on one half of the development clauses, which it did not learn from,
and judged on the other.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from feedback_nlp.artifacts import find_model, load_classifier
from feedback_nlp.heads.counting import ErrorRates
from feedback_nlp.heads.scores import POLARITIES, FloatArray
from training.counting import collections, counting_figures, fit_error_rates, rates_from_json
from training.data import GOLD_DEV, clauses
from training.metrics import IntArray
from training.table import packaged

pytestmark = pytest.mark.quality
DATA = Path(os.environ.get("FEEDBACK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


def rated(
    model: str, said: FloatArray, gold: IntArray
) -> Iterator[tuple[ErrorRates, FloatArray, IntArray]]:
    """Yield rates with clauses that they were not measured on."""
    stored = json.loads((find_model(model) / "eval.json").read_text("utf-8")).get("error_rates")
    if stored is not None:
        yield rates_from_json(stored["polarity"]), said, gold
        return
    half = np.arange(len(said)) % 2 == 0
    for one, other in ((half, ~half), (~half, half)):
        yield fit_error_rates(said[one], gold[one]), said[other], gold[other]


@pytest.mark.parametrize("model", packaged())
@pytest.mark.parametrize("each", [pytest.param(n, id=f"{n} clauses") for n in (50, 100, 150)])
def test_correction_reduces_the_bias_of_counts(model: str, each: int) -> None:
    dev = clauses(DATA / GOLD_DEV)
    labels = load_classifier(model).label([clause.text for clause in dev])
    said = np.array(
        [[getattr(label.probabilities, name) for name in POLARITIES] for label in labels]
    )
    gold = np.array([POLARITIES.index(clause.polarity) for clause in dev])
    for rates, chances, truth in rated(model, said, gold):
        drawn = collections(truth, clauses=each, times=10)
        found = counting_figures(chances, rates, drawn)
        print(model, found)  # noqa: T201 (`pytest -s` shows the figures)
        assert {round(one.shares[0], 1) for one in drawn} >= {0.1, 0.3, 0.5, 0.7, 0.9}
        assert found["corrected_error"] < found["plain_error"]
        assert found["coverage"] >= 0.8
