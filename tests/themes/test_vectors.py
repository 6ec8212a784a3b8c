from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from builders import SpotClassifier, make_voice, make_voices

from feedback_nlp.records import Voice
from feedback_nlp.themes.recipes import DEFAULT, RECIPES, Recipe
from feedback_nlp.themes.rows import Rows, closest
from feedback_nlp.themes.sayings import distinct
from feedback_nlp.themes.vectors import (
    in_context,
    meaning_of,
    own_vectors,
    rows_in_context,
    rows_of,
)

Square = npt.NDArray[np.float64]
TWO_PARTS = replace(DEFAULT, term_weight=0.0, topic_weight=0.0)
TEXTS = ["打开就闪退", "登录就闪退", "配送太慢"]


def similarity(voices: list[Voice], *, meaning: float, context: float = 0.0) -> Square:
    sayings = distinct(voices)
    own = own_vectors(sayings, SpotClassifier(), replace(TWO_PARTS, meaning_weight=meaning))
    rows = in_context(own, sayings, weight=context)
    return np.asarray((rows @ rows.T).toarray())


@pytest.mark.parametrize("context", [0.0, 0.75])
@pytest.mark.parametrize("meaning", [0.0, 0.5, 1.0])
def test_a_wording_is_wholly_like_itself(meaning: float, context: float) -> None:
    own = np.diag(similarity(make_voices(TEXTS), meaning=meaning, context=context))
    assert own == pytest.approx(1.0)


def test_similarity_is_the_weighted_mean_of_meaning_and_words() -> None:
    voices = make_voices(TEXTS)
    meaning, words = similarity(voices, meaning=1.0), similarity(voices, meaning=0.0)
    assert similarity(voices, meaning=0.25) == pytest.approx(0.25 * meaning + 0.75 * words)


def test_wordings_of_one_review_are_more_alike_in_context() -> None:
    together = [make_voice(text, start=10 * place) for place, text in enumerate(TEXTS)]
    apart = similarity(make_voices(TEXTS), meaning=0.5, context=0.75)
    assert (similarity(together, meaning=0.5, context=0.75) >= apart - 1e-9).all()
    assert apart == pytest.approx(similarity(make_voices(TEXTS), meaning=0.5))


# --- dense and sparse rows ---------------------------------------------------------------------


def alike(rows: Rows) -> Square:
    return rows.similarities(rows)


def rows(voices: list[Voice], recipe: Recipe = DEFAULT) -> Rows:
    sayings = distinct(voices)
    return rows_of(sayings, meaning_of(sayings, SpotClassifier()), recipe)


def only(*, meaning: float = 0.0, terms: float = 0.0, topics: float = 0.0) -> Recipe:
    """What these leave is for characters."""
    return replace(DEFAULT, meaning_weight=meaning, term_weight=terms, topic_weight=topics)


def test_rows_mix_meaning_characters_words_and_topics() -> None:
    voices = [
        make_voice("打开就闪退", "performance.crash", review_id="a"),
        make_voice("登录就闪退", "account.login", review_id="b"),
        make_voice("登录不了", "account.login", review_id="c"),
    ]
    parts = [only(meaning=1.0), only(), only(terms=1.0), only(topics=1.0)]
    meaning, characters, words, topics = (alike(rows(voices, part)) for part in parts)
    recipe = only(meaning=0.4, terms=0.2, topics=0.1)
    expected = 0.4 * meaning + 0.3 * characters + 0.2 * words + 0.1 * topics
    assert alike(rows(voices, recipe)) == pytest.approx(expected, abs=1e-5)
    assert len({round(float(part[1, 2]), 3) for part in (meaning, characters, words, topics)}) == 4


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.name for recipe in RECIPES])
@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_rows_say_what_the_sparse_vectors_say(recipe: Recipe, weight: float) -> None:
    voices = [make_voice(text, start=10 * place) for place, text in enumerate(TEXTS)]
    voices += make_voices(["打开就闪退了", "配送慢"])
    sayings = distinct(voices)
    flat = in_context(own_vectors(sayings, SpotClassifier(), recipe), sayings, weight=weight)
    lean = rows_in_context(rows(voices, recipe), sayings, weight=weight)
    assert alike(lean) == pytest.approx((flat @ flat.T).toarray(), abs=1e-5)


def test_texts_without_a_word_have_rows_too() -> None:
    assert alike(rows(make_voices(["😡", "！？"]))).shape == (2, 2)


def test_two_closest_groups_are_found_and_of_equals_the_first() -> None:
    own = rows(make_voices(TEXTS), only(meaning=1.0))
    many = own.take([2, 0, 0, 1] + [2] * 300)
    found = closest(own.take([0]), many)
    assert (found.best[0], found.second[0]) == (1, 2)
    assert found.similarity[0] == pytest.approx(1)


def test_group_beyond_those_read_at_once_is_found() -> None:
    own = rows(make_voices(TEXTS))
    places = {saying.key: place for place, saying in enumerate(distinct(make_voices(TEXTS)))}
    crash, slow = places[TEXTS[0]], places[TEXTS[2]]
    found = closest(own.take([slow]), own.take([crash] * 400 + [slow]))
    assert (found.best[0], found.second[0]) == (400, 0)


def test_a_lone_group_has_no_second() -> None:
    own = rows(make_voices(TEXTS))
    found = closest(own, own.take([0]))
    assert found.second.tolist() == [-1, -1, -1]
    assert np.isneginf(found.second_similarity).all()
