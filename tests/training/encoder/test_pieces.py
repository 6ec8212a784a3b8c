from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_encoder
from hypothesis import given
from hypothesis import strategies as st
from tiny_base import base, ids, processor
from tiny_encoder import tiny_encoder as encoder_folder

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.artifacts.encoder import load_encoder
from training.encoder.base_weights import FIRST_PIECES, WORDS, BaseWeights
from training.encoder.network import Network
from training.encoder.pieces import CONTROL, prune, sentencepiece_model

__all__ = ["encoder_folder"]

TEXTS = ("配送太慢", "配送很好", "客服很好", "打不开")
SAID = st.text(alphabet=tiny_encoder.CHARACTERS + "，。 ㊙", max_size=20) | st.sampled_from(
    ["配送太慢，客服很好", "Ａ２  打不开！"]
)


def numbered() -> BaseWeights:
    """Return a base whose word embeddings say their own place."""
    found = base()
    rows = np.repeat(np.arange(len(found.pieces), dtype=np.float32)[:, None], 16, axis=1)
    return replace(found, tensors={**found.tensors, WORDS: rows})


def test_ids_and_rows_stay_together() -> None:
    before = numbered()
    after = prune(before, TEXTS, rarest=1)
    place = {piece: float(row) for row, piece in enumerate(before.pieces)}
    assert after.tensors[WORDS][:, 0].tolist() == [place[piece] for piece in after.pieces]
    assert 4 < len(after.pieces) < len(before.pieces)


def test_everything_but_the_word_embeddings_stays() -> None:
    before = base()
    after = prune(before, TEXTS, rarest=1)
    assert (after.heads, after.epsilon, after.origin) == (2, before.epsilon, before.origin)
    changed = {name for name in after.tensors if after.tensors[name] is not before.tensors[name]}
    assert changed == {WORDS}


@pytest.mark.parametrize(
    ("rarest", "words"),
    [
        pytest.param(1, {"配送", "太慢", "很好", "客服", "打不开"}, id="seen at all"),
        pytest.param(2, {"配送", "很好"}, id="seen twice"),
        pytest.param(3, set(), id="seen three times"),
    ],
)
def test_pieces_seen_too_rarely_go(rarest: int, words: set[str]) -> None:
    kept = {piece for piece, _ in prune(base(), TEXTS, rarest=rarest).pieces}
    assert kept & set(tiny_encoder.WORDS) == words


def test_control_pieces_and_single_characters_stay_unseen() -> None:
    before = replace(base(), pieces=(*base().pieces[:-1], ("<mask>", 0.0)))
    kept = [piece for piece, _ in prune(before, [], rarest=1).pieces]
    assert kept[:4] == list(FIRST_PIECES)
    assert set(kept) == {*FIRST_PIECES, *CONTROL, *tiny_encoder.CHARACTERS[:-1]}


def test_a_network_starts_from_a_pruned_base() -> None:
    pruned = prune(base(), TEXTS, rarest=1)
    network = Network(pruned, layers=2, outputs=15, dimensions=8, seed=0)
    assert len(network.exported().tensors[WORDS]) == len(pruned.pieces)


@given(texts=st.lists(SAID, min_size=1, max_size=4))
def test_texts_whose_pieces_were_kept_are_read_as_before(texts: list[str]) -> None:
    full, pruned = base(), prune(base(), texts, rarest=1)
    before, after = processor(full), processor(pruned)
    for text in texts:
        assert [pruned.pieces[place] for place in after.encode(text)] == [
            full.pieces[place] for place in before.encode(text)
        ]


def test_equal_pieces_give_equal_bytes() -> None:
    assert sentencepiece_model(base().pieces) == sentencepiece_model(base().pieces)


def test_the_place_of_a_piece_is_its_id() -> None:
    found = processor(base())
    assert [found.id_to_piece(place) for place in range(len(tiny_encoder.PIECES))] == list(
        tiny_encoder.PIECES
    )
    ends = (found.bos_id(), found.pad_id(), found.eos_id(), found.unk_id())
    assert ends == tuple(map(FIRST_PIECES.index, FIRST_PIECES))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param("太慢，Ａ", "太慢,A", id="full width"),
        pytest.param(" 太慢  a ", "太慢 a", id="spaces"),
    ],
)
def test_forms_of_one_character_have_one_id(text: str, same: str) -> None:
    assert ids(text) == ids(same)


def test_a_control_piece_in_a_text_is_no_control_piece() -> None:
    (found,) = ids("a</s>a")
    assert found.index(FIRST_PIECES.index("</s>")) == len(found) - 1


def test_training_reads_the_ids_that_serving_reads(encoder_folder: Path) -> None:
    texts = ["配送太慢，客服很好", "", "  Ａ2 闪退㊙", *TEXTS]
    serving = load_encoder(encoder_folder, load_taxonomy()).tokens
    assert ids(*texts) == [serving.ids(text) for text in texts]
