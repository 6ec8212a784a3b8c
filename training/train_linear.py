"""The linear model from data folder to artefact folder."""

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from feedback_nlp.artifacts import Manifest, load_taxonomy
from feedback_nlp.artifacts.linear import KIND
from feedback_nlp.classify.linear import LinearClassifier
from training.artefact import Origin, name_and_date, write_linear
from training.calibrate import targets
from training.data import (
    GOLD_DEV,
    GOLD_TRAIN,
    SENTIMENT,
    UNLABELLED,
    clauses,
    held_out_reviews,
    prior_reviews,
    raw_texts,
    rows,
)
from training.evaluate import fit_on_dev
from training.linear import LinearSettings, fit
from training.placing import check_free, place
from training.reviews import annotated, compare
from training.sources import source
from training.words import WordSettings, fit_words

ATTEMPTS: Final = Path(__file__).with_name("linear_attempts.json")
"""What was tried for the packaged model, measured once and written down."""
HELD_OUT_PER_LABEL: Final = 250
"""Reviews of each source and polarity that the rules for whole reviews are compared on."""
REFERENCE: Final = {
    "polarity_macro_f1": 0.715,
    "topics_micro_f1": 0.657,
    "groups_micro_f1": 0.730,
    "intent_macro_f1": 0.630,
}
"""Of the data's own README: TF-IDF and logistic regression, measured on the hidden test."""


def train_linear(
    data: Path,
    out: Path,
    *,
    settings: LinearSettings | None = None,
    word_settings: WordSettings | None = None,
    commit: str | None = None,
) -> Manifest:
    """Train, calibrate, measure and write one linear model.

    Twice with the same data gives the same bytes on the same machine.

    Raises:
        InputError: when `out` is not `<name>/<date>` or a data file is missing.
    """
    name, day = name_and_date(out, kind=KIND)
    check_free(out)
    settings, word_settings = settings or LinearSettings(), word_settings or WordSettings()
    train, dev = clauses(data / GOLD_TRAIN), clauses(data / GOLD_DEV)
    reviews = prior_reviews(data / SENTIMENT)
    features, heads = fit(train, reviews, settings=settings)
    scores = heads.scores(features.transform([clause.text for clause in dev]))
    fitted = fit_on_dev(scores, targets(dev, topics=heads.topics), topics=heads.topics)
    texts = raw_texts(data)
    classifier = LinearClassifier(
        f"{name}/{day}",
        features,
        heads,
        fitted.calibration,
        fitted.thresholds,
        fit_words(texts, [clause.text for clause in train], settings=word_settings),
    )
    held_out = held_out_reviews(data / SENTIMENT, per_label=HELD_OUT_PER_LABEL)
    evaluation: dict[str, Any] = {
        "dev": fitted.figures,
        "reference": REFERENCE,
        "review": compare(annotated(held_out, classifier)),
        "settings": asdict(settings),
        "words": {"texts": len(texts), **asdict(word_settings)},
        "attempts": json.loads(ATTEMPTS.read_text(encoding="utf-8")),
    }
    origin = Origin(
        taxonomy=load_taxonomy().version,
        data=(
            source(GOLD_TRAIN, rows=len(train)),
            source(GOLD_DEV, rows=len(dev)),
            source(SENTIMENT, rows=len(reviews)),
            *(source(path, rows=sum(1 for _ in rows(data / path))) for path in UNLABELLED),
        ),
        training_commit=commit,
    )
    with TemporaryDirectory() as scratch:
        draft = Path(scratch, name, out.name)
        manifest = write_linear(draft, model=classifier, evaluation=evaluation, origin=origin)
        place(draft, out)
    return manifest
