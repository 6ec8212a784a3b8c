from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_model import VERSION, sample_rows

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.classify.linear import CharTfidf, LinearClassifier, LinearHeads, WordVectors
from feedback_nlp.heads.decide import decide_topics
from feedback_nlp.heads.scores import Calibration, Thresholds, sigmoid, softmax
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Intent, Polarity

TOPICS = ("food.taste", "logistics.speed", "price.value", "venue.noise")
NEUTRAL = Calibration(1.0, 1.0, 1.0, 1.0, 0.0)
NO_WORDS = WordVectors({}, np.zeros((0, 2), np.float32), *np.zeros((2, 2), np.float32))
NO_THRESHOLDS = Thresholds(topic=0.5, uncertain=0.5)


@pytest.fixture(scope="module")
def classifier(tiny_model: Path) -> Classifier:
    return load_classifier(tiny_model)


def by_hand(scores: dict[int, float], *, calibration: Calibration = NEUTRAL) -> LinearClassifier:
    """A model of one character, 好, whose score in column c is `scores[c]`."""
    row = np.zeros((1, 11 + len(TOPICS)), np.float32)
    for column, score in scores.items():
        row[0, column] = score
    heads = LinearHeads(row, np.zeros(row.shape[1], np.float32), TOPICS)
    features = CharTfidf({"好": 0}, np.ones(1))
    return LinearClassifier(
        "hand/2026-01-01", features, heads, calibration, NO_THRESHOLDS, NO_WORDS
    )


@pytest.mark.parametrize(
    ("text", "polarity", "intent", "topic"),
    [
        pytest.param("配送太慢了", Polarity.NEG, Intent.COMPLAINT, "logistics.speed", id="late"),
        pytest.param("味道很好", Polarity.POS, Intent.PRAISE, "food.taste", id="tasty"),
        pytest.param("登录不上", Polarity.NEG, Intent.COMPLAINT, "account.login", id="login"),
    ],
)
def test_plain_clauses_get_plain_labels(
    text: str, polarity: Polarity, intent: Intent, topic: str, classifier: Classifier
) -> None:
    labels = classifier.label([text])[0]
    assert (labels.polarity, labels.intent) == (polarity, intent)
    assert labels.topics[0].code == topic


def test_the_version_is_name_and_date(classifier: Classifier) -> None:
    assert classifier.version == VERSION


@pytest.mark.parametrize("text", ["", "龘", "zzz", "。"], ids=repr)
def test_a_clause_without_a_known_character_is_uncertain(text: str, classifier: Classifier) -> None:
    labels = classifier.label([text])[0]
    assert labels.uncertain
    assert len(labels.topics) == 1


def test_labels_and_vectors_do_not_depend_on_the_other_clauses(classifier: Classifier) -> None:
    texts = [row["text"] for row in sample_rows()] * 30
    together, vectors = classifier.label(texts), classifier.encode(texts)
    assert len(texts) > 2048
    for position in (0, 1, 41, 2047, 2048, len(texts) - 1):
        assert classifier.label([texts[position]])[0] == together[position]
        assert (classifier.encode([texts[position]])[0] == vectors[position]).all()
    assert classifier.label(texts[::-1]) == together[::-1]


def test_no_clauses_give_no_labels(classifier: Classifier) -> None:
    assert classifier.label([]) == []
    assert len(classifier.encode([])) == 0


@settings(max_examples=60, deadline=None)
@given(text=st.text("快慢好坏贵便宜退货登录不上，！闪退。客服差 aA1", max_size=64))
def test_every_answer_keeps_the_promises_of_the_records(text: str, classifier: Classifier) -> None:
    labels = classifier.label([text])[0]
    chances = labels.probabilities
    assert chances.neg + chances.neu + chances.pos == pytest.approx(1.0, abs=1e-9)
    assert getattr(chances, labels.polarity) == max(chances.neg, chances.neu, chances.pos)
    assert (labels.severity > 0) == (labels.polarity is Polarity.NEG)
    assert labels.severity <= 3
    probabilities = [topic.probability for topic in labels.topics]
    assert 1 <= len(probabilities) <= 3
    assert probabilities == sorted(probabilities, reverse=True)
    assert np.linalg.norm(classifier.encode([text])[0]) == pytest.approx(1.0, abs=1e-4)


def test_alike_clauses_have_a_higher_cosine_than_strange_ones(classifier: Classifier) -> None:
    late, later, tasty = classifier.encode(["配送太慢了", "送货太慢", "味道很好"])
    assert late @ later > late @ tasty


def test_severity_is_named_for_negative_clauses_only() -> None:
    assert by_hand({0: 3.0, 10: 2.0}).label(["好"])[0].severity == 3
    assert by_hand({2: 3.0, 10: 2.0}).label(["好"])[0].severity == 0


def test_a_temperature_above_one_makes_the_model_less_sure() -> None:
    warm = Calibration(8.0, 1.0, 1.0, 1.0, 0.0)
    cold_labels = by_hand({0: 3.0}).label(["好"])[0]
    warm_labels = by_hand({0: 3.0}, calibration=warm).label(["好"])[0]
    assert not cold_labels.uncertain
    assert warm_labels.uncertain
    assert warm_labels.probabilities.neg < cold_labels.probabilities.neg


@pytest.mark.parametrize(
    ("row", "named"),
    [
        pytest.param([0.1, 0.2, 0.1, 0.0], (1,), id="the best one even below the threshold"),
        pytest.param([0.6, 0.9, 0.1, 0.5], (1, 0, 3), id="all from the threshold on, best first"),
        pytest.param([0.9, 0.9, 0.9, 0.9], (0, 1, 2), id="three at most, equals by column"),
    ],
)
def test_topics_are_decided(row: list[float], named: tuple[int, ...]) -> None:
    assert decide_topics(np.array([row]), 0.5) == [named]


def test_extreme_scores_stay_probabilities() -> None:
    scores = np.array([[1e4, -1e4, 0.0]])
    assert softmax(scores).tolist() == [[1.0, 0.0, 0.0]]
    assert sigmoid(scores)[0, 0] == pytest.approx(1.0)
    assert sigmoid(scores)[0, 1] == pytest.approx(0.0)
