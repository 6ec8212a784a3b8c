"""The same network in float32: the base's vectors and the loss by rounding are measured with it."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import onnxruntime

from feedback_nlp.artifacts.encoder import run_of
from feedback_nlp.classify.encoder import EncoderClassifier
from training.encoder.base_weights import BaseWeights
from training.encoder.graph import EncoderWeights, encoder_graph

_COMPARED: Final = (
    ("polarity", "macro_f1"),
    ("intent", "macro_f1"),
    ("severity", "macro_f1"),
    ("topics", "micro_f1"),
    ("topics", "groups_micro_f1"),
)
_DIGITS: Final = 4


def in_float32(like: EncoderClassifier, weights: EncoderWeights) -> EncoderClassifier:
    """Return a classifier that differs from `like` in its network only."""
    graph = encoder_graph(weights, int8=False).SerializeToString()
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return EncoderClassifier(
        version=f"{like.version} in float32",
        tokens=like.tokens,
        runs=(run_of(session),),
        topics=like.topics,
        calibration=like.calibration,
        thresholds=like.thresholds,
    )


def vectors_of(base: BaseWeights) -> EncoderWeights:
    """Return a base whose vector is the mean over the pieces; its one score says nothing."""
    hidden = base.tensors["embeddings.LayerNorm.bias"].size
    return EncoderWeights(
        tensors=base.tensors,
        attention_heads=base.heads,
        epsilon=base.epsilon,
        heads_weight=np.zeros((1, hidden), np.float32),
        heads_bias=np.zeros(1, np.float32),
        vector_weight=np.eye(hidden, dtype=np.float32),
        vector_bias=np.zeros(hidden, np.float32),
    )


def lost_by_rounding(exact: Mapping[str, Any], served: Mapping[str, Any]) -> dict[str, float]:
    """Return by how much each F1 of `evaluate` is lower as served, by `head.key`."""
    return {
        f"{head}.{key}": round(exact[head][key] - served[head][key], _DIGITS)
        for head, key in _COMPARED
    }
