"""Texts of like length side by side, so that little of a batch is padding."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from training.encoder.base_weights import FIRST_PIECES

PADDING: Final = FIRST_PIECES.index("<pad>")
"""Id of `<pad>`, in every base."""
_SORTED_TOGETHER: Final = 32
"""Batches that are filled from one stretch of the shuffled texts."""


class Batch(NamedTuple):
    """Some texts as the network reads them."""

    ids: Tensor
    """(n, longest) int64"""
    mask: Tensor
    """(n, longest) int64: 1 for a piece, 0 for padding."""


def batch_of(texts: Sequence[Sequence[int]]) -> Batch:
    """Pad the ids of some texts to the longest of them."""
    longest = max(map(len, texts))
    ids = torch.full((len(texts), longest), PADDING)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return Batch(ids, mask)


def mean_of_pieces(rows: Tensor, batch: Batch) -> Tensor:
    """Return the mean over the pieces of each text: (n, longest, width) -> (n, width) float32."""
    mask = batch.mask.unsqueeze(-1).float()
    return (rows.float() * mask).sum(1) / mask.sum(1)


def shuffled(texts: Sequence[Sequence[int]], *, size: int, seed: int) -> list[list[int]]:
    """Deal all texts into batches of like length, in an order that `seed` alone decides."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(texts))
    stretch = size * _SORTED_TOGETHER
    batches: list[list[int]] = []
    for start in range(0, len(order), stretch):
        near = sorted(order[start : start + stretch].tolist(), key=lambda place: len(texts[place]))
        batches += [near[first : first + size] for first in range(0, len(near), size)]
    return [batches[place] for place in rng.permutation(len(batches))]


def by_length(texts: Sequence[Sequence[int]], *, size: int) -> list[list[int]]:
    """Deal all texts into batches, short ones first."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    return [order[first : first + size] for first in range(0, len(order), size)]
