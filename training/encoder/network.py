"""The encoder while it learns: a BERT of `transformers`, mean pooling, two output layers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from feedback_nlp.errors import InputError
from training.encoder.base_weights import WORDS, BaseWeights, FloatArray
from training.encoder.batches import PADDING, Batch, mean_of_pieces
from training.encoder.graph import EncoderWeights

DROPOUT: Final = 0.1
_LEAST_SPREAD: Final = 1e-3


class Reading(NamedTuple):
    """What the network says about a batch."""

    scores: Tensor
    """(n, n_outputs) float32, before calibration."""
    vectors: Tensor
    """(n, n_dimensions) float32, of unit length."""


@dataclass(frozen=True, slots=True)
class VectorMap:
    """Pooled rows of some layers to vectors."""

    layers: tuple[int, ...]
    """From 1; none given: the last one."""
    weight: FloatArray = field(repr=False)
    """(n_dimensions, hidden x layers)"""
    bias: FloatArray = field(repr=False)


class Network(nn.Module):  # type: ignore[misc] # mypy does not read torch
    """Ids to scores and vectors.

    The pooled vector is centred and scaled by fixed numbers before both output layers: that of
    the base lies far from zero and hardly moves, and output layers would learn from it slowly.
    """

    mean: Tensor
    spread: Tensor

    def __init__(
        self, base: BaseWeights, *, layers: int, outputs: int, dimensions: int, seed: int
    ) -> None:
        """Start from `layers` layers of the base, evenly spread, first and last among them.

        Raises:
            InputError: when the base has fewer.
        """
        super().__init__()
        torch.manual_seed(seed)
        words, hidden = base.tensors[WORDS].shape
        self.heads_count, self.epsilon = base.heads, base.epsilon
        config = BertConfig(
            vocab_size=words,
            hidden_size=hidden,
            num_hidden_layers=layers,
            num_attention_heads=base.heads,
            intermediate_size=base.tensors["encoder.layer.0.intermediate.dense.bias"].size,
            max_position_embeddings=len(base.tensors["embeddings.position_embeddings.weight"]),
            layer_norm_eps=base.epsilon,
            pad_token_id=PADDING,  # its row never learns; by default that were the one of `<s>`
            hidden_dropout_prob=DROPOUT,
            attention_probs_dropout_prob=0.0,
            # The fused kernel's backward pass is three times slower than this one on a CPU.
            attn_implementation="eager",
        )
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.encoder.load_state_dict(_thinned(base, layers))
        self.dropout = nn.Dropout(DROPOUT)
        self.heads = nn.Linear(hidden, outputs)
        self.vector = nn.Linear(hidden, dimensions)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)
        nn.init.orthogonal_(self.vector.weight)
        nn.init.zeros_(self.vector.bias)
        self.register_buffer("mean", torch.zeros(hidden))
        self.register_buffer("spread", torch.ones(hidden))

    def forward(self, batch: Batch) -> Reading:
        """Read a batch."""
        scaled = self.dropout((self.pooled(batch) - self.mean) / self.spread)
        vectors = self.vector(scaled).float()
        return Reading(self.heads(scaled).float(), nn.functional.normalize(vectors, dim=1))

    def pooled(self, batch: Batch) -> Tensor:
        """Return the mean over the pieces of each text, (n, hidden) float32."""
        rows = self.encoder(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        return mean_of_pieces(rows, batch)

    def settle(self, batches: Sequence[Batch]) -> None:
        """Take the centre and the spread of the pooled vectors of these texts, two or more."""
        self.eval()
        with torch.no_grad():
            pooled = torch.cat([self.pooled(batch) for batch in batches])
        self.mean.copy_(pooled.mean(0))
        self.spread.copy_(pooled.std(0).clamp_min(_LEAST_SPREAD))

    def exported(self, vectors: VectorMap | None = None) -> EncoderWeights:
        """Return a copy of the weights, centre and spread folded into the output layers.

        Vectors are those of `vectors` where it is given, else of the output layer.
        """
        heads_weight, heads_bias = self._folded(self.heads)
        vectors = vectors or VectorMap((), *self._folded(self.vector))
        return EncoderWeights(
            tensors=self._tensors(),
            attention_heads=self.heads_count,
            epsilon=self.epsilon,
            heads_weight=heads_weight,
            heads_bias=heads_bias,
            vector_weight=vectors.weight,
            vector_bias=vectors.bias,
            vector_layers=vectors.layers,
        )

    def as_base(self, base: BaseWeights) -> BaseWeights:
        """Return a copy of the encoder without its output layers: what a student starts from."""
        return replace(base, tensors=self._tensors())

    def _tensors(self) -> dict[str, FloatArray]:
        return {
            name: value.detach().numpy().copy() for name, value in self.encoder.named_parameters()
        }

    def _folded(self, layer: nn.Linear) -> tuple[FloatArray, FloatArray]:
        weight = layer.weight.detach().double() / self.spread.double()
        bias = layer.bias.detach().double() - weight @ self.mean.double()
        return weight.float().numpy(), bias.float().numpy()


def _thinned(base: BaseWeights, layers: int) -> dict[str, Tensor]:
    """Return the state of a model of `layers` layers, taken evenly from those of the base."""
    if layers > base.layers:
        raise InputError(f"{base.origin}: 只有 {base.layers} 层，取不出 {layers} 层，请减少层数")
    taken = np.linspace(0, base.layers - 1, layers).round().astype(int).tolist()
    state = {}
    for name, value in base.tensors.items():
        if not name.startswith("encoder."):
            state[name] = torch.tensor(value)
            continue
        stack, kind, layer, rest = name.split(".", 3)
        if int(layer) in taken:
            state[f"{stack}.{kind}.{taken.index(int(layer))}.{rest}"] = torch.tensor(value)
    return state
