"""An encoder and its two output layers as an ONNX file that serving reads without torch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper

from training.encoder.graph_nodes import CONTRIB, FloatArray, Nodes

OPSET: Final = 20
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

    @property
    def hidden(self) -> int:
        """How wide a row is."""
        return int(self.tensors[_TYPES].shape[1])


def encoder_graph(weights: EncoderWeights, *, int8: bool = True) -> onnx.ModelProto:
    """Build the graph: equal weights give equal bytes.

    Input: `ids` (n, t) int64, no padding, so no mask. Outputs: `scores` (n, n_outputs) float32
    and `vectors` (n, n_dimensions) float32 of unit length. The answer for a row of ids is the
    same to the last bit whatever the other rows are: every operator either works row by row, or
    multiplies whole numbers, or multiplies matrices whose shape the row alone decides.

    With `int8` the linear layers of the encoder compute in whole numbers; without, all is
    float32. Embeddings are int8 in the file either way. The metadata name the sizes that `ids`
    must keep: `pieces` and `positions`.

    Source: Devlin et al., "BERT", NAACL 2019; mean pooling: Wang et al., "Multilingual E5", 2024.
    """
    nodes = Nodes(int8)
    nodes.add("Shape", "ids.shape", "ids")
    rows = _embedded(nodes, weights)
    after = []
    for layer in range(weights.layers):
        rows = _layer(nodes, f"encoder.layer.{layer}", rows, weights)
        after.append(rows)
    last = weights.layers
    pooled = {layer: _pooled(nodes, after[layer - 1], weights) for layer in {last, *_read(weights)}}
    _output(nodes, "scores", pooled[last], weights.heads_weight, weights.heads_bias)
    sides = [pooled[layer] for layer in _read(weights)]
    beside = nodes.add("Concat", "pooled", *sides, axis=-1)
    vectors = _output(nodes, "raw", beside, weights.vector_weight, weights.vector_bias)
    length = nodes.add("ReduceL2", "length", vectors, nodes.whole(1), keepdims=1)
    least = nodes.number("tiny", _TINY)
    nodes.add("Div", "vectors", vectors, nodes.add("Max", "length.safe", length, least))
    return _model(nodes, weights)


def _read(weights: EncoderWeights) -> tuple[int, ...]:
    return weights.vector_layers or (weights.layers,)


def _embedded(nodes: Nodes, weights: EncoderWeights) -> str:
    """Add one row for every id, (n x t, hidden): all layers but attention see them like this."""
    tensors = weights.tensors
    words = nodes.rows("words", tensors[_WORDS], "ids")
    zero, one = (nodes.number(f"number.{n}", np.int64(n)) for n in (0, 1))
    length = nodes.add("Gather", "ids.length", "ids.shape", one)
    places = nodes.add("Range", "ids.places", zero, length, one)
    positions = nodes.rows("positions", tensors[_POSITIONS], places)
    kind = nodes.constant("kind", tensors[_TYPES][0])
    placed = nodes.add("Add", "positions.kind", positions, kind)
    embedded = nodes.add("Add", "embedded", words, placed)
    rows = nodes.add("Reshape", "embedded.rows", embedded, nodes.whole(-1, weights.hidden))
    return _normed(nodes, "embeddings", rows, weights)


def _layer(nodes: Nodes, layer: str, rows: str, weights: EncoderWeights) -> str:
    """Add one post-norm layer: attention, then two linear layers around a GELU."""
    heard = _attention(nodes, f"{layer}.attention.self", rows, weights)
    heard = _added(nodes, f"{layer}.attention.output", heard, rows, weights)
    name = f"{layer}.intermediate.dense"
    inner = nodes.linear(name, heard, weights.tensors[f"{name}.weight"])
    bias = nodes.constant(f"{name}.bias", weights.tensors[f"{name}.bias"])
    inner = nodes.add("BiasGelu", f"{layer}.gelu", inner, bias, domain=CONTRIB)
    return _added(nodes, f"{layer}.output", inner, heard, weights)


def _added(nodes: Nodes, name: str, value: str, beside: str, weights: EncoderWeights) -> str:
    """Add a linear layer, what goes past it, and the normalisation of their sum.

    As one `Sum`: two `Add` would be fused into a `SkipLayerNormalization`, which is slower.
    """
    dense = f"{name}.dense"
    both = nodes.add(
        "Sum",
        f"{name}.sum",
        nodes.linear(dense, value, weights.tensors[f"{dense}.weight"]),
        beside,
        nodes.constant(f"{dense}.bias", weights.tensors[f"{dense}.bias"]),
    )
    return _normed(nodes, name, both, weights)


def _attention(nodes: Nodes, name: str, rows: str, weights: EncoderWeights) -> str:
    weight, bias = (
        np.concatenate(
            [weights.tensors[f"{name}.{part}.{kind}"] for part in ("query", "key", "value")]
        )
        for kind in ("weight", "bias")
    )
    found = nodes.linear(f"{name}.all", rows, weight)
    found = _by_text(nodes, f"{name}.texts", found, len(bias))
    heard = nodes.add(
        "MultiHeadAttention",
        f"{name}.heard",
        *nodes.split(f"{name}.parts", found, parts=3),
        nodes.constant(f"{name}.bias", bias),
        domain=CONTRIB,
        num_heads=weights.attention_heads,
    )
    return nodes.add("Reshape", name, heard, nodes.whole(-1, weights.hidden))


def _by_text(nodes: Nodes, name: str, rows: str, width: int) -> str:
    """Add the rows (n x t, width) as (n, t, width)."""
    shape = nodes.add("Concat", f"{name}.shape", "ids.shape", nodes.whole(width), axis=0)
    return nodes.add("Reshape", name, rows, shape)


def _pooled(nodes: Nodes, rows: str, weights: EncoderWeights) -> str:
    """Add the mean over the pieces of each text, (n, 1, hidden).

    As a product of one row with each text: the reductions of ONNX Runtime add up in another order
    when there is one text only.
    """
    texts = _by_text(nodes, f"{rows}.texts", rows, weights.hidden)
    length = nodes.add("Shape", f"{rows}.length", "ids", start=1, end=2)
    one = nodes.number("one", np.float32(1))
    ones = nodes.add("Expand", f"{rows}.ones", one, length)
    row = nodes.add("Unsqueeze", f"{rows}.row", ones, nodes.whole(0, 1))
    total = nodes.add("MatMul", f"{rows}.total", row, texts)
    count = nodes.add("Cast", f"{rows}.pieces", length, to=TensorProto.FLOAT)
    return nodes.add("Div", f"{rows}.pooled", total, count)


def _output(nodes: Nodes, name: str, pooled: str, weight: FloatArray, bias: FloatArray) -> str:
    """Add an output layer in float32, (n, outputs).

    One row of zeros is read with the texts and cut off again: for a single row ONNX Runtime
    multiplies another way, and adds up in another order.
    """
    texts = nodes.add("Squeeze", f"{name}.texts", pooled, nodes.whole(1))
    empty = nodes.constant(f"{name}.empty", np.zeros((1, weight.shape[1]), np.float32))
    more = nodes.add("Concat", f"{name}.more", texts, empty, axis=0)
    product = nodes.add(
        "MatMul", f"{name}.product", more, nodes.constant(f"{name}.weight", weight.T)
    )
    first, last = nodes.whole(0), nodes.whole(-1)
    kept = nodes.add("Slice", f"{name}.kept", product, first, last, first)
    return nodes.add("Add", name, kept, nodes.constant(f"{name}.bias", bias))


def _normed(nodes: Nodes, name: str, rows: str, weights: EncoderWeights) -> str:
    scale, shift = (
        nodes.constant(f"{name}.LayerNorm.{kind}", weights.tensors[f"{name}.LayerNorm.{kind}"])
        for kind in ("weight", "bias")
    )
    return nodes.add("LayerNormalization", name, rows, scale, shift, epsilon=weights.epsilon)


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
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR)
    sizes = {"pieces": weights.tensors[_WORDS], "positions": weights.tensors[_POSITIONS]}
    helper.set_model_props(model, {name: str(len(rows)) for name, rows in sizes.items()})
    return model
