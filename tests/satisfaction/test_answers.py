"""Which scores an answer has, and which themes it touches."""

from datetime import timedelta

import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.answers import NEAR, Answer, scored, touched


def survey(key: str = "S-1", **fields: object) -> Answer:
    return Answer(key, NOW, is_survey=True, **fields)  # type: ignore[arg-type]


def review(key: str = "R-1", days: float = 0, **fields: object) -> Answer:
    at = NOW + timedelta(days=days)
    return Answer(key, at, review_id=key, **fields)  # type: ignore[arg-type]


def test_an_answer_counts_for_the_scores_it_has() -> None:
    found = [survey(nps=0, csat=5), review(rating=4.5, negative=False)]
    assert [scored(found, metric) for metric in Metric] == [
        {"S-1": 0.0},
        {"S-1": 5.0},
        {"R-1": 4.5},
        {"R-1": 0.0},
    ]


def test_open_text_and_review_touch_their_theme() -> None:
    found = [survey(review_id="R-1"), review("R-1"), review("R-2"), survey("S-2")]
    assert touched(found, {"T-1": {"R-1"}, "T-2": {"R-9"}}) == {
        "T-1": frozenset({"S-1", "R-1"}),
        "T-2": frozenset(),
    }


@pytest.mark.parametrize(
    ("days", "is_touched"),
    [
        pytest.param(30, True, id="30 days later"),
        pytest.param(-30, True, id="30 days earlier"),
        pytest.param(30.1, False, id="later still"),
        pytest.param(-30.1, False, id="earlier still"),
    ],
)
def test_a_review_of_the_same_author_explains_a_score_nearby(
    days: float, *, is_touched: bool
) -> None:
    found = [survey(author_id="u1"), review(days=days, author_id="u1")]
    assert ("S-1" in touched(found, {"T-1": {"R-1"}})["T-1"]) is is_touched


def test_nobody_is_not_the_same_author() -> None:
    assert touched([survey(), review()], {"T-1": {"R-1"}}) == {"T-1": frozenset({"R-1"})}
    assert NEAR.days == 30


ANSWERS = st.lists(
    st.builds(
        Answer,
        id=st.sampled_from("abcdef"),
        at=st.integers(-90, 90).map(lambda days: NOW + timedelta(days=days)),
        author_id=st.sampled_from([None, "u1", "u2"]),
        review_id=st.sampled_from([None, "a", "b", "c"]),
        is_survey=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda answer: answer.id,
)


@given(ANSWERS)
def test_order_is_irrelevant(found: list[Answer]) -> None:
    themes = {"T-1": {"a", "b"}, "T-2": {"c"}}
    assert touched(found, themes) == touched(found[::-1], themes)


def test_one_person_speaks_once() -> None:
    angry = [review(f"a{n}", n, nps=0, author_id="u1") for n in range(5)]
    calm = review("z", 9, nps=9, author_id="u1")
    nobody = [survey(f"n{n}", nps=10) for n in range(2)]
    assert scored([*angry, calm, *nobody], Metric.NPS) == {"z": 9, "n0": 10, "n1": 10}
    assert scored([*reversed(angry), *nobody], Metric.NPS) == {"a4": 0, "n0": 10, "n1": 10}
