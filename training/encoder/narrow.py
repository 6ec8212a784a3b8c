"""Leaves a student the inner neurons of its teacher that move most."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from training.encoder.base_weights import BaseWeights, FloatArray
from training.encoder.batches import Batch
from training.encoder.network import Network

_INNER = "encoder.layer.{layer}.intermediate.dense.{kind}"
_OUTER = "encoder.layer.{layer}.output.dense.weight"


def narrowed(
    network: Network, base: BaseWeights, batches: Sequence[Batch], *, inner: int
) -> BaseWeights:
    """Return the weights of `network` with the `inner` weightiest inner neurons of each layer.

    A neuron weighs what it adds to its layer's output: its mean size over the pieces of these
    texts times the length of its output weights. A layer that has no more stays as it is.

    Source: the criterion of Sun et al., "A Simple and Effective Pruning Approach for Large Language
    Models" (Wanda), ICLR 2024, size of the input times size of the weight, for whole neurons.
    """
    whole = network.as_base(base)
    tensors = dict(whole.tensors)
    for layer, sizes in enumerate(_sizes(network, batches)):
        weight = _OUTER.format(layer=layer)
        if len(sizes) <= inner:
            continue
        weights = sizes * np.linalg.norm(tensors[weight], axis=0)
        kept = np.sort(np.argsort(-weights, kind="stable")[:inner])
        tensors[weight] = np.ascontiguousarray(tensors[weight][:, kept])
        for kind in ("weight", "bias"):
            name = _INNER.format(layer=layer, kind=kind)
            tensors[name] = tensors[name][kept]
    return replace(whole, tensors=tensors)


def _sizes(network: Network, batches: Sequence[Batch]) -> list[FloatArray]:
    """Return the mean size of every inner neuron, (inner,) a layer."""
    network.eval()
    layers = network.encoder.encoder.layer
    sums = [torch.zeros(layer.intermediate.dense.out_features) for layer in layers]
    last: dict[int, Tensor] = {}

    def keep(place: int, rows: Tensor) -> None:
        last[place] = rows

    watched = [
        layer.intermediate.register_forward_hook(
            lambda _module, _read, rows, place=place: keep(place, rows)
        )
        for place, layer in enumerate(layers)
    ]
    for batch in batches:
        with torch.no_grad():
            network.pooled(batch)
        mask = batch.mask.unsqueeze(-1)
        for place, rows in last.items():
            sums[place] += (rows.float().abs() * mask).sum((0, 1))
    for each in watched:
        each.remove()
    pieces = sum(int(batch.mask.sum()) for batch in batches)
    return [(total / pieces).numpy() for total in sums]
