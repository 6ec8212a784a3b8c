"""Loads the folder of an encoder into a classifier.

ONNX Runtime and SentencePiece are imported when the first encoder is loaded: the linear model
needs neither.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.artifacts.heads import (
    CALIBRATION,
    THRESHOLDS,
    check_labels,
    read_calibration,
    read_thresholds,
)
from feedback_nlp.artifacts.manifest import damaged, open_folder
from feedback_nlp.classify.encoder import LONGEST, EncoderClassifier, Run, Tokens
from feedback_nlp.records import Taxonomy

if TYPE_CHECKING:
    import onnxruntime
    import sentencepiece

KIND: Final = "encoder"
MODEL: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.model"
PIECES: Final = "pieces"
"""Metadata of the ONNX file: how many different ids it knows."""
POSITIONS: Final = "positions"
"""Metadata of the ONNX file: how many ids it reads at once."""
_READ: Final = (MODEL, TOKENIZER, CALIBRATION, THRESHOLDS)
_INPUTS: Final = ("ids",)
_OUTPUTS: Final = ("scores", "vectors")
_MOST_THREADS: Final = 2
_ONLY_FATAL: Final = 4
"""What ONNX Runtime may write to stderr: every other fault comes back as an exception."""
_UNIT: Final = 1e-3


def load_encoder(folder: Path, taxonomy: Taxonomy) -> EncoderClassifier:
    """Load an encoder; the manifest, every sha256 and the label set are checked first.

    Raises:
        ArtefactError: when the folder is missing, damaged or does not fit.
    """
    manifest = open_folder(folder, kind=KIND, needs=_READ)
    check_labels(manifest, folder, taxonomy=taxonomy)
    calibration, thresholds = read_calibration(folder), read_thresholds(folder)
    processor = _processor(folder / TOKENIZER)
    path = folder / MODEL
    session = _session(path)
    _check_names(path, session)
    pieces = processor.get_piece_size()
    _check_sizes(path, session, pieces=pieces)
    outputs = sum(len(of_head) for of_head in manifest.labels.values())
    ids = [processor.bos_id(), pieces - 1, processor.eos_id()]
    _try(path, run_of(session), ids=ids, outputs=outputs)
    return EncoderClassifier(
        version=manifest.version,
        tokens=Tokens(processor),
        # One session for all threads: it may be shared, and a second one is as large again.
        runs=(run_of(session),) * min(_MOST_THREADS, os.cpu_count() or 1),
        topics=manifest.labels["topics"],
        calibration=calibration,
        thresholds=thresholds,
    )


def _processor(path: Path) -> "sentencepiece.SentencePieceProcessor":
    import sentencepiece  # noqa: PLC0415 - the linear model does without

    processor = sentencepiece.SentencePieceProcessor()
    try:
        processor.LoadFromSerializedProto(path.read_bytes())
    except RuntimeError as error:
        raise damaged(path, "不是 SentencePiece 分词模型") from error
    if min(processor.bos_id(), processor.eos_id()) < 0:
        raise damaged(path, "分词模型里没有 <s> 或 </s>")
    return processor


def _session(path: Path) -> "onnxruntime.InferenceSession":
    import onnxruntime  # noqa: PLC0415 - the linear model does without

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ONLY_FATAL
    # Threads that wait in a loop take the processor from those that work.
    for which in ("intra", "inter"):
        options.add_session_config_entry(f"session.{which}_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(
            path.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except _runtime_faults() as error:
        raise damaged(path, "ONNX Runtime 读不出这个模型") from error


def _runtime_faults() -> tuple[type[Exception], ...]:
    """Return what ONNX Runtime raises; its errors have no common root of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415

    names = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NotImplemented")
    named = (getattr(state, name) for name in (*names, "NoModel", "RuntimeException"))
    return (*named, RuntimeError, ValueError)


def _check_names(path: Path, session: "onnxruntime.InferenceSession") -> None:
    for kind, found, expected in (
        ("输入", session.get_inputs(), _INPUTS),
        ("输出", session.get_outputs(), _OUTPUTS),
    ):
        names = tuple(each.name for each in found)
        if names != expected:
            raise damaged(path, f"模型的{kind}是 {'、'.join(names)}，应为 {'、'.join(expected)}")


def _check_sizes(path: Path, session: "onnxruntime.InferenceSession", *, pieces: int) -> None:
    stated = session.get_modelmeta().custom_metadata_map
    for name in (PIECES, POSITIONS):
        if not stated.get(name, "").isdecimal():
            raise damaged(path, f"模型没有写明 {name}")
    if int(stated[PIECES]) != pieces:
        raise damaged(path, f"模型认识 {stated[PIECES]} 个词片，{TOKENIZER} 却有 {pieces} 个")
    if int(stated[POSITIONS]) < LONGEST:
        raise damaged(path, f"模型一次只读 {stated[POSITIONS]} 个词片，至少应为 {LONGEST} 个")


def _try(path: Path, run: Run, *, ids: list[int], outputs: int) -> None:
    """Read a few pieces: a graph may hold anything, whatever it says about itself."""
    try:
        scores, vectors = run(np.array([ids], np.int64))
    except _runtime_faults() as error:
        raise damaged(path, f"模型读不了词片 {ids}") from error
    if scores.shape != (1, outputs):
        expected = (1, outputs)
        raise damaged(path, f"scores 的形状是 {scores.shape}，与标签集不符，应为 {expected}")
    if vectors.ndim != scores.ndim or len(vectors) != 1:
        raise damaged(path, f"vectors 的形状是 {vectors.shape}，应为 (1, 维数)")
    if not np.isfinite(scores).all() or not abs(np.linalg.norm(vectors) - 1) < _UNIT:
        raise damaged(path, "scores 里有不能用的数，或 vectors 的长度不是 1")


def run_of(session: "onnxruntime.InferenceSession") -> Run:
    """Return what reads ids with this session."""

    def run(
        ids: npt.NDArray[np.int64],
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        scores, vectors = session.run(list(_OUTPUTS), {_INPUTS[0]: ids})
        return scores, vectors

    return run
