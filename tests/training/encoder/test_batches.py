import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny_base import ids, network

from training.encoder.batches import PADDING, batch_of, by_length, shuffled

SIZE = 4
TEXTS = st.lists(st.lists(st.integers(4, 9), min_size=1, max_size=9), max_size=200)


def test_a_batch_is_padded_to_its_longest_text() -> None:
    batch = batch_of([[0, 7, 2], [0, 2]])
    assert batch.ids.tolist() == [[0, 7, 2], [0, 2, PADDING]]
    assert batch.mask.tolist() == [[1, 1, 1], [1, 1, 0]]


@given(texts=TEXTS, seed=st.integers(0, 9))
def test_every_text_comes_once_an_epoch(texts: list[list[int]], seed: int) -> None:
    for batches in (shuffled(texts, size=SIZE, seed=seed), by_length(texts, size=SIZE)):
        assert sorted(place for batch in batches for place in batch) == list(range(len(texts)))
        assert all(1 <= len(batch) <= SIZE for batch in batches)


@given(texts=TEXTS, seed=st.integers(0, 9))
def test_one_seed_is_one_order(texts: list[list[int]], seed: int) -> None:
    assert shuffled(texts, size=SIZE, seed=seed) == shuffled(texts, size=SIZE, seed=seed)


def drawn_lengths() -> list[list[int]]:
    lengths = np.random.default_rng(0).integers(3, 60, 1000)
    return [[5] * int(length) for length in lengths]


def test_another_seed_is_another_order_of_other_batches() -> None:
    one, other = (shuffled(drawn_lengths(), size=SIZE, seed=seed) for seed in (1, 2))
    assert {tuple(sorted(batch)) for batch in one} != {tuple(sorted(batch)) for batch in other}


def test_little_of_an_epoch_is_padding() -> None:
    texts = drawn_lengths()
    batches = shuffled(texts, size=SIZE, seed=0)
    padded = sum(SIZE * max(len(texts[place]) for place in batch) for batch in batches)
    assert padded < 1.05 * sum(map(len, texts))


def test_batches_do_not_come_in_the_order_of_their_lengths() -> None:
    texts = drawn_lengths()
    longest = [max(len(texts[place]) for place in b) for b in shuffled(texts, size=4, seed=0)]
    assert abs(np.corrcoef(longest, np.arange(len(longest)))[0, 1]) < 0.2


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("太慢", id="a short text"),
        pytest.param("", id="a text without pieces"),
        pytest.param("配送太慢,客服很好", id="the longest text"),
    ],
)
def test_padding_changes_no_answer(text: str) -> None:
    reader = network().eval()
    with torch.inference_mode():
        alone = reader(batch_of(ids(text)))
        beside = reader(batch_of(ids("很好", text, "配送太慢,客服很好")))
    torch.testing.assert_close(beside.scores[1:2], alone.scores)
    torch.testing.assert_close(beside.vectors[1:2], alone.vectors)
