from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import tiny_encoder
import torch
from tiny_base import OUTPUTS, base, ids, network

from feedback_nlp.errors import InputError
from training.encoder.base_weights import FIRST_PIECES, WORDS, BaseWeights
from training.encoder.batches import PADDING, batch_of
from training.encoder.graph import encoder_graph
from training.encoder.graph_nodes import quantise
from training.encoder.network import Network

TEXTS = ("太慢", "配送很好,客服很好", "打不开", "退款", "味道很好a")


def settled() -> Network:
    """Return a network in evaluation mode: settling leaves it there."""
    found = network()
    found.settle([batch_of(ids(*TEXTS[:2])), batch_of(ids(*TEXTS[2:]))])
    return found


def deep(layers: int) -> BaseWeights:
    """Return a base of many layers; the query bias of each says which one it is."""
    found = base()
    tensors = {
        name: rows for name, rows in found.tensors.items() if not name.startswith("encoder.")
    }
    for name, rows in found.tensors.items():
        if name.startswith("encoder.layer.0."):
            for layer in range(layers):
                values = np.full_like(rows, layer) if name.endswith("query.bias") else rows
                tensors[name.replace(".0.", f".{layer}.", 1)] = values
    return replace(found, tensors=tensors)


@pytest.mark.parametrize(
    ("of", "layers", "taken"),
    [
        pytest.param(12, 12, list(range(12)), id="all of them"),
        pytest.param(12, 6, [0, 2, 4, 7, 9, 11], id="half of them"),
        pytest.param(5, 3, [0, 2, 4], id="every other one"),
        pytest.param(5, 2, [0, 4], id="first and last"),
        pytest.param(5, 1, [0], id="one"),
    ],
)
def test_layers_are_taken_evenly_with_the_first_and_the_last(
    of: int, layers: int, taken: list[int]
) -> None:
    found = Network(deep(of), layers=layers, outputs=OUTPUTS, dimensions=8, seed=0).exported()
    names = [f"encoder.layer.{layer}.attention.self.query.bias" for layer in range(layers)]
    assert [int(found.tensors[name][0]) for name in names] == taken
    assert found.layers == layers


def test_more_layers_than_the_base_has_are_refused() -> None:
    with pytest.raises(InputError, match="只有 2 层，取不出 3 层"):
        network(layers=3)


def test_the_written_graph_gives_the_answers_of_the_network() -> None:
    reader = settled()
    model = encoder_graph(reader.exported(), int8=False).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    with torch.no_grad():  # the file holds both tables in 8 bits
        for table in ("word_embeddings", "position_embeddings"):
            weight = getattr(reader.encoder.embeddings, table).weight
            weight.copy_(torch.tensor(np.multiply(*quantise(weight.numpy()), dtype=np.float32)))
    for text in ids(*TEXTS, ""):
        scores, vectors = session.run(["scores", "vectors"], {"ids": np.array([text])})
        with torch.inference_mode():
            said = reader(batch_of([text]))
        np.testing.assert_allclose(scores, said.scores.numpy(), rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(vectors, said.vectors.numpy(), rtol=1e-3, atol=1e-4)


def test_what_was_exported_does_not_change_with_the_network() -> None:
    reader = network()
    exported = reader.exported()
    before = {name: rows.copy() for name, rows in exported.tensors.items()}
    with torch.no_grad():
        for parameter in reader.parameters():
            parameter.add_(1.0)
    for name, rows in exported.tensors.items():
        assert (rows == before[name]).all()


def test_a_student_reads_as_its_teacher_did() -> None:
    teacher = network()
    with torch.no_grad():
        teacher.encoder.embeddings.word_embeddings.weight.mul_(0.5)
    start = teacher.as_base(base())
    student = Network(start, layers=2, outputs=OUTPUTS, dimensions=8, seed=9)
    batch = batch_of(ids(*TEXTS))
    with torch.inference_mode():
        assert torch.equal(student.eval().pooled(batch), teacher.eval().pooled(batch))
    assert start.pieces == base().pieces


def test_settled_vectors_have_mean_zero_and_spread_one() -> None:
    reader = settled()
    with torch.inference_mode():
        scaled = (reader.pooled(batch_of(ids(*TEXTS))) - reader.mean) / reader.spread
    torch.testing.assert_close(scaled.mean(0), torch.zeros(tiny_encoder.HIDDEN), atol=1e-4, rtol=0)
    torch.testing.assert_close(scaled.std(0), torch.ones(tiny_encoder.HIDDEN), atol=1e-3, rtol=0)


def test_a_dimension_without_spread_stays_finite() -> None:
    reader = network()
    reader.settle([batch_of(ids("太慢", "太慢"))])
    with torch.inference_mode():
        assert torch.isfinite(reader(batch_of(ids(*TEXTS))).scores).all()


def test_vectors_have_unit_length() -> None:
    with torch.inference_mode():
        said = network().eval()(batch_of(ids(*TEXTS)))
    assert said.scores.shape == (len(TEXTS), OUTPUTS)
    torch.testing.assert_close(said.vectors.norm(dim=1), torch.ones(len(TEXTS)))


@pytest.mark.parametrize(("seed", "same"), [(3, True), (4, False)], ids=["same", "another"])
def test_the_seed_decides_the_output_layers(seed: int, *, same: bool) -> None:
    one, other = network(seed=3), network(seed=seed)
    assert torch.equal(one.heads.weight, other.heads.weight) == same
    assert torch.equal(one.vector.weight, other.vector.weight) == same


def test_every_piece_of_a_text_learns_and_padding_does_not() -> None:
    reader = network()
    short, long = ids("慢", "配送太慢")
    reader(batch_of([short, long])).scores.square().sum().backward()
    learned = reader.encoder.get_parameter(WORDS.removeprefix("encoder.")).grad
    moved = {int(row) for row in learned.abs().sum(1).nonzero().ravel()}
    assert moved == {*short, *long}
    assert FIRST_PIECES.index("<s>") in moved
    assert PADDING not in moved
