"""Fits the linear heads: character n-grams, a polarity prior from reviews, logistic regressions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from feedback_nlp.classify.linear import CharTfidf, LinearHeads
from feedback_nlp.classify.linear.features import ngrams
from feedback_nlp.heads.scores import INTENTS, POLARITIES, SEVERITIES, FloatArray
from training.data import LabelledClause, LabelledReview

_SEED: Final = 20261122


@dataclass(frozen=True, slots=True)
class LinearSettings:
    """Everything the fit can be told; the defaults were chosen on the development clauses."""

    rarest_in_clauses: int = 2
    """Labelled clauses an n-gram must occur in ..."""
    rarest_in_reviews: int = 8
    """... or reviews of the prior."""
    prior_strength: float = 0.3
    """Scale of the prior's score as one more feature; 0 leaves it out."""
    prior_c: float = 1.0
    polarity_c: float = 8.0
    intent_c: float = 8.0
    severity_c: float = 8.0
    topic_c: float = 16.0


def fit(
    clauses: Sequence[LabelledClause],
    reviews: Sequence[LabelledReview],
    *,
    settings: LinearSettings,
) -> tuple[CharTfidf, LinearHeads]:
    """Train all heads. The same arguments give the same weights, bit for bit."""
    features = count_vocabulary(
        [clause.text for clause in clauses],
        [review.text for review in reviews],
        settings=settings,
    )
    x = features.transform([clause.text for clause in clauses])
    prior = _prior(features, reviews, settings=settings, seen=x)
    negative = [row for row, clause in enumerate(clauses) if clause.polarity == "neg"]
    topics = tuple(sorted({code for clause in clauses for code in clause.topics}))
    polarity = _softmax_head(
        x, [c.polarity for c in clauses], POLARITIES, c=settings.polarity_c, prior=prior
    )
    intent = _softmax_head(
        x, [c.intent for c in clauses], INTENTS, c=settings.intent_c, prior=prior
    )
    severity = _softmax_head(
        x[negative],
        [str(clauses[row].severity) for row in negative],
        SEVERITIES,
        c=settings.severity_c,
        prior=prior,
    )
    parts = [polarity, intent, severity]
    parts += [
        _binary_head(x, [code in clause.topics for clause in clauses], c=settings.topic_c)
        for code in topics
    ]
    coefficients = np.hstack([weights for weights, _ in parts])
    intercepts = np.concatenate([intercept for _, intercept in parts])
    return features, LinearHeads(
        # float16 is what the file holds; rounding here makes every figure the file's own.
        coefficients=coefficients.astype(np.float16).astype(np.float32),
        intercepts=intercepts.astype(np.float32),
        topics=topics,
    )


def count_vocabulary(
    clauses: Sequence[str], reviews: Sequence[str], *, settings: LinearSettings
) -> CharTfidf:
    """Choose the n-grams, in sorted order, and weigh them by `1 + ln((1 + n) / (1 + df))`."""
    in_clauses = _document_counts(clauses)
    in_reviews = _document_counts(reviews)
    chosen = sorted(
        gram
        for gram in in_clauses.keys() | in_reviews.keys()
        if in_clauses[gram] >= settings.rarest_in_clauses
        or in_reviews[gram] >= settings.rarest_in_reviews
    )
    documents = len(clauses) + len(reviews)
    counts = np.array([in_clauses[gram] + in_reviews[gram] for gram in chosen], np.float64)
    return CharTfidf(
        vocabulary={gram: column for column, gram in enumerate(chosen)},
        idf=(1.0 + np.log((1.0 + documents) / (1.0 + counts))).astype(np.float32).astype(float),
    )


def _document_counts(texts: Iterable[str]) -> Counter[str]:
    return Counter(gram for text in texts for gram in set(ngrams(text)))


@dataclass(frozen=True, slots=True)
class _Prior:
    """One more feature: the score of a positive-or-negative model trained on whole reviews."""

    weights: FloatArray
    """(n_features, 1), scaled to `prior_strength` standard deviations on the clauses."""
    shift: float


def _prior(
    features: CharTfidf,
    reviews: Sequence[LabelledReview],
    *,
    settings: LinearSettings,
    seen: csr_matrix,
) -> _Prior | None:
    if not reviews or settings.prior_strength == 0:
        return None
    model = LogisticRegression(C=settings.prior_c, solver="liblinear", random_state=_SEED)
    model.fit(
        features.transform([review.text for review in reviews]),
        [review.polarity for review in reviews],
    )
    weights = model.coef_.T
    scores = seen @ weights
    scale = settings.prior_strength / float(scores.std())
    return _Prior(weights * scale, -float(scores.mean()) * scale)


def _softmax_head(
    x: csr_matrix, labels: Sequence[str], classes: Sequence[str], *, c: float, prior: _Prior | None
) -> tuple[FloatArray, FloatArray]:
    """Fit one multinomial head and fold the prior's feature into its weights."""
    rows = x
    if prior is not None:
        rows = hstack([x, csr_matrix(x @ prior.weights + prior.shift)]).tocsr()
    model = LogisticRegression(C=c, class_weight="balanced", max_iter=2000)
    model.fit(rows, labels)
    order = [list(model.classes_).index(name) for name in classes]
    weights = model.coef_.T[:, order]
    intercepts = model.intercept_[order]
    if prior is None:
        return weights, intercepts
    share = weights[-1:]
    return weights[:-1] + prior.weights @ share, intercepts + prior.shift * share[0]


def _binary_head(
    x: csr_matrix, labels: Sequence[bool], *, c: float
) -> tuple[FloatArray, FloatArray]:
    model = LogisticRegression(C=c, class_weight="balanced", solver="liblinear", random_state=_SEED)
    model.fit(x, labels)
    return model.coef_.T, model.intercept_
