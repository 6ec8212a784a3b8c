from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import pytest
import tiny_encoder
import torch
from tiny_base import OUTPUTS, base, ids

from training.encoder.base_weights import BaseWeights, FloatArray
from training.encoder.batches import batch_of
from training.encoder.narrow import narrowed
from training.encoder.network import Network

TEXTS: Final = ids("慢", "配送很好,客服很好", "打不开", "味道很好a")
BATCHES: Final = [batch_of(TEXTS[:2]), batch_of(TEXTS[2:])]
INNER: Final = 32
SILENT: Final = ((0, 7, 31), (3, 4, 20))
"""Neurons of each layer that add nothing."""
KEPT: Final = INNER - 3
Tensors = dict[str, FloatArray]


def unheard(tensors: Tensors, layer: str, neurons: list[int]) -> None:
    tensors[f"{layer}.output.dense.weight"][:, neurons] = 0.0


def unmoved(tensors: Tensors, layer: str, neurons: list[int]) -> None:
    tensors[f"{layer}.intermediate.dense.weight"][neurons] = 0.0
    tensors[f"{layer}.intermediate.dense.bias"][neurons] = -30.0


def with_silent(silence: Callable[[Tensors, str, list[int]], None]) -> BaseWeights:
    found = base()
    tensors = {name: rows.copy() for name, rows in found.tensors.items()}
    for layer, neurons in enumerate(SILENT):
        silence(tensors, f"encoder.layer.{layer}", list(neurons))
    return replace(found, tensors=tensors)


def reader(weights: BaseWeights, *, layers: int = 2) -> Network:
    found = Network(
        weights, layers=layers, outputs=OUTPUTS, dimensions=tiny_encoder.DIMENSIONS, seed=3
    )
    found.eval()
    return found


def without(tensors: Tensors, layer: str, neurons: tuple[int, ...]) -> Tensors:
    """Return what is left of a layer, in the order it has."""
    axes = {"intermediate.dense.weight": 0, "intermediate.dense.bias": 0, "output.dense.weight": 1}
    names = {f"{layer}.{name}": axis for name, axis in axes.items()}
    return {name: np.delete(tensors[name], neurons, axis) for name, axis in names.items()}


SILENCED = pytest.mark.parametrize(
    "silence", [pytest.param(unheard, id="unheard"), pytest.param(unmoved, id="unmoved")]
)


@SILENCED
def test_neurons_that_add_nothing_go_and_the_others_keep_their_order(
    silence: Callable[[Tensors, str, list[int]], None],
) -> None:
    whole = with_silent(silence)
    left = narrowed(reader(whole), whole, BATCHES, inner=KEPT)
    expected = dict(whole.tensors)
    for layer, neurons in enumerate(SILENT):
        expected |= without(expected, f"encoder.layer.{layer}", neurons)
    assert left.tensors.keys() == expected.keys()
    for name, rows in left.tensors.items():
        np.testing.assert_array_equal(rows, expected[name], err_msg=name)
    assert (left.heads, left.epsilon, left.pieces) == (whole.heads, whole.epsilon, whole.pieces)


@SILENCED
def test_without_neurons_that_add_nothing_scores_stay(
    silence: Callable[[Tensors, str, list[int]], None],
) -> None:
    whole = with_silent(silence)
    teacher = reader(whole)
    student = reader(narrowed(teacher, whole, BATCHES, inner=KEPT))
    student.heads.load_state_dict(teacher.heads.state_dict())
    for batch in BATCHES:
        with torch.inference_mode():
            torch.testing.assert_close(
                student(batch).scores, teacher(batch).scores, atol=1e-5, rtol=0
            )


def test_neither_padding_nor_dropout_decides_what_stays() -> None:
    texts = [*TEXTS, *ids("退款太慢" * 20)]
    alone = [batch_of([text]) for text in texts]
    one, other = (
        narrowed(reader(base()).train(), base(), batches, inner=16)
        for batches in (alone, [batch_of(texts)])
    )
    for name, rows in one.tensors.items():
        np.testing.assert_array_equal(rows, other.tensors[name], err_msg=name)


@pytest.mark.parametrize("inner", [INNER, INNER + 1], ids=["as wide", "wider"])
def test_a_layer_that_has_no_more_stays_as_it_is(inner: int) -> None:
    same = narrowed(reader(base()), base(), BATCHES, inner=inner)
    for name, rows in base().tensors.items():
        np.testing.assert_array_equal(same.tensors[name], rows, err_msg=name)


def test_a_student_with_fewer_layers_starts_from_fewer_neurons() -> None:
    left = narrowed(reader(base()), base(), BATCHES, inner=5)
    student = reader(left, layers=1)
    found = student.exported().tensors
    assert found["encoder.layer.0.intermediate.dense.bias"].shape == (5,)
    assert found["encoder.layer.0.output.dense.weight"].shape == (tiny_encoder.HIDDEN, 5)
