"""An encoder and its two output layers as an ONNX file that serving reads without torch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper

from training.encoder.graph_nodes import FloatArray, Nodes, quantise

OPSET: Final = 20
"""The first one with `Gelu`."""
_IR: Final = 10
"""What ONNX Runtime 1.20 reads."""
_WORDS: Final = "embeddings.word_embeddings.weight"
_POSITIONS: Final = "embeddings.position_embeddings.weight"
_TYPES: Final = "embeddings.token_type_embeddings.weight"
_TINY: Final = np.float32(1e-12)


@dataclass(frozen=True, slots=True)
class EncoderWeights:
    """All that the graph computes with; any scaling of the pooled vector is already folded in."""

    tensors: Mapping[str, FloatArray] = field(repr=False)
    """In the names of `transformers.BertModel`, (out, in) for every linear layer."""
    attention_heads: int
    epsilon: float
    """Of every layer normalisation."""
    heads_weight: FloatArray = field(repr=False)
    """(n_outputs, hidden)"""
    heads_bias: FloatArray = field(repr=False)
    vector_weight: FloatArray = field(repr=False)
    """(n_dimensions, hidden x how many `vector_layers`)"""
    vector_bias: FloatArray = field(repr=False)
    vector_layers: tuple[int, ...] = ()
    """After which layers, from 1, the pooled rows make the vector; none given: the last one."""

    @property
    def layers(self) -> int:
        """How many transformer layers there are."""
        return len({name.split(".")[2] for name in self.tensors if name.startswith("encoder.")})


def as_stored(weights: EncoderWeights) -> EncoderWeights:
    """Return the weights that the written graph really computes with: rounded to 8 bits.

    Idempotent up to the last digit. The output layers stay as they are: a pooled vector lies far
    from zero, where the rounding of a weight would shift every score of its column alike.
    """
    rounded = {
        name: np.multiply(*quantise(rows), dtype=np.float32) if _is_rounded(name) else rows
        for name, rows in weights.tensors.items()
    }
    return replace(weights, tensors=rounded)


def _is_rounded(name: str) -> bool:
    dense = name.startswith("encoder.") and "LayerNorm" not in name and name.endswith(".weight")
    return dense or name in {_WORDS, _POSITIONS}


def encoder_graph(weights: EncoderWeights) -> onnx.ModelProto:
    """Build the graph: equal weights give equal bytes.

    Input: `ids` (n, t) int64, no padding, so no mask. Outputs: `scores` (n, n_outputs) float32
    and `vectors` (n, n_dimensions) float32 of unit length. Linear layers and embeddings are int8
    in the file. The metadata name the sizes that `ids` must keep: `pieces` and `positions`.

    Source: Devlin et al., "BERT", NAACL 2019; mean pooling: Wang et al., "Multilingual E5", 2024.
    """
    nodes = Nodes()
    rows = _embedded(nodes, weights)
    after = []
    for layer in range(weights.layers):
        rows = _layer(nodes, f"encoder.layer.{layer}", rows, weights)
        after.append(rows)
    pooled = nodes.add("ReduceMean", "pooled", rows, nodes.whole(1), keepdims=0)
    _output(nodes, "scores", pooled, weights.heads_weight, weights.heads_bias)
    if weights.vector_layers:
        pooled = _pooled(nodes, [after[layer - 1] for layer in weights.vector_layers])
    vectors = _output(nodes, "raw", pooled, weights.vector_weight, weights.vector_bias)
    length = nodes.add("ReduceL2", "length", vectors, nodes.whole(1), keepdims=1)
    least = nodes.constant("least", np.array(_TINY))
    nodes.add("Div", "vectors", vectors, nodes.add("Max", "length.safe", length, least))
    return _model(nodes, weights)


def _pooled(nodes: Nodes, layers: list[str]) -> str:
    """Add the pooled rows of several layers side by side, (n, hidden x layers)."""
    means = [
        nodes.add("ReduceMean", f"{rows}.pooled", rows, nodes.whole(1), keepdims=0)
        for rows in layers
    ]
    return nodes.add("Concat", "pooled.layers", *means, axis=1)


def _embedded(nodes: Nodes, weights: EncoderWeights) -> str:
    tensors = weights.tensors
    words = nodes.rows("words", tensors[_WORDS], "ids")
    shape = nodes.add("Shape", "ids.length", "ids", start=1, end=2)
    zero, one = (nodes.constant(f"whole.{n}.bare", np.array(n, np.int64)) for n in (0, 1))
    length = nodes.add("Squeeze", "ids.length.bare", shape)
    places = nodes.add("Range", "ids.places", zero, length, one)
    positions = nodes.rows("positions", tensors[_POSITIONS], places)
    kind = nodes.constant("kind", tensors[_TYPES][0])
    placed = nodes.add("Add", "positions.kind", positions, kind)
    return _normed(nodes, "embeddings", nodes.add("Add", "words.placed", words, placed), weights)


def _layer(nodes: Nodes, layer: str, rows: str, weights: EncoderWeights) -> str:
    """Add one post-norm layer: attention, then two linear layers around a GELU."""
    heard = _attention(nodes, layer, rows, weights)
    heard = _dense(nodes, f"{layer}.attention.output.dense", heard, weights)
    heard = nodes.add("Add", f"{layer}.heard", heard, rows)
    heard = _normed(nodes, f"{layer}.attention.output", heard, weights)
    inner = _dense(nodes, f"{layer}.intermediate.dense", heard, weights)
    inner = nodes.add("Gelu", f"{layer}.gelu", inner)
    thought = _dense(nodes, f"{layer}.output.dense", inner, weights)
    thought = nodes.add("Add", f"{layer}.thought", thought, heard)
    return _normed(nodes, f"{layer}.output", thought, weights)


def _attention(nodes: Nodes, layer: str, rows: str, weights: EncoderWeights) -> str:
    name = f"{layer}.attention.self"
    heads = weights.attention_heads
    hidden = weights.tensors[f"{name}.query.weight"].shape[0]
    split = nodes.whole(0, 0, heads, hidden // heads)

    def part(which: str, order: list[int], times: float = 1.0) -> str:
        found = _dense(nodes, f"{name}.{which}", rows, weights, times=times)
        found = nodes.add("Reshape", f"{name}.{which}.split", found, split)
        return nodes.add("Transpose", f"{name}.{which}.heads", found, perm=order)

    # The scaling of the scores sits in the query's weights: one node less in every layer.
    query = part("query", [0, 2, 1, 3], times=1 / math.sqrt(hidden // heads))
    key, value = part("key", [0, 2, 3, 1]), part("value", [0, 2, 1, 3])
    scores = nodes.add("MatMul", f"{name}.scores", query, key)
    chances = nodes.add("Softmax", f"{name}.chances", scores, axis=-1)
    heard = nodes.add("MatMul", f"{name}.heard", chances, value)
    heard = nodes.add("Transpose", f"{name}.heard.places", heard, perm=[0, 2, 1, 3])
    return nodes.add("Reshape", f"{name}.heard.rows", heard, nodes.whole(0, 0, hidden))


def _dense(
    nodes: Nodes, name: str, rows: str, weights: EncoderWeights, *, times: float = 1.0
) -> str:
    tensors = weights.tensors
    return nodes.linear(name, rows, tensors[f"{name}.weight"], tensors[f"{name}.bias"], times=times)


def _normed(nodes: Nodes, name: str, rows: str, weights: EncoderWeights) -> str:
    name = f"{name}.LayerNorm"
    scale, shift = (
        nodes.constant(f"{name}.{kind}", weights.tensors[f"{name}.{kind}"])
        for kind in ("weight", "bias")
    )
    return nodes.add("LayerNormalization", name, rows, scale, shift, epsilon=weights.epsilon)


def _output(nodes: Nodes, name: str, pooled: str, weight: FloatArray, bias: FloatArray) -> str:
    weights = nodes.constant(f"{name}.weight", weight)
    return nodes.add("Gemm", name, pooled, weights, nodes.constant(f"{name}.bias", bias), transB=1)


def _model(nodes: Nodes, weights: EncoderWeights) -> onnx.ModelProto:
    def value(name: str, kind: int, *shape: str | int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    graph = helper.make_graph(
        nodes.nodes,
        "encoder",
        [value("ids", TensorProto.INT64, "n", "t")],
        [
            value("scores", TensorProto.FLOAT, "n", len(weights.heads_bias)),
            value("vectors", TensorProto.FLOAT, "n", len(weights.vector_bias)),
        ],
        list(nodes.constants.values()),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR)
    sizes = {"pieces": weights.tensors[_WORDS], "positions": weights.tensors[_POSITIONS]}
    helper.set_model_props(model, {name: str(len(rows)) for name, rows in sizes.items()})
    return model
