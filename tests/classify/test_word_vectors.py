from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.classify.linear import WordVectors
from feedback_nlp.ports import Classifier


def four_words() -> WordVectors:
    """闪退 and 崩溃 point one way, 配送 another; 慢 is known as a character only."""
    rows = np.array([[1, 0, 0.1], [0.9, 0.1, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    columns = {"闪退": 0, "崩溃": 1, "配送": 2, "慢": 3}
    zero = np.zeros(3, np.float32)
    return WordVectors(columns, rows, zero, zero)


def test_words_of_one_kind_point_one_way() -> None:
    crash, other_crash, delivery = four_words().encode(["闪退", "崩溃", "配送"])
    assert crash @ other_crash > 0.9
    assert crash @ delivery < 0.2


def test_an_unknown_word_counts_through_its_characters() -> None:
    assert four_words().encode(["慢吞吞"])[0].tolist() == [0, 0, 1]


def test_a_clause_of_unknown_words_is_zero_even_after_centring() -> None:
    words = four_words()
    centred = WordVectors(words.columns, words.vectors, np.ones(3, np.float32), words.common)
    assert not centred.encode(["xyz", ""]).any()


def test_centre_and_common_direction_are_taken_off() -> None:
    words = four_words()
    common = np.array([0, 1, 0], np.float32)
    cleared = WordVectors(words.columns, words.vectors, words.centre, common).encode(["崩溃配送"])
    assert cleared[0] @ common == pytest.approx(0, abs=1e-6)
    assert np.linalg.norm(cleared[0]) == pytest.approx(1, abs=1e-5)


@cache
def loaded() -> Classifier:
    return load_classifier("linear-zh")


@pytest.fixture
def packaged() -> Classifier:
    return loaded()


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        pytest.param("登录不上去", "老是登陆失败", "快递送得太慢", id="login"),
        pytest.param("客服一直没人接", "打电话没有人理", "屏幕有划痕", id="support"),
        pytest.param("扣了我会员费", "自动续费乱扣钱", "味道不好吃", id="money"),
    ],
)
def test_the_packaged_vectors_put_like_complaints_together(
    one: str, same: str, other: str, packaged: Classifier
) -> None:
    first, second, third = packaged.encode([one, same, other])
    assert first @ second > 0.4
    assert first @ third < 0.2


@given(st.lists(st.text("闪退卡顿配送慢客服不理人App3😀 ", max_size=12), min_size=1, max_size=9))
def test_a_vector_never_depends_on_its_batch(clauses: list[str]) -> None:
    classifier = loaded()
    together = classifier.encode(clauses)
    alone = np.vstack([classifier.encode([clause]) for clause in clauses])
    assert np.array_equal(together, alone)
