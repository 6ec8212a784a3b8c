import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.privacy import lexicon
from feedback_nlp.privacy.fold import fold


@given(st.text() | st.text("１①𝟏－—＠：（）號電話\u200b\ufe0f，！"))
def test_fold_keeps_the_length_and_is_idempotent(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("１３８", "138", id="full-width digits"),
        pytest.param("①③⑧⓪", "1380", id="circled digits"),
        pytest.param("𝟏𝟑𝟖", "138", id="mathematical digits"),
        pytest.param("138—1234–5678", "138-1234-5678", id="all kinds of dash"),
        pytest.param("號碼：電話（聯絡人）", "号码:电话(联络人)", id="traditional cue words"),
        pytest.param("好，！；？", "好，！；？", id="sentence marks stay"),
    ],
)
def test_fold_result(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize("name", lexicon.LEXICONS)
def test_lexicon_is_dated_and_not_empty(name: str) -> None:
    assert "@2026-11-22.txt" in name
    assert len(lexicon.words(name)) >= 10


def test_surnames_are_in_one_list_only() -> None:
    assert not lexicon.words(lexicon.SURNAMES) & lexicon.words(lexicon.WEAK_SURNAMES)


def test_traditional_characters_come_in_pairs() -> None:
    assert {len(pair) for pair in lexicon.words(lexicon.TRADITIONAL)} == {2}
