"""Writes the folder of a model; the same content gives the same bytes."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.artifacts import DataSource, Manifest, encoder, linear, sha256
from feedback_nlp.artifacts.error_rates import ERROR_RATES
from feedback_nlp.artifacts.heads import CALIBRATION, THRESHOLDS
from feedback_nlp.artifacts.manifest import MANIFEST
from feedback_nlp.classify.linear import LinearClassifier
from feedback_nlp.errors import InputError
from feedback_nlp.heads.counting import ErrorRates
from feedback_nlp.heads.scores import (
    INTENTS,
    POLARITIES,
    SEVERITIES,
    Calibration,
    Thresholds,
)
from feedback_nlp.text.rewrites import REWRITES
from training.card import card
from training.counting import rates_to_json

EVAL: Final = "eval.json"
CARD: Final = "README.md"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from: what the manifest says beside names and hashes."""

    taxonomy: str
    data: tuple[DataSource, ...]
    training_commit: str | None = None


def name_and_date(folder: Path, *, kind: str) -> tuple[str, date]:
    """Read name and date off `models/<name>/<YYYY-MM-DD>`.

    Raises:
        InputError: for another path, or a name that does not begin with the kind: clustering
            recipes are found by it.
    """
    name = folder.parent.name
    if not re.fullmatch(rf"{kind}[a-z0-9.-]*", name):
        raise InputError(
            f"{folder}: 模型名“{name}”不合用：要以 {kind} 开头，只用小写字母、数字、点和连字符"
        )
    try:
        return name, date.fromisoformat(folder.name)
    except ValueError as error:
        raise InputError(f"{folder}: 模型文件夹要以 <名称>/<YYYY-MM-DD> 结尾") from error


def normalizer_date() -> date:
    """Return the newest date in the table of rewrites."""
    return max(rewrite.date for rewrite in REWRITES)


def write_linear(
    folder: Path,
    *,
    model: LinearClassifier,
    evaluation: Mapping[str, Any],
    origin: Origin,
) -> Manifest:
    """Write a linear model and its card; replaces the files of an earlier run."""
    features, heads, words = model.features, model.heads, model.words
    folder.mkdir(parents=True, exist_ok=True)
    grams = sorted(features.vocabulary, key=features.vocabulary.__getitem__)
    _write_json(folder / linear.VOCABULARY, grams)
    _write_arrays(
        folder / linear.WEIGHTS,
        coefficients=heads.coefficients.astype(np.float16),
        intercepts=heads.intercepts,
        idf=features.idf.astype(np.float32),
    )
    _write_numbers(folder, model.calibration, model.thresholds)
    _write_json(folder / linear.WORDS, sorted(words.columns, key=words.columns.__getitem__))
    _write_arrays(
        folder / linear.WORD_VECTORS,
        vectors=words.vectors.astype(np.float16),
        centre=words.centre,
        common=words.common,
    )
    return write_manifest(
        folder, kind=linear.KIND, topics=heads.topics, evaluation=evaluation, origin=origin
    )


def write_encoder(  # noqa: PLR0913 - each is the content of one file
    folder: Path,
    *,
    model_bytes: bytes,
    tokenizer_bytes: bytes,
    topics: Sequence[str],
    calibration: Calibration,
    thresholds: Thresholds,
    evaluation: Mapping[str, Any] | None,
    origin: Origin,
    error_rates: ErrorRates | None = None,
) -> Manifest:
    """Write an encoder and its card; replaces the files of an earlier run.

    `model_bytes` is what `training.encoder.graph.encoder_graph` builds, serialised. Without an
    evaluation there is no card either: the folder can be loaded, to be measured and written again.
    `error_rates` are those of the polarities; without them reports have no corrected shares.
    """
    import onnx  # noqa: PLC0415 - the linear model is trained without the extra `train`

    folder.mkdir(parents=True, exist_ok=True)
    (folder / encoder.MODEL).write_bytes(model_bytes)
    (folder / encoder.TOKENIZER).write_bytes(tokenizer_bytes)
    _write_numbers(folder, calibration, thresholds)
    (folder / ERROR_RATES).unlink(missing_ok=True)  # those of an earlier run are not ours
    if error_rates is not None:
        _write_json(folder / ERROR_RATES, {"polarity": rates_to_json(error_rates)})
    return write_manifest(
        folder,
        kind=encoder.KIND,
        topics=topics,
        evaluation=evaluation,
        origin=origin,
        opset=onnx.load_model_from_string(model_bytes).opset_import[0].version,
    )


def write_manifest(
    folder: Path,
    *,
    kind: str,
    topics: Sequence[str],
    evaluation: Mapping[str, Any] | None,
    origin: Origin,
    opset: int | None = None,
) -> Manifest:
    """Write `eval.json`, the manifest over every file in the folder, and the card.

    Without an evaluation only the manifest is written.
    """
    name, day = name_and_date(folder, kind=kind)
    if evaluation is not None:
        _write_json(folder / EVAL, evaluation)
    manifest = Manifest(
        name=name,
        date=day,
        kind=kind,
        files={
            path.name: sha256(path)
            for path in sorted(folder.iterdir())
            if path.name not in {MANIFEST, CARD}
        },
        labels={
            "polarity": POLARITIES,
            "intent": INTENTS,
            "severity": SEVERITIES,
            "topics": tuple(topics),
        },
        taxonomy=origin.taxonomy,
        normalizer=normalizer_date(),
        opset=opset,
        training_commit=origin.training_commit,
        data=origin.data,
    )
    _write_json(folder / MANIFEST, manifest.model_dump(mode="json"))
    if evaluation is not None:
        (folder / CARD).write_text(card(manifest, evaluation), encoding="utf-8")
    return manifest


def _write_numbers(folder: Path, calibration: Calibration, thresholds: Thresholds) -> None:
    _write_json(folder / CALIBRATION, asdict(calibration))
    _write_json(folder / THRESHOLDS, asdict(thresholds))


def _write_json(path: Path, content: object) -> None:
    indent = None if isinstance(content, list) else 2
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    path.write_text(text + "\n", encoding="utf-8")


def _write_arrays(path: Path, **arrays: npt.NDArray[np.floating[Any]]) -> None:
    np.savez_compressed(path, allow_pickle=False, **arrays)
