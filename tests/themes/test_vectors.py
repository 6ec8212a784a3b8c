from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from builders import SpotClassifier, make_voice, make_voices

from feedback_nlp.records import Voice
from feedback_nlp.themes.recipes import DEFAULT
from feedback_nlp.themes.sayings import distinct
from feedback_nlp.themes.vectors import in_context, own_vectors

Square = npt.NDArray[np.float64]
TEXTS = ["打开就闪退", "登录就闪退", "配送太慢"]


def similarity(voices: list[Voice], *, meaning: float, context: float = 0.0) -> Square:
    sayings = distinct(voices)
    own = own_vectors(sayings, SpotClassifier(), replace(DEFAULT, meaning_weight=meaning))
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
