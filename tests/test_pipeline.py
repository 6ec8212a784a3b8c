import pytest
from builders import SpotClassifier
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.pipeline import annotate
from feedback_nlp.records import Polarity

CLASSIFIER = SpotClassifier()
REVIEW = "界面很喜欢，但是一打开就闪退！登录也很慢。"


def test_review_becomes_labelled_clauses_with_their_places() -> None:
    (annotation,) = annotate([("R-1", REVIEW)], CLASSIFIER)
    assert (annotation.review_id, annotation.text) == ("R-1", REVIEW)
    assert annotation.model == "spot/2026-01-01"
    assert [REVIEW[each.start : each.end] for each in annotation.opinions] == [
        each.text for each in annotation.opinions
    ]
    assert [each.labels.topics[0].code for each in annotation.opinions] == [
        "general.overall",
        "performance.crash",
        "account.login",
    ]
    assert annotation.opinions[0].labels.polarity is Polarity.POS
    assert annotation.polarity is Polarity.NEG


def test_without_splitting_a_text_is_one_opinion() -> None:
    (annotation,) = annotate([("R-1", f" {REVIEW}")], CLASSIFIER, split=False)
    (opinion,) = annotation.opinions
    assert opinion.text == REVIEW
    assert opinion.start == 1


@pytest.mark.parametrize("split", [True, False])
@pytest.mark.parametrize("text", ["", "  \n", "\u200b"], ids=["empty", "blank", "invisible"])
def test_text_without_a_word_has_no_opinions(text: str, *, split: bool) -> None:
    first, second = annotate([("R-1", text), ("R-2", "闪退了")], CLASSIFIER, split=split)
    assert first.opinions == ()
    assert (first.polarity, first.uncertain) == (Polarity.NEU, True)
    assert len(second.opinions) == 1


def test_no_texts_have_no_annotations() -> None:
    assert annotate([], CLASSIFIER) == []


@given(
    st.lists(st.text() | st.sampled_from([REVIEW, "", "太慢。退款！配送？"]), max_size=6),
    st.booleans(),
)
def test_text_gets_the_same_alone_as_in_a_batch(texts: list[str], split: bool) -> None:  # noqa: FBT001 (drawn)
    pairs = [(f"R-{place}", text) for place, text in enumerate(texts)]
    alone = [annotate([pair], CLASSIFIER, split=split)[0] for pair in pairs]
    assert annotate(pairs, CLASSIFIER, split=split) == alone
