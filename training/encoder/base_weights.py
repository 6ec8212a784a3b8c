"""What training starts from, wherever it was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

WORDS: Final = "embeddings.word_embeddings.weight"
"""Name of the tensor with one row a piece."""
FIRST_PIECES: Final = ("<s>", "<pad>", "</s>", "<unk>")
"""Every base begins with these; pruning keeps them, so their ids never change."""


@dataclass(frozen=True, slots=True)
class BaseWeights:
    """An encoder before any training of ours: sizes, pieces of the tokenizer, tensors."""

    heads: int
    """Attention heads of a layer."""
    epsilon: float
    """Of every layer normalisation."""
    pieces: tuple[tuple[str, float], ...] = field(repr=False)
    """Unigram pieces with their log probabilities; the place is the id."""
    tensors: Mapping[str, FloatArray] = field(repr=False)
    """In the names of `transformers.BertModel`, (out, in) for every linear layer."""
    origin: str

    @property
    def layers(self) -> int:
        """How many transformer layers there are."""
        return len({name.split(".")[2] for name in self.tensors if name.startswith("encoder.")})
