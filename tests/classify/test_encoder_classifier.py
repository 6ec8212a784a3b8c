from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_encoder import DIMENSIONS, TOPICS, VERSION
from tiny_model import sample_rows

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.classify.encoder import EncoderClassifier, Run
from feedback_nlp.records import Polarity

CLAUSES = st.text("配送太慢客服很好登录不上，！闪退。龘 aA1", max_size=40)
LONG = "配送太慢，客服很好。" * 70
Ids = npt.NDArray[np.int64]
Answer = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]


@pytest.fixture(scope="module")
def classifier(tiny_encoder: Path) -> EncoderClassifier:
    loaded = load_classifier(tiny_encoder)
    assert isinstance(loaded, EncoderClassifier)
    return loaded


def on_threads(classifier: EncoderClassifier, threads: int) -> EncoderClassifier:
    return replace(classifier, runs=classifier.runs[:1] * threads)


def counted(run: Run, calls: list[Ids]) -> Run:
    def counting(ids: Ids) -> Answer:
        calls.append(ids)
        return run(ids)

    return counting


def test_the_version_is_name_and_date(classifier: EncoderClassifier) -> None:
    assert classifier.version == VERSION


def test_different_clauses_get_different_answers(classifier: EncoderClassifier) -> None:
    texts = [row["text"] for row in sample_rows()]
    assert len({label.probabilities for label in classifier.label(texts)}) > len(set(texts)) / 2
    assert {label.polarity for label in classifier.label(texts)} == set(Polarity)


def test_the_order_of_the_words_counts(classifier: EncoderClassifier) -> None:
    one, other = classifier.encode(["太慢配送", "配送太慢"])
    assert float(one @ other) < 0.999


@given(texts=st.lists(CLAUSES, min_size=1, max_size=9), data=st.data())
def test_an_answer_depends_neither_on_the_others_nor_on_the_threads(
    texts: list[str], data: st.DataObject, classifier: EncoderClassifier
) -> None:
    threads = data.draw(st.integers(1, 4), label="threads")
    shuffled = data.draw(st.permutations(texts), label="shuffled")
    several = on_threads(classifier, threads)
    labels = dict(zip(shuffled, several.label(shuffled), strict=True))
    vectors = dict(zip(shuffled, several.encode(shuffled), strict=True))
    for text in texts:
        assert classifier.label([text]) == [labels[text]]
        assert (classifier.encode([text])[0] == vectors[text]).all()


def test_a_large_batch_agrees_with_single_clauses(classifier: EncoderClassifier) -> None:
    texts = [f"{row['text']}{number}" for row in sample_rows() for number in range(3)] + [LONG]
    together, vectors = on_threads(classifier, 3).label(texts), classifier.encode(texts)
    assert together == [on_threads(classifier, 1).label([text])[0] for text in texts]
    assert (vectors == np.vstack([classifier.encode([text]) for text in texts])).all()
    assert together[::-1] == classifier.label(texts[::-1])


@given(text=st.text(max_size=40) | CLAUSES)
def test_every_answer_keeps_the_promises_of_the_records(
    text: str, classifier: EncoderClassifier
) -> None:
    labels = classifier.label([text])[0]
    chances = labels.probabilities
    assert chances.neg + chances.neu + chances.pos == pytest.approx(1.0, abs=1e-9)
    assert (labels.severity > 0) == (labels.polarity is Polarity.NEG)
    assert {topic.code for topic in labels.topics} <= set(TOPICS)
    assert 1 <= len(labels.topics) <= 3
    vector = classifier.encode([text])[0]
    assert vector.shape == (DIMENSIONS,)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-4)


def test_no_clauses_give_no_answers(classifier: EncoderClassifier) -> None:
    assert classifier.label([]) == []
    assert classifier.encode([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(EncoderClassifier.label, id="label"),
        pytest.param(EncoderClassifier.encode, id="encode"),
        pytest.param(EncoderClassifier.scores, id="scores"),
    ],
)
def test_equal_clauses_are_read_once(
    ask: Callable[[EncoderClassifier, list[str]], object], classifier: EncoderClassifier
) -> None:
    calls: list[Ids] = []
    ask(replace(classifier, runs=(counted(classifier.runs[0], calls),)), ["慢", "贵", "慢", "慢"])
    assert [len(ids) for ids in calls] == [2]


def test_texts_of_one_length_share_runs_of_a_certain_size(classifier: EncoderClassifier) -> None:
    calls: list[Ids] = []
    texts = [f"太慢{one}{other}" for one in "配送客服味道退款" for other in "配送客服味道"]
    alone = replace(classifier, runs=(counted(classifier.runs[0], calls),))
    alone.label([*texts, LONG])
    assert all(ids.size <= 256 for ids in calls if len(ids) > 1)
    assert len(calls) < len(texts) / 4
    read = sum(len(ids) for ids in calls)
    assert read == len(texts) + len(classifier.tokens.windows(LONG))


def test_every_thread_has_its_own_run(classifier: EncoderClassifier) -> None:
    calls: tuple[list[Ids], list[Ids]] = ([], [])
    runs = tuple(counted(classifier.runs[0], each) for each in calls)
    replace(classifier, runs=runs).label([LONG, "慢", "贵", "好"])
    assert [len(each) > 0 for each in calls] == [True, True]
    read = sum(len(ids) for each in calls for ids in each)
    assert read == 3 + len(classifier.tokens.windows(LONG))


def test_a_long_text_is_the_mean_of_its_windows(classifier: EncoderClassifier) -> None:
    windows = classifier.tokens.windows(LONG)
    assert len(windows) > 1
    found = [classifier.runs[0](np.array([window])) for window in windows]
    sizes = [len(window) - 2 for window in windows]
    scores = np.average([scores[0] for scores, _ in found], axis=0, weights=sizes)
    vector = np.average([vectors[0] for _, vectors in found], axis=0, weights=sizes)
    assert classifier.scores([LONG])[0] == pytest.approx(scores, abs=1e-5)
    assert classifier.encode([LONG])[0] == pytest.approx(vector / np.linalg.norm(vector), abs=1e-5)
