"""A trained encoder to an artefact folder: calibrated, measured as serving loads it, described."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from feedback_nlp.artifacts import DataSource, Manifest, load_taxonomy
from feedback_nlp.artifacts.encoder import load_encoder
from feedback_nlp.classify.encoder import EncoderClassifier
from feedback_nlp.heads.counting import ErrorRates
from feedback_nlp.heads.scores import Calibration, FloatArray, calibrated
from training import behaviour
from training.artefact import Origin, write_encoder
from training.calibrate import (
    RISK_LEVEL,
    UNCERTAIN_RISK,
    fit_calibration,
    fit_thresholds,
    targets,
)
from training.counting import counting_trial, fit_error_rates, rates_to_json
from training.data import GOLD_DEV, clauses
from training.embedding import embedding_figures
from training.encoder.base import LICENCES, BaseWeights
from training.encoder.fit import Say
from training.encoder.float32 import in_float32, lost_by_rounding, vectors_of
from training.encoder.graph import encoder_graph
from training.encoder.recipe import Trained
from training.evaluate import evaluate
from training.held_out import review_figures
from training.sources import OUR_GOLD, OUR_LABELS, encoder_sources, ours

ATTEMPTS: Final = Path(__file__).with_name("encoder_attempts.json")
"""What was tried for the packaged model, measured once and written down."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a recipe made, and from what."""

    trained: Trained
    recipe: Mapping[str, Any]
    """What the card says about how it was made."""
    data: Path
    labels: Path
    cases: Path


def package(made: Made, folder: Path, *, commit: str | None, say: Say) -> Manifest:
    """Write the artefact into `folder`, which ends in `<name>/<date>`.

    Calibration and thresholds come from the out-of-fold scores; the development set only measures
    what is already fixed.
    """
    trained = made.trained
    calibration = fit_calibration(trained.out_of_fold, trained.gold)
    rates = _error_rates(trained, calibration)
    sources = (*encoder_sources(made.data, labels=made.labels), _base_source(trained.base))
    parts: dict[str, Any] = {
        "model_bytes": encoder_graph(trained.network.exported(trained.vectors)).SerializeToString(
            deterministic=True
        ),
        "tokenizer_bytes": trained.tokenizer,
        "topics": trained.topics,
        "calibration": calibration,
        "thresholds": fit_thresholds(
            trained.out_of_fold,
            trained.gold,
            calibration=calibration,
            certain_accuracy=1.0 - UNCERTAIN_RISK,
            level=RISK_LEVEL,
        ),
        "origin": Origin(
            taxonomy=load_taxonomy().version,
            data=sources,
            training_commit=commit,
        ),
        "error_rates": rates,
    }
    write_encoder(folder, evaluation=None, **parts)
    say("measuring")
    evaluation = {
        "recipe": made.recipe,
        **_figures(load_encoder(folder, load_taxonomy()), made, rates),
        "risk_level": RISK_LEVEL,
        "attempts": attempts(sources),
    }
    return write_encoder(folder, evaluation=evaluation, **parts)


def attempts(sources: Sequence[DataSource]) -> list[dict[str, Any]]:
    """Return what was tried with our labels; a model of other labels has another story."""
    if not ours(sources) >= OUR_GOLD | OUR_LABELS:
        return []
    found: list[dict[str, Any]] = json.loads(ATTEMPTS.read_text(encoding="utf-8"))
    return found


def _error_rates(trained: Trained, calibration: Calibration) -> ErrorRates:
    unseen = calibrated(trained.out_of_fold.astype(np.float64), calibration).polarity
    return fit_error_rates(unseen, trained.gold.polarity)


def _figures(classifier: EncoderClassifier, made: Made, rates: ErrorRates) -> dict[str, Any]:
    """Measure the artefact as serving will load it."""
    trained, data = made.trained, made.data
    dev = clauses(data / GOLD_DEV)
    gold = targets(dev, topics=trained.topics)
    scores = classifier.scores([clause.text for clause in dev]).astype(np.float64)
    chances = calibrated(scores, classifier.calibration).polarity

    def measured(scores: FloatArray) -> dict[str, Any]:
        return evaluate(
            scores,
            gold,
            topics=trained.topics,
            calibration=classifier.calibration,
            thresholds=classifier.thresholds,
        )

    exact = in_float32(classifier, trained.network.exported(trained.vectors))
    base = in_float32(classifier, vectors_of(trained.base))
    figures = measured(scores)
    return {
        "dev": figures,
        "lost_by_rounding": lost_by_rounding(
            measured(exact.scores([clause.text for clause in dev]).astype(np.float64)), figures
        ),
        "review": review_figures(data, classifier, labels=made.labels),
        "embedding": {
            "model": embedding_figures(data, classifier.encode),
            "base": embedding_figures(data, base.encode),
        },
        "counting": counting_trial(chances, gold.polarity, rates),
        "error_rates": {"polarity": rates_to_json(rates)},
        "behaviour": behaviour.measure(classifier, made.cases) if made.cases.is_file() else {},
    }


def _base_source(base: BaseWeights) -> DataSource:
    return DataSource(
        path=base.origin,
        use="base weights and tokenizer",
        rows=0,
        licence=LICENCES.get(base.origin, "see the model's own card"),
    )
