"""Floors under the packaged encoder, on real data of `../shared/data`, through the runtime.

The recipe was chosen on the development clauses: this guards against losing quality, it is no
estimate of quality elsewhere. `make eval` prints every figure beside its goal.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from feedback_nlp.artifacts import find_model, load_classifier, load_taxonomy
from feedback_nlp.ports import Classifier
from training.calibrate import targets
from training.data import GOLD_DEV, SENTIMENT, clauses, held_out_reviews
from training.embedding import embedding_figures
from training.evaluate import evaluate_labels
from training.held_out import review_figures

pytestmark = pytest.mark.quality
DATA = Path(os.environ.get("FEEDBACK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
SMALL = 0.01
"""What another processor may round differently."""


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier("encoder-zh")


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((find_model("encoder-zh") / "eval.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def dev(classifier: Classifier) -> dict[str, Any]:
    read = clauses(DATA / GOLD_DEV)
    topics = [topic.code for topic in load_taxonomy().topics]
    labels = classifier.label([clause.text for clause in read])
    return evaluate_labels(labels, targets(read, topics=topics), topics=topics)


@pytest.mark.parametrize(
    ("head", "figure", "floor"),
    [
        pytest.param("polarity", "macro_f1", 0.81, id="polarity"),
        pytest.param("topics", "micro_f1", 0.75, id="topics"),
        pytest.param("topics", "groups_micro_f1", 0.815, id="groups of topics"),
        pytest.param("intent", "macro_f1", 0.72, id="intent"),
        pytest.param("severity", "macro_f1", 0.55, id="severity"),
        pytest.param("severity", "within_one", 0.93, id="severity within one step"),
        pytest.param("polarity", "accuracy_at_80", 0.93, id="the surest four fifths"),
    ],
)
def test_label_figures_stay_above_their_floor(
    dev: dict[str, Any], head: str, figure: str, floor: float
) -> None:
    assert dev[head][figure] >= floor


@pytest.mark.parametrize("head", ["polarity", "topics"])
def test_probabilities_stay_calibrated(dev: dict[str, Any], head: str) -> None:
    assert dev[head]["ece"] <= 0.05


def test_what_is_not_uncertain_keeps_to_the_stated_risk(dev: dict[str, Any]) -> None:
    polarity = dev["polarity"]
    assert polarity["measured_risk"] <= polarity["stated_risk"] + SMALL
    assert polarity["certain_coverage"] >= 0.8


def test_the_runtime_gives_the_figures_of_the_card(
    dev: dict[str, Any], stored: dict[str, Any]
) -> None:
    for head in ("polarity", "intent", "severity"):
        assert dev[head]["macro_f1"] == pytest.approx(stored["dev"][head]["macro_f1"], abs=SMALL)
    assert dev["topics"]["micro_f1"] == pytest.approx(
        stored["dev"]["topics"]["micro_f1"], abs=SMALL
    )


def test_review_polarity_stays_above_its_floor(classifier: Classifier) -> None:
    assert review_figures(DATA, classifier)["accuracy"] >= 0.88


def test_vectors_keep_their_figures(classifier: Classifier, stored: dict[str, Any]) -> None:
    measured = embedding_figures(DATA, classifier.encode)
    for group, figures in stored["embedding"]["model"].items():
        for figure, value in figures.items():
            # One complaint that changes its group moves a theme figure by about a hundredth.
            assert measured[group][figure] >= value - 2 * SMALL, (group, figure)


def test_answers_do_not_depend_on_batch_mates(classifier: Classifier) -> None:
    texts = [review.text[:60] for review in held_out_reviews(DATA / SENTIMENT, per_label=5)]
    together = classifier.label(texts)
    alone = [classifier.label([text])[0] for text in texts]
    assert together == alone
    assert np.array_equal(
        classifier.encode(texts), np.vstack([classifier.encode([text]) for text in texts])
    )


def test_the_packaged_folder_stays_small() -> None:
    files = find_model("encoder-zh").iterdir()
    assert sum(file.stat().st_size for file in files) < 40_000_000
