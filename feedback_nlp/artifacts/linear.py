"""Loads the folder of a linear model into a classifier."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from feedback_nlp.artifacts.content import FloatArray, check_shapes, read_arrays, read_columns
from feedback_nlp.artifacts.heads import (
    CALIBRATION,
    THRESHOLDS,
    check_labels,
    read_calibration,
    read_thresholds,
)
from feedback_nlp.artifacts.manifest import open_folder
from feedback_nlp.classify.linear import CharTfidf, LinearClassifier, LinearHeads, WordVectors
from feedback_nlp.records import Taxonomy

KIND: Final = "linear"
WEIGHTS: Final = "weights.npz"
VOCABULARY: Final = "vocabulary.json"
WORDS: Final = "words.json"
WORD_VECTORS: Final = "word_vectors.npz"
_READ: Final = (WEIGHTS, VOCABULARY, CALIBRATION, THRESHOLDS, WORDS, WORD_VECTORS)


def load_linear(folder: Path, taxonomy: Taxonomy) -> LinearClassifier:
    """Load a linear model; the manifest, every sha256 and the label set are checked first.

    Raises:
        ArtefactError: when the folder is missing, damaged or does not fit.
    """
    manifest = open_folder(folder, kind=KIND, needs=_READ)
    check_labels(manifest, folder, taxonomy=taxonomy)
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
        calibration=read_calibration(folder),
        thresholds=read_thresholds(folder),
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
