"""Loads the folder of a linear model into a classifier."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from feedback_nlp.artifacts.content import FloatArray, check_shapes, read_arrays, read_columns
from feedback_nlp.artifacts.faults import explain
from feedback_nlp.artifacts.folders import find_model
from feedback_nlp.artifacts.manifest import MANIFEST, Manifest, damaged, open_folder
from feedback_nlp.artifacts.taxonomy import load_taxonomy
from feedback_nlp.classify.linear import (
    Calibration,
    CharTfidf,
    LinearClassifier,
    LinearHeads,
    Thresholds,
    WordVectors,
)
from feedback_nlp.classify.linear.heads import INTENTS, POLARITIES, SEVERITIES
from feedback_nlp.errors import ArtefactError
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy

KIND: Final = "linear"
WEIGHTS: Final = "weights.npz"
VOCABULARY: Final = "vocabulary.json"
CALIBRATION: Final = "calibration.json"
THRESHOLDS: Final = "thresholds.json"
WORDS: Final = "words.json"
WORD_VECTORS: Final = "word_vectors.npz"
_READ: Final = (WEIGHTS, VOCABULARY, CALIBRATION, THRESHOLDS, WORDS, WORD_VECTORS)
NEWEST: Final = "linear-zh"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Calibration(_Strict):
    polarity_temperature: float
    intent_temperature: float
    severity_temperature: float
    topic_slope: float
    topic_shift: float


class _Thresholds(_Strict):
    topic: float
    uncertain: float


def load_classifier(
    model: str | Path | None = None, *, taxonomy: Taxonomy | None = None
) -> Classifier:
    """Load a classifier: None = newest packaged `linear-zh`; a name, name/date or folder.

    The manifest, the sha256 of every file and the label set are checked first, then the content
    of each file; every topic the model can name must be in `taxonomy` (default: the newest
    packaged one).

    Raises:
        ArtefactError: when the folder is missing, damaged or does not fit.
    """
    folder = find_model(NEWEST if model is None else model)
    manifest = open_folder(folder, kind=KIND, needs=_READ)
    _check_labels(manifest, folder, taxonomy=load_taxonomy() if taxonomy is None else taxonomy)
    vocabulary = read_columns(folder / VOCABULARY)
    weights = _weights(folder, n_grams=len(vocabulary), labels=manifest.labels)
    return LinearClassifier(
        version=manifest.version,
        features=CharTfidf(vocabulary, weights["idf"].astype("float64")),
        heads=LinearHeads(
            coefficients=weights["coefficients"].astype("float32"),
            intercepts=weights["intercepts"].astype("float32"),
            topics=manifest.labels["topics"],
        ),
        calibration=Calibration(**_numbers(folder / CALIBRATION, _Calibration)),
        thresholds=Thresholds(**_numbers(folder / THRESHOLDS, _Thresholds)),
        words=_word_vectors(folder),
    )


def _weights(
    folder: Path, *, n_grams: int, labels: Mapping[str, tuple[str, ...]]
) -> dict[str, FloatArray]:
    path = folder / WEIGHTS
    outputs = sum(len(of_head) for of_head in labels.values())
    arrays = read_arrays(path, "coefficients", "intercepts", "idf")
    expected = {"coefficients": (n_grams, outputs), "intercepts": (outputs,), "idf": (n_grams,)}
    check_shapes(path, arrays, expected)
    return arrays


def _word_vectors(folder: Path) -> WordVectors:
    columns = read_columns(folder / WORDS)
    path = folder / WORD_VECTORS
    arrays = read_arrays(path, "vectors", "centre", "common")
    size = arrays["centre"].size
    expected = {"vectors": (len(columns), size), "centre": (size,), "common": (size,)}
    check_shapes(path, arrays, expected)
    return WordVectors(columns, **{name: rows.astype("float32") for name, rows in arrays.items()})


def _check_labels(manifest: Manifest, folder: Path, *, taxonomy: Taxonomy) -> None:
    path = folder / MANIFEST
    expected = {"polarity": POLARITIES, "intent": INTENTS, "severity": SEVERITIES}
    fixed = {head: labels for head, labels in manifest.labels.items() if head != "topics"}
    if fixed != expected or not manifest.labels.get("topics"):
        raise ArtefactError(
            f"{path}: 标签集（{'、'.join(sorted(manifest.labels))}）与本版 feedback-nlp 不符；"
            "请用 `python -m training linear` 重新训练模型"
        )
    unknown = set(manifest.labels["topics"]) - {topic.code for topic in taxonomy.topics}
    if unknown:
        raise ArtefactError(
            f"{path}: 类别表 {taxonomy.version} 里没有类别 {'、'.join(sorted(unknown))}；"
            f"模型按类别表 {manifest.taxonomy} 训练，请改用它，或重新训练模型"
        )


def _numbers(path: Path, shape: type[BaseModel]) -> dict[str, float]:
    try:
        return dict(shape.model_validate_json(path.read_bytes()).model_dump())
    except ValidationError as error:
        raise damaged(path, f"内容不对（{explain(error)}）") from error
