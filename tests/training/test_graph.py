from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from transformers import BertConfig, BertModel

from training.encoder.graph import EncoderWeights, encoder_graph
from training.encoder.graph_nodes import FloatArray, quantise

PIECES, POSITIONS, HIDDEN, OUTPUTS, DIMENSIONS = 50, 40, 32, 7, 5
Answer = tuple[FloatArray, FloatArray]


@pytest.fixture(scope="module")
def weights() -> EncoderWeights:
    generator = np.random.default_rng(7)
    torch.manual_seed(7)
    tensors = {
        name: generator.normal(0, 0.3, tensor.shape).astype(np.float32)
        for name, tensor in bert().state_dict().items()
    }
    sizes = {"heads": (OUTPUTS, HIDDEN), "vector": (DIMENSIONS, HIDDEN)}
    layers = {name: generator.normal(0, 1, size) for name, size in sizes.items()}
    return EncoderWeights(
        tensors=tensors,
        attention_heads=4,
        epsilon=1e-12,
        heads_weight=layers["heads"].astype(np.float32),
        heads_bias=layers["heads"][:, 0].astype(np.float32),
        vector_weight=layers["vector"].astype(np.float32),
        vector_bias=layers["vector"][:, 0].astype(np.float32),
    )


def bert() -> BertModel:
    config = BertConfig(
        vocab_size=PIECES,
        hidden_size=HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=POSITIONS,
    )
    return BertModel(config, add_pooling_layer=False).eval()


def by_torch(weights: EncoderWeights, ids: list[int]) -> Answer:
    model = bert()
    model.load_state_dict({name: torch.tensor(rows) for name, rows in weights.tensors.items()})
    with torch.inference_mode():
        pooled = model(torch.tensor([ids])).last_hidden_state.mean(1).numpy()
    vectors = pooled @ weights.vector_weight.T + weights.vector_bias
    scores = pooled @ weights.heads_weight.T + weights.heads_bias
    return scores, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def by_onnx(weights: EncoderWeights, *ids: list[int], int8: bool) -> Answer:
    model = encoder_graph(weights, int8=int8).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    scores, vectors = session.run(["scores", "vectors"], {"ids": np.array(ids)})
    return scores, vectors


def with_rounded_tables(weights: EncoderWeights) -> EncoderWeights:
    """Round what the file holds in 8 bits whatever it computes with."""
    rounded = {
        name: np.multiply(*quantise(rows), dtype=np.float32)
        for name, rows in weights.tensors.items()
        if name.endswith(("word_embeddings.weight", "position_embeddings.weight"))
    }
    return replace(weights, tensors=dict(weights.tensors) | rounded)


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param([0, 2], id="nothing but the ends"),
        pytest.param([0, 9, 49, 9, 3, 2], id="a few pieces, one twice"),
        pytest.param([0, *range(9, 9 + POSITIONS - 2), 2], id="every position"),
    ],
)
def test_the_graph_computes_what_bert_computes(ids: list[int], weights: EncoderWeights) -> None:
    expected = by_torch(with_rounded_tables(weights), ids)
    for found, wanted in zip(by_onnx(weights, ids, int8=False), expected, strict=True):
        assert np.abs(found - wanted).max() < 1e-4 * np.abs(wanted).max()


def test_whole_numbers_change_the_answer_little(weights: EncoderWeights) -> None:
    ids = [0, 9, 49, 9, 3, 2]
    (_, exact), (_, rounded) = (by_onnx(weights, ids, int8=int8) for int8 in (False, True))
    assert 0.99 < float((rounded @ exact.T).item()) < 1.0


@pytest.mark.parametrize("int8", [True, False], ids=["int8", "float32"])
@given(data=st.data())
def test_a_text_gets_the_same_answer_in_any_batch(
    data: st.DataObject, weights: EncoderWeights, *, int8: bool
) -> None:
    length = data.draw(st.integers(2, 20), label="length")
    row = st.lists(st.integers(0, PIECES - 1), min_size=length, max_size=length)
    texts = data.draw(st.lists(row, min_size=2, max_size=9), label="texts")
    together = by_onnx(weights, *texts, int8=int8)
    for place in (0, len(texts) - 1):
        alone = by_onnx(weights, texts[place], int8=int8)
        for one, every in zip(alone, together, strict=True):
            assert (one[0] == every[place]).all()


def test_products_of_eight_bits_do_not_overflow(weights: EncoderWeights) -> None:
    """Processors without VNNI add two products in 16 bits."""
    arrays = {array.name: array for array in encoder_graph(weights).graph.initializer}
    dense = [
        onnx.numpy_helper.to_array(array)
        for name, array in arrays.items()
        if name.startswith("encoder.") and name.endswith(".int8")
    ]
    assert dense
    assert max(2 * 255 * int(np.abs(each.astype(int)).max()) for each in dense) < 2**15


def test_the_graph_is_a_valid_file_that_names_its_sizes(weights: EncoderWeights) -> None:
    model = encoder_graph(weights)
    # Types of ONNX Runtime's own operators are not known to the checker.
    onnx.checker.check_model(model)
    found = {entry.key: entry.value for entry in model.metadata_props}
    assert found == {"pieces": str(PIECES), "positions": str(POSITIONS)}
    assert [output.name for output in model.graph.output] == ["scores", "vectors"]


def test_only_the_output_layers_are_stored_in_full(weights: EncoderWeights) -> None:
    floats = [
        array.name
        for array in encoder_graph(weights).graph.initializer
        if array.data_type == onnx.TensorProto.FLOAT and len(array.dims) > 1 and min(array.dims) > 1
    ]
    assert floats == ["scores.weight", "raw.weight"]


def test_equal_weights_give_equal_bytes(weights: EncoderWeights) -> None:
    first, second = encoder_graph(weights), encoder_graph(weights)
    assert first.SerializeToString(deterministic=True) == second.SerializeToString(
        deterministic=True
    )


@given(rows=arrays(np.float32, (3, 5), elements=st.floats(-1e3, 1e3, width=32)))
def test_rounding_is_off_by_half_a_step_at_most(rows: FloatArray) -> None:
    whole, scales = quantise(rows)
    assert np.abs(whole).max() <= 127
    assert (np.abs(whole * scales - rows) <= 0.5001 * scales).all()


def test_halves_go_to_the_even_number_and_zeros_stay() -> None:
    whole, scales = quantise(np.array([[127, 0.5, 1.5, -2.5], [0, 0, 0, 0]], np.float32))
    assert whole.tolist() == [[127, 0, 2, -2], [0, 0, 0, 0]]
    assert scales.tolist() == [[1.0], [1.0]]
