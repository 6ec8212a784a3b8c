"""The last stage: a linear map from pooled rows to vectors, while the encoder stays as it is.

Labels pull all clauses of one label together; what else a clause says survives in the middle
layers. So the map reads several layers, and learns from pairs and problems alone.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - PyTorch's own name for it

from training.encoder.batches import batch_of, by_length, mean_of_pieces
from training.encoder.fit import half_precision
from training.encoder.losses import group_loss, pair_loss
from training.encoder.network import Network, VectorMap
from training.encoder.tasks import LikenessTask

_READ_AT_ONCE: Final = 128
_PAIRS_A_STEP: Final = 512
_PROBLEMS_A_STEP: Final = 48
_OF_A_PROBLEM: Final = 4
_RATE: Final = 1e-3
_STEADY: Final = 0.02
"""How strongly the map is held to where it began."""


def pooled_layers(
    network: Network, texts: Sequence[Sequence[int]], layers: tuple[int, ...]
) -> Tensor:
    """Return the means over the pieces after these layers, (n_texts, hidden x layers) float32."""
    network.eval()
    width = network.mean.numel() * len(layers)
    found = torch.zeros((len(texts), width))
    with torch.no_grad(), half_precision():
        for places in by_length(texts, size=_READ_AT_ONCE):
            batch = batch_of([texts[place] for place in places])
            states = network.encoder(
                input_ids=batch.ids, attention_mask=batch.mask, output_hidden_states=True
            ).hidden_states
            found[places] = torch.cat([mean_of_pieces(states[layer], batch) for layer in layers], 1)
    return found


def fit_vectors(
    network: Network,
    likeness: LikenessTask,
    *,
    layers: tuple[int, ...],
    dimensions: int,
    steps: int,
    seed: int,
) -> VectorMap:
    """Fit the map; it starts from the principal components of the pooled rows."""
    one = pooled_layers(network, [pair[0] for pair in likeness.pairs], layers)
    other = pooled_layers(network, [pair[1] for pair in likeness.pairs], layers)
    alike = torch.tensor([pair[2] for pair in likeness.pairs])
    problems = [
        [pooled_layers(network, texts, layers) for texts in groups] for groups in likeness.problems
    ]
    everything = torch.cat([one, other, *(rows for groups in problems for rows in groups)])
    mean, spread = everything.mean(0), everything.std(0).clamp_min(1e-3)
    one, other = (one - mean) / spread, (other - mean) / spread
    problems = [[(rows - mean) / spread for rows in groups] for groups in problems]
    start = _components((everything - mean) / spread, dimensions)
    weight = start.clone().requires_grad_(True)  # noqa: FBT003 - the name of the method says it
    optimizer = torch.optim.Adam([weight], lr=_RATE)
    rng = np.random.default_rng(seed)

    def unit(rows: Tensor) -> Tensor:
        return F.normalize(rows @ weight.T, dim=1)

    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * (1 - step / steps)
        drawn = torch.tensor(rng.choice(len(alike), min(_PAIRS_A_STEP, len(alike)), replace=False))
        texts, labels = _draw(rng, problems)
        loss = pair_loss(unit(one[drawn]), unit(other[drawn]), alike[drawn])
        loss = loss + group_loss(unit(texts), labels)
        loss = loss + _STEADY * ((weight - start) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    folded = weight.detach().double() / spread.double()
    return VectorMap(layers, folded.float().numpy(), (-(folded @ mean.double())).float().numpy())


def _components(rows: Tensor, dimensions: int) -> Tensor:
    """Return the directions of greatest variance, (n_dimensions, n_columns)."""
    spread = rows.T @ rows / len(rows)
    return torch.linalg.eigh(spread).eigenvectors[:, -dimensions:].flip(1).T.contiguous()


def _draw(rng: np.random.Generator, problems: list[list[Tensor]]) -> tuple[Tensor, Tensor]:
    """Draw some clauses of some problems of one product."""
    groups = problems[int(rng.integers(len(problems)))]
    rows, labels = [], []
    for place in rng.choice(len(groups), min(_PROBLEMS_A_STEP, len(groups)), replace=False):
        group = groups[int(place)]
        chosen = rng.choice(len(group), min(_OF_A_PROBLEM, len(group)), replace=False)
        rows.append(group[torch.tensor(chosen)])
        labels += [int(place)] * len(chosen)
    return torch.cat(rows), torch.tensor(labels)
