import pytest
from builders import make_labels
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.classify.review import CUT_POINTS, polarity_of_lean, review_polarity
from feedback_nlp.records import Opinion, Polarity, Probabilities

NEG = Probabilities(0.94, 0.04, 0.02)
NEU = Probabilities(0.1, 0.8, 0.1)
POS = Probabilities(0.02, 0.04, 0.94)


def opinions(*chances: Probabilities) -> tuple[Opinion, ...]:
    return tuple(
        Opinion(n, n + 1, "好", make_labels(probabilities=each)) for n, each in enumerate(chances)
    )


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        pytest.param((NEG, NEG), Polarity.NEG, id="only complaints"),
        pytest.param((POS, POS, POS), Polarity.POS, id="only praise"),
        pytest.param((POS, NEG), Polarity.NEU, id="two sides in balance"),
        pytest.param((NEG, NEG, NEG, POS), Polarity.NEG, id="mostly complaints"),
        pytest.param((POS, POS, POS, NEG), Polarity.POS, id="mostly praise"),
        pytest.param((NEG, NEG, NEU), Polarity.NEG, id="complaints and a fact"),
    ],
)
def test_several_opinions_vote(chances: tuple[Probabilities, ...], expected: Polarity) -> None:
    assert review_polarity(opinions(*chances))[0] is expected


def test_a_review_without_opinions_is_neutral_and_uncertain() -> None:
    polarity, chances, uncertain = review_polarity(())
    assert polarity is Polarity.NEU
    assert uncertain
    assert chances.neg + chances.neu + chances.pos == pytest.approx(1.0)


@pytest.mark.parametrize("uncertain", [True, False])
def test_one_opinion_speaks_for_the_review(uncertain: bool) -> None:  # noqa: FBT001 (pytest)
    labels = make_labels(polarity=Polarity.NEG, probabilities=NEG, uncertain=uncertain)
    assert review_polarity((Opinion(0, 1, "坏", labels),)) == (Polarity.NEG, NEG, uncertain)


def test_the_rule_abstains_between_two_labels() -> None:
    assert polarity_of_lean(0.0, CUT_POINTS)[2]
    assert not polarity_of_lean(-1.0, CUT_POINTS)[2]
    assert not polarity_of_lean(1.0, CUT_POINTS)[2]


@given(st.lists(st.sampled_from((NEG, NEU, POS)), min_size=1, max_size=9))
def test_the_order_of_opinions_does_not_matter(chances: list[Probabilities]) -> None:
    assert review_polarity(opinions(*chances)) == review_polarity(opinions(*reversed(chances)))


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_better_lean_never_makes_negative_more_probable(first: float, second: float) -> None:
    low, high = sorted((first, second))
    before, after = polarity_of_lean(low, CUT_POINTS)[1], polarity_of_lean(high, CUT_POINTS)[1]
    assert before.neg >= after.neg
    assert before.pos <= after.pos
    assert after.neg + after.neu + after.pos == pytest.approx(1.0)
