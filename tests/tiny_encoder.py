"""A tiny encoder of random weights, written like a real one: a session fixture.

Its labels mean nothing; what it promises otherwise is what every encoder promises. A `conftest.py`
that wants it imports `tiny_encoder`.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.classify.encoder import LONGEST
from feedback_nlp.heads.counting import ErrorRates
from feedback_nlp.heads.scores import INTENTS, POLARITIES, SEVERITIES, Calibration, Thresholds
from training.artefact import Origin, write_encoder
from training.encoder.graph import EncoderWeights, encoder_graph
from training.encoder.graph_nodes import FloatArray
from training.encoder.pieces import sentencepiece_model

VERSION: Final = "encoder-tiny/2026-11-22"
TOPICS: Final = ("food.taste", "logistics.speed", "account.login", "performance.crash")
WORDS: Final = ("配送", "客服", "味道", "退款", "登录", "闪退", "太慢", "很好", "不上", "打不开")
CHARACTERS: Final = "配送客服味道退款登录闪太慢很好不上打开了的我你这一家店货快差贵坏,.!?aA12▁"
PIECES: Final = ("<s>", "<pad>", "</s>", "<unk>", *WORDS, *CHARACTERS)
DIMENSIONS: Final = 8
HIDDEN: Final = 16
_INNER: Final = 32
_LAYERS: Final = 2
_OUTPUTS: Final = len((*POLARITIES, *INTENTS, *SEVERITIES, *TOPICS))
Change = Callable[[EncoderWeights], EncoderWeights]


def weights() -> EncoderWeights:
    """Random, but the same every time, and such that every polarity occurs."""
    generator = np.random.default_rng(2)

    def drawn(name: str, *shape: int) -> FloatArray:
        spread = 0.1 if name.endswith("bias") else 0.6
        centre = 1.0 if name.endswith("LayerNorm.weight") else 0.0
        return generator.normal(centre, spread, shape).astype(np.float32)

    return EncoderWeights(
        tensors={name: drawn(name, *shape) for name, shape in shapes().items()},
        attention_heads=2,
        epsilon=1e-12,
        heads_weight=drawn("heads", _OUTPUTS, HIDDEN),
        heads_bias=drawn("bias", _OUTPUTS),
        vector_weight=drawn("vector", DIMENSIONS, HIDDEN),
        vector_bias=drawn("bias", DIMENSIONS),
    )


def shapes() -> dict[str, tuple[int, ...]]:
    """Names of `transformers.BertModel` and the shape of each tensor."""
    tables = {"word": len(PIECES), "position": LONGEST, "token_type": 2}
    found: dict[str, tuple[int, ...]] = {
        f"embeddings.{table}_embeddings.weight": (rows, HIDDEN) for table, rows in tables.items()
    }
    dense: dict[str, tuple[int, int]] = {}
    norms = ["embeddings"]
    for number in range(_LAYERS):
        layer = f"encoder.layer.{number}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            dense[f"{layer}.attention.{part}"] = (HIDDEN, HIDDEN)
        dense[f"{layer}.intermediate.dense"] = (_INNER, HIDDEN)
        dense[f"{layer}.output.dense"] = (HIDDEN, _INNER)
        norms += [f"{layer}.attention.output", f"{layer}.output"]
    for norm in norms:
        found |= {f"{norm}.LayerNorm.{kind}": (HIDDEN,) for kind in ("weight", "bias")}
    for name, shape in dense.items():
        found |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
    return found


def tokenizer(pieces: tuple[str, ...] = PIECES) -> bytes:
    """Longer pieces are likelier, as in a trained tokenizer."""
    return sentencepiece_model([(piece, -9.0 + len(piece)) for piece in pieces])


def model(change: Change = replace) -> bytes:
    return bytes(encoder_graph(change(weights())).SerializeToString(deterministic=True))


def write(
    folder: Path, *, polarity_temperature: float = 1.5, error_rates: ErrorRates | None = None
) -> Path:
    write_encoder(
        folder,
        model_bytes=model(),
        tokenizer_bytes=tokenizer(),
        topics=TOPICS,
        calibration=Calibration(polarity_temperature, 1.2, 1.1, 2.0, -0.5),
        thresholds=Thresholds(topic=0.4, uncertain=0.5),
        evaluation=None,
        origin=Origin(taxonomy=load_taxonomy().version, data=()),
        error_rates=error_rates,
    )
    return folder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only: copy the folder before changing it."""
    return write(tmp_path_factory.mktemp("models") / VERSION)
