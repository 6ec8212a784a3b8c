"""Which texts count as containing a passage that is kept for tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.passages import Passages, squashed

KEPT = Passages(["电池，不耐用！", "等了三天才到货", "等了三天才退款", "很好", "OK"])
TEXTS = st.text("甲乙，", max_size=12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("电池，不耐用！", True, id="the passage"),
        pytest.param("这手机电池不耐用", True, id="at the end, without its marks"),
        pytest.param("屏幕好。电池 不\n耐用……别买", True, id="in the middle, spaced otherwise"),
        pytest.param("等了三天才退款，气人", True, id="one of two that begin alike"),
        pytest.param("电池不太耐用", False, id="a letter between"),
        pytest.param("等了三天才有人回，气人", False, id="beginning like two"),
        pytest.param("电池不耐", False, id="only its beginning"),
        pytest.param("「很好」。", True, id="a short one between marks"),
        pytest.param("这次很好", False, id="a short one in a longer text"),
        pytest.param("ok", False, id="another case"),
        pytest.param("", False, id="no text"),
    ],
)
def test_a_passage_is_found_however_it_is_spaced(text: str, *, found: bool) -> None:
    assert KEPT.within(text) == found


@given(passages=st.lists(TEXTS, max_size=4), text=TEXTS)
def test_looking_passages_up_finds_what_searching_for_each_finds(
    passages: list[str], text: str
) -> None:
    letters = squashed(text)
    searched = any(
        passage == letters or (len(passage) >= 5 and passage in letters)
        for passage in map(squashed, passages)
    )
    assert Passages(passages).within(text) == searched


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        pytest.param("iOS 17.2，\n打不开！", "iOS172打不开", id="Han, Latin and digits stay"),
        pytest.param("……😀 ~", "", id="nothing but marks"),
    ],
)
def test_squashed_text_is_letters_and_digits(text: str, letters: str) -> None:
    assert squashed(text) == letters
