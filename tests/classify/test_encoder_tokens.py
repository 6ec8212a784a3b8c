import pytest
import sentencepiece
from hypothesis import given
from hypothesis import strategies as st
from tiny_encoder import PIECES, tokenizer

from feedback_nlp.classify.encoder import LONGEST, Tokens

BEGIN, END, UNKNOWN = (PIECES.index(piece) for piece in ("<s>", "</s>", "<unk>"))
MOST = LONGEST - 2


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens(sentencepiece.SentencePieceProcessor(model_proto=tokenizer()))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("配送太慢", ["▁", "配送", "太慢"], id="words"),
        pytest.param("配送慢，差", ["▁", "配送", "慢", ",", "差"], id="full-width marks"),
        pytest.param("龘龘", ["▁", "<unk>"], id="unknown characters in one piece"),
    ],
)
def test_a_text_becomes_pieces_between_two_ends(
    text: str, pieces: list[str], tokens: Tokens
) -> None:
    assert tokens.ids(text) == [BEGIN, *map(PIECES.index, pieces), END]
    assert tokens.windows(text) == [tokens.ids(text)]


@pytest.mark.parametrize(
    ("characters", "sizes"),
    [
        pytest.param(MOST - 1, [MOST], id="just fits"),
        pytest.param(MOST, [127, 128], id="one too many"),
        pytest.param(2 * MOST, [169, 170, 170], id="two windows and one piece"),
    ],
)
def test_a_long_text_is_cut_into_equal_parts(
    characters: int, sizes: list[int], tokens: Tokens
) -> None:
    windows = tokens.windows("贵" * characters)
    assert [len(window) - 2 for window in windows] == sizes


@given(text=st.text("配送太慢龘，a ", max_size=700))
def test_windows_hold_every_piece_once_in_order(text: str, tokens: Tokens) -> None:
    windows = tokens.windows(text)
    assert all(window[0] == BEGIN and window[-1] == END for window in windows)
    assert max(map(len, windows)) <= LONGEST
    assert [piece for window in windows for piece in window[1:-1]] == tokens.ids(text)[1:-1]
