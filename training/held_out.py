"""Polarity of whole reviews against their sources' labels: positive or negative only."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from feedback_nlp.errors import InputError
from feedback_nlp.heads.scores import FloatArray
from feedback_nlp.pipeline import annotate
from feedback_nlp.ports import Classifier
from feedback_nlp.text.normalize import normalize
from training.data import GOLD_TRAIN, SENTIMENT, LabelledReview, clauses, held_out_reviews, rows
from training.intervals import interval, resampled
from training.metrics import BoolArray, calibration_error
from training.own_labels import LABELS, complaints, labelled_rows, own_clauses
from training.passages import Passages

PER_LABEL: Final = 250
"""Most reviews of one source and one polarity."""
_DIGITS: Final = 4


def review_figures(data: Path, classifier: Classifier, *, labels: Path = LABELS) -> dict[str, Any]:
    """Return reviews, accuracy, its 90 % interval and ECE; then reviews and accuracy by source.

    Neutral reviews are left out, because every source means something else by them; between the
    other two the review's probabilities decide, so that none is left unanswered. Reviews with a
    clause that models learn the labels of, from `gold/` or from `labels`, are left out too; many
    of those were chosen for being hard, so that the rest is a little easier than all reviews are.
    Where nothing is left, reviews and all figures are 0.

    Raises:
        InputError: when the review file or the training clauses are missing.
    """
    reviews = [
        review
        for review in held_out_reviews(
            data / SENTIMENT, per_label=PER_LABEL, unless=_taught(data, labels)
        )
        if review.polarity != "neu"
    ]
    if not reviews:
        return {"reviews": 0, "accuracy": 0.0, "interval": [0.0, 0.0], "ece": 0.0, "by_source": {}}
    positive = _positive(reviews, classifier)
    right = (positive >= 0.5) == np.array([review.polarity == "pos" for review in reviews], bool)  # noqa: PLR2004
    sources = np.array([review.source for review in reviews])
    return {
        **_accuracy(right),
        "interval": interval(resampled(len(right)).share(right)),
        "ece": round(calibration_error(np.maximum(positive, 1.0 - positive), right), _DIGITS),
        "by_source": {str(name): _accuracy(right[sources == name]) for name in np.unique(sources)},
    }


def _taught(data: Path, labels: Path) -> Callable[[str], bool]:
    """Return whether a review was labelled for training, or contains a clause that was."""
    labelled = labelled_rows(SENTIMENT, labels=labels)
    reviews = frozenset(
        row["text"] for number, row in enumerate(rows(data / SENTIMENT)) if number in labelled
    )
    gold = (clause.text for clause in clauses(data / GOLD_TRAIN))
    learned = Passages([*gold, *_own_texts(data, labels)])
    return lambda text: text in reviews or learned.within(normalize(text).text)


def _own_texts(data: Path, labels: Path) -> list[str]:
    try:
        opinions, problems = own_clauses(data, labels=labels), complaints(data, labels=labels)
    except InputError:
        # `eval` also runs on data that the labels were not made for: then only rows are known.
        return []
    return [*(clause.text for clause in opinions), *(each.text for each in problems)]


def _positive(reviews: Sequence[LabelledReview], classifier: Classifier) -> FloatArray:
    """Return the probability of positive against negative, (n_reviews,)."""
    texts = [(str(number), review.text) for number, review in enumerate(reviews)]
    chances = [each.probabilities for each in annotate(texts, classifier)]
    return np.array([each.pos / (each.pos + each.neg) for each in chances])


def _accuracy(right: BoolArray) -> dict[str, float]:
    return {"reviews": len(right), "accuracy": round(float(right.mean()), _DIGITS)}
