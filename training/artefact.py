"""Writes the folder of a model; the same content gives the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.artifacts import DataSource, Manifest, sha256
from feedback_nlp.artifacts.linear import (
    CALIBRATION,
    KIND,
    THRESHOLDS,
    VOCABULARY,
    WEIGHTS,
    WORD_VECTORS,
    WORDS,
)
from feedback_nlp.artifacts.manifest import MANIFEST
from feedback_nlp.classify.linear import LinearClassifier
from feedback_nlp.classify.linear.heads import INTENTS, POLARITIES, SEVERITIES
from feedback_nlp.errors import InputError
from feedback_nlp.text.rewrites import REWRITES
from training.card import card

EVAL: Final = "eval.json"
CARD: Final = "README.md"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from: what the manifest says beside names and hashes."""

    taxonomy: str
    data: tuple[DataSource, ...]
    training_commit: str | None = None


def name_and_date(folder: Path) -> tuple[str, date]:
    """Read name and date off `models/<name>/<YYYY-MM-DD>`; raises InputError for another path."""
    try:
        return folder.parent.name, date.fromisoformat(folder.name)
    except ValueError as error:
        raise InputError(f"{folder}: a model folder ends in <name>/<YYYY-MM-DD>") from error


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
    _write_json(folder / VOCABULARY, grams)
    _write_arrays(
        folder / WEIGHTS,
        coefficients=heads.coefficients.astype(np.float16),
        intercepts=heads.intercepts,
        idf=features.idf.astype(np.float32),
    )
    _write_json(folder / CALIBRATION, asdict(model.calibration))
    _write_json(folder / THRESHOLDS, asdict(model.thresholds))
    _write_json(folder / WORDS, sorted(words.columns, key=words.columns.__getitem__))
    _write_arrays(
        folder / WORD_VECTORS,
        vectors=words.vectors.astype(np.float16),
        centre=words.centre,
        common=words.common,
    )
    labels = {
        "polarity": POLARITIES,
        "intent": INTENTS,
        "severity": SEVERITIES,
        "topics": heads.topics,
    }
    return write_manifest(folder, kind=KIND, labels=labels, evaluation=evaluation, origin=origin)


def write_manifest(
    folder: Path,
    *,
    kind: str,
    labels: Mapping[str, tuple[str, ...]],
    evaluation: Mapping[str, Any],
    origin: Origin,
) -> Manifest:
    """Write `eval.json`, the manifest over every file in the folder, and the card."""
    name, day = name_and_date(folder)
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
        labels=dict(labels),
        taxonomy=origin.taxonomy,
        normalizer=normalizer_date(),
        training_commit=origin.training_commit,
        data=origin.data,
    )
    _write_json(folder / MANIFEST, manifest.model_dump(mode="json"))
    (folder / CARD).write_text(card(manifest, evaluation), encoding="utf-8")
    return manifest


def _write_json(path: Path, content: object) -> None:
    indent = None if isinstance(content, list) else 2
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    path.write_text(text + "\n", encoding="utf-8")


def _write_arrays(path: Path, **arrays: npt.NDArray[np.floating[Any]]) -> None:
    np.savez_compressed(path, allow_pickle=False, **arrays)
