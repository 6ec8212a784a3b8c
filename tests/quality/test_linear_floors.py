"""Floors under the packaged linear model, on the development clauses of `../shared/data`.

The figures of a model and its thresholds were chosen on these clauses: this guards against
losing quality, it is no estimate of quality elsewhere.
"""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from feedback_nlp.artifacts import find_model, load_classifier, load_taxonomy
from feedback_nlp.classify.linear import LinearClassifier
from feedback_nlp.heads.scores import INTENTS, POLARITIES
from feedback_nlp.records import Labels
from training.data import GOLD_DEV, SENTIMENT, LabelledClause, clauses, held_out_reviews
from training.metrics import macro_f1, micro_f1
from training.reviews import SERVED, annotated, compare

pytestmark = pytest.mark.quality
DATA = Path(os.environ.get("FEEDBACK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def classifier() -> LinearClassifier:
    loaded = load_classifier("linear-zh")
    assert isinstance(loaded, LinearClassifier)
    return loaded


@pytest.fixture(scope="module")
def dev() -> tuple[LabelledClause, ...]:
    return clauses(DATA / GOLD_DEV)


@pytest.fixture(scope="module")
def labels(classifier: LinearClassifier, dev: tuple[LabelledClause, ...]) -> list[Labels]:
    return classifier.label([clause.text for clause in dev])


def test_polarity_stays_above_its_floor(
    labels: list[Labels], dev: tuple[LabelledClause, ...]
) -> None:
    gold = np.array([POLARITIES.index(clause.polarity) for clause in dev])
    said = np.array([POLARITIES.index(label.polarity) for label in labels])
    assert macro_f1(gold, said, labels=3) >= 0.715
    certain = np.array([not label.uncertain for label in labels])
    assert (gold == said)[certain].mean() >= 0.83
    assert certain.mean() >= 0.75


def test_intent_stays_above_its_floor(
    labels: list[Labels], dev: tuple[LabelledClause, ...]
) -> None:
    gold = np.array([INTENTS.index(clause.intent) for clause in dev])
    said = np.array([INTENTS.index(label.intent) for label in labels])
    assert macro_f1(gold, said, labels=5) >= 0.65


def test_severity_stays_above_its_floor(
    labels: list[Labels], dev: tuple[LabelledClause, ...]
) -> None:
    gold = np.array([clause.severity for clause in dev])
    said = np.array([label.severity for label in labels])
    assert macro_f1(gold, said, labels=4) >= 0.62


def test_topics_stay_above_their_floor(
    labels: list[Labels], dev: tuple[LabelledClause, ...]
) -> None:
    codes = [topic.code for topic in load_taxonomy().topics]
    gold = np.array([[int(code in clause.topics) for code in codes] for clause in dev])
    named = [{topic.code for topic in label.topics} for label in labels]
    said = np.array([[int(code in topics) for code in codes] for topics in named])
    assert micro_f1(gold, said) >= 0.66


def test_review_polarity_stays_above_its_floor(classifier: LinearClassifier) -> None:
    reviews = held_out_reviews(DATA / SENTIMENT, per_label=250)
    figures = compare(annotated(reviews, classifier))
    served = next(rule for rule in figures["rules"] if rule["rule"] == SERVED)
    evaluation = json.loads((find_model("linear-zh") / "eval.json").read_text(encoding="utf-8"))
    assert served["macro_f1"] >= 0.58
    card = next(rule for rule in evaluation["review"]["rules"] if rule["rule"] == SERVED)
    assert served["macro_f1"] == pytest.approx(card["macro_f1"], abs=0.03)


def test_labelling_is_fast_enough_for_one_core(
    classifier: LinearClassifier, dev: tuple[LabelledClause, ...]
) -> None:
    texts = [clause.text for clause in dev] * 5
    start = time.process_time()
    classifier.label(texts)
    assert len(texts) / (time.process_time() - start) >= 3_000


def test_the_packaged_folder_stays_small() -> None:
    files = find_model("linear-zh").iterdir()
    assert sum(file.stat().st_size for file in files) < 15_000_000
