import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from tiny_model import sample_rows

from feedback_nlp.classify.linear import CharTfidf
from feedback_nlp.classify.linear.features import LONGEST, ngrams

TEXTS = [row["text"] for row in sample_rows()]


@pytest.fixture(scope="module")
def peer() -> TfidfVectorizer:
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, LONGEST), sublinear_tf=True)
    return vectorizer.fit(TEXTS)


@pytest.fixture(scope="module")
def ours(peer: TfidfVectorizer) -> CharTfidf:
    return CharTfidf(peer.vocabulary_, peer.idf_)


def test_rows_equal_those_of_scikit_learn(ours: CharTfidf, peer: TfidfVectorizer) -> None:
    texts = [*TEXTS, "APP APP 闪退闪退闪退", "没见过的字：龘", ""]
    difference = ours.transform(texts) - peer.transform(texts)
    assert abs(difference).max() < 1e-6


def test_no_texts_give_no_rows(ours: CharTfidf) -> None:
    assert ours.transform([]).shape == (0, len(ours.idf))


def test_latin_letters_are_folded_to_lower_case() -> None:
    assert list(ngrams("Ab")) == ["a", "b", "ab"]


@given(st.lists(st.text("快慢的好坏，APPapp ", max_size=30), max_size=6))
def test_a_row_is_the_same_alone_and_in_a_batch(texts: list[str]) -> None:
    vocabulary = {gram: column for column, gram in enumerate(sorted(set(ngrams("慢，好app坏"))))}
    features = CharTfidf(vocabulary, np.linspace(1.0, 5.0, len(vocabulary)))
    batch = features.transform(texts).toarray()
    for row, text in enumerate(texts):
        assert (features.transform([text]).toarray()[0] == batch[row]).all()
