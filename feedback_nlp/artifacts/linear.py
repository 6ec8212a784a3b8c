"""Loads the folder of a linear model into a classifier."""

import json
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

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

    The manifest, the sha256 of every file and the label set are checked first; every topic the
    model can name must be in `taxonomy` (default: the newest packaged one).

    Raises:
        ArtefactError: when the folder is missing, damaged or does not fit.
    """
    folder = find_model(NEWEST if model is None else model)
    manifest = open_folder(folder, kind=KIND)
    _check_labels(manifest, folder, taxonomy=load_taxonomy() if taxonomy is None else taxonomy)
    vocabulary = _vocabulary(folder / VOCABULARY)
    arrays = _arrays(folder / WEIGHTS, "coefficients", "intercepts", "idf")
    outputs = sum(len(labels) for labels in manifest.labels.values())
    if arrays["coefficients"].shape != (len(vocabulary), outputs):
        raise damaged(
            folder / WEIGHTS,
            f"coefficients {arrays['coefficients'].shape} do not fit {len(vocabulary)} n-grams "
            f"and {outputs} labels",
        )
    return LinearClassifier(
        version=manifest.version,
        features=CharTfidf(vocabulary, arrays["idf"].astype(np.float64)),
        heads=LinearHeads(
            coefficients=arrays["coefficients"].astype(np.float32),
            intercepts=arrays["intercepts"].astype(np.float32),
            topics=manifest.labels["topics"],
        ),
        calibration=Calibration(**_numbers(folder / CALIBRATION, _Calibration)),
        thresholds=Thresholds(**_numbers(folder / THRESHOLDS, _Thresholds)),
        words=_word_vectors(folder),
    )


def _word_vectors(folder: Path) -> WordVectors:
    columns = _vocabulary(folder / WORDS)
    arrays = _arrays(folder / WORD_VECTORS, "vectors", "centre", "common")
    if len(arrays["vectors"]) != len(columns):
        raise damaged(
            folder / WORD_VECTORS, f"{len(arrays['vectors'])} vectors for {len(columns)} words"
        )
    vectors, centre, common = (
        arrays[name].astype(np.float32) for name in ("vectors", "centre", "common")
    )
    return WordVectors(columns, vectors, centre, common)


def _check_labels(manifest: Manifest, folder: Path, *, taxonomy: Taxonomy) -> None:
    path = folder / MANIFEST
    expected = {"polarity": POLARITIES, "intent": INTENTS, "severity": SEVERITIES}
    fixed = {head: labels for head, labels in manifest.labels.items() if head != "topics"}
    if fixed != expected or not manifest.labels.get("topics"):
        raise ArtefactError(
            f"{path}: label set {sorted(manifest.labels)} does not fit this version of "
            "feedback-nlp; train the model again with `python -m training linear`"
        )
    unknown = set(manifest.labels["topics"]) - {topic.code for topic in taxonomy.topics}
    if unknown:
        raise ArtefactError(
            f"{path}: taxonomy {taxonomy.version} has no topic {', '.join(sorted(unknown))}; "
            f"the model was trained for taxonomy {manifest.taxonomy}: use that one or train again"
        )


def _vocabulary(path: Path) -> dict[str, int]:
    try:
        grams = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise damaged(path, f"not JSON ({error})") from error
    return {gram: column for column, gram in enumerate(grams)}


def _arrays(path: Path, *names: str) -> dict[str, npt.NDArray[np.floating[Any]]]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in names}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise damaged(path, f"not the arrays {', '.join(names)} ({error})") from error


def _numbers(path: Path, shape: type[BaseModel]) -> dict[str, float]:
    try:
        return dict(shape.model_validate_json(path.read_text(encoding="utf-8")).model_dump())
    except (ValidationError, ValueError) as error:
        raise damaged(path, f"not what it should hold ({error})") from error
