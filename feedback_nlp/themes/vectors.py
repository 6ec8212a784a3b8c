"""Wordings -> vectors whose dot product says how alike two of them are."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize as unit_rows

from feedback_nlp.ports import Classifier
from feedback_nlp.themes.recipes import Recipe
from feedback_nlp.themes.sayings import Saying


def own_vectors(sayings: Sequence[Saying], classifier: Classifier, recipe: Recipe) -> csr_matrix:
    """Return unit vectors (n_sayings, n) of the wordings by themselves.

    The dot product of two is `meaning_weight` x the cosine of the classifier's vectors + the rest
    x the cosine of their character 1-2-gram TF-IDF.
    """
    # Unit parts scaled by the root of their weight: one dot product is the weighted similarity.
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 2), sublinear_tf=True, lowercase=False
    )
    words = vectorizer.fit_transform(["".join(saying.key.split()) for saying in sayings])
    meaning = classifier.encode([saying.text for saying in sayings]).astype(float)
    weight = recipe.meaning_weight
    return csr_matrix(hstack([words * np.sqrt(1 - weight), csr_matrix(meaning * np.sqrt(weight))]))


MOST_PARTS = 64
"""A text of more wordings is a document: its parts say nothing about each other."""


def in_context(vectors: csr_matrix, sayings: Sequence[Saying], *, weight: float) -> csr_matrix:
    """Add to each vector `weight` x the mean of what the same reviews say besides; unit rows.

    付不了钱 alone may be about a bank or a bug; next to 选了券就闪退 it is about the bug.
    """
    said_in = _incidence(sayings)
    # Sums over reviews less the wording itself, never wording against wording: one review of
    # thousands of clauses would need their square.
    reviews = np.asarray(said_in.sum(axis=1)).ravel()
    others = said_in @ (said_in.T @ vectors) - diags(reviews) @ vectors
    count = said_in @ np.asarray(said_in.sum(axis=0)).ravel() - reviews
    share = diags(weight / np.maximum(count, 1))
    return csr_matrix(unit_rows(vectors + share @ others))


def _incidence(sayings: Sequence[Saying]) -> csr_matrix:
    """Return which wording is in which review, (n_sayings, n_reviews) of 0 and 1."""
    places = [
        (row, review)
        for row, saying in enumerate(sayings)
        for review in sorted({voice.review_id for voice in saying.voices})
    ]
    parts = Counter(review for _, review in places)
    places = [(row, review) for row, review in places if parts[review] <= MOST_PARTS]
    columns = {review: column for column, review in enumerate(sorted({r for _, r in places}))}
    rows = [row for row, _ in places]
    return csr_matrix(
        (np.ones(len(places)), (rows, [columns[review] for _, review in places])),
        shape=(len(sayings), len(columns)),
    )
