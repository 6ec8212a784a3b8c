from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from builders import make_labels, make_voice, make_voices
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from feedback_nlp.records import Intent, Labels, Polarity, Quote
from feedback_nlp.themes.cluster import Cluster
from feedback_nlp.themes.quotes import quotes, theme_quotes
from feedback_nlp.themes.sayings import Saying

PRAISE = make_labels(polarity=Polarity.POS, intent=Intent.PRAISE)


def saying(text: str, *reviews: str, labels: Labels | None = None) -> Saying:
    voices = tuple(
        replace(voice, review_id=review, labels=labels or voice.labels)
        for voice, review in zip(make_voices([text] * len(reviews)), reviews, strict=True)
    )
    return Saying(text, text, voices)


def quoted(found: Sequence[Quote]) -> list[tuple[str, str]]:
    return [(quote.review_id, quote.text) for quote in found]


def texts(found: Sequence[Quote]) -> list[str]:
    return [quote.text for quote in found]


def test_quotes_are_the_original_words_with_their_place() -> None:
    voice = make_voice("一打開就閃退！", start=4, end=11)
    assert quotes(Cluster((Saying("一打开就闪退", "一打开就闪退！", (voice,)),))) == (
        Quote("R-1", 4, 11, "一打開就閃退！"),
    )


def test_quotes_come_from_different_reviews() -> None:
    sayings = (saying("甲", "R-1"), saying("乙", "R-1", "R-2"), saying("丙", "R-1"))
    assert quoted(quotes(Cluster(sayings))) == [("R-1", "甲"), ("R-2", "乙")]


def test_at_most_five_quotes_the_most_central_first() -> None:
    sayings = tuple(saying(f"第{n}次打开就闪退", f"R-{n}") for n in range(9))
    found = texts(quotes(Cluster(sayings)))
    assert len(found) == 5
    assert found[0] == "第0次打开就闪退"
    assert found == sorted(found)


def lines(*angles: float) -> csr_matrix:
    """Unit vectors at these angles, in degrees."""
    radians = np.radians(angles)
    return csr_matrix(np.column_stack([np.cos(radians), np.sin(radians)]))


def test_of_two_alike_only_one_is_quoted() -> None:
    sayings = tuple(saying(f"第{n}次打开就闪退", f"R-{n}") for n in range(8))
    vectors = csr_matrix(np.eye(8)[[0, 0, 1, 2, 3, 4, 5, 6]])
    found = texts(theme_quotes(Cluster(sayings), vectors).central)
    assert "第1次打开就闪退" not in found


def test_boundary_quotes_are_the_farthest_that_still_belong() -> None:
    sayings = tuple(saying(f"第{n}次打开就闪退", f"R-{n}") for n in range(10))
    found = theme_quotes(Cluster(sayings), lines(*range(0, 100, 10)))
    assert texts(found.boundary)[0] == "第9次打开就闪退"
    assert len(found.boundary) == 3
    assert not set(found.central) & set(found.boundary)


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(PRAISE, id="praise"),
        pytest.param(make_labels(uncertain=True), id="what the classifier is not sure of"),
    ],
)
def test_complaints_are_quoted_before_the_rest(labels: Labels) -> None:
    rest = [saying("打开速度特别快", "R-1", labels=labels)]
    bad = [saying(f"第{n}次打开就闪退", f"R-{n}") for n in range(2, 8)]
    found = theme_quotes(Cluster((*rest, *bad)))
    assert "打开速度特别快" not in texts([*found.central, *found.boundary])


def test_praise_fills_up_what_complaints_leave_free() -> None:
    sayings = (saying("打开就闪退", "R-1", "R-2"), saying("打开特别快", "R-3", labels=PRAISE))
    assert texts(quotes(Cluster(sayings))) == ["打开就闪退", "打开特别快"]


@given(
    st.lists(
        st.tuples(st.text("闪退 ，打开1", min_size=1, max_size=6), st.integers(0, 6)), min_size=1
    )
)
def test_no_review_is_quoted_twice(said: list[tuple[str, int]]) -> None:
    by_key = {text: f"R-{review}" for text, review in said}
    found = theme_quotes(Cluster(tuple(saying(text, review) for text, review in by_key.items())))
    reviews = [quote.review_id for quote in (*found.central, *found.boundary)]
    assert len(set(reviews)) == len(reviews)
    assert found.central
