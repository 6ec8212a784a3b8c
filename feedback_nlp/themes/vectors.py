"""Wordings -> vectors whose dot product says how alike two of them are."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags, hstack, vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize as unit_rows

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Voice
from feedback_nlp.text.segment import content_words
from feedback_nlp.themes.recipes import Recipe
from feedback_nlp.themes.rows import FloatArray, Rows
from feedback_nlp.themes.sayings import Saying


def rows_of(
    sayings: Sequence[Saying], meaning: FloatArray, recipe: Recipe, *, fit_on: int | None = None
) -> Rows:
    """Return unit rows of the wordings by themselves, given their `meaning` (n_sayings, n) float.

    The dot product of two is the weighted mean of four cosines: of the meaning, of the character
    1-2-gram TF-IDF, of the jieba word TF-IDF, of the probabilities of the topic codes. How rare a
    word is comes from the first `fit_on` sayings, else from all.
    """
    scaled = meaning * np.sqrt(recipe.meaning_weight)
    words = _words(sayings, recipe, fit_on=fit_on or len(sayings))
    return Rows(np.asarray(scaled, np.float32), csr_matrix(words.astype(np.float32)))


def own_vectors(sayings: Sequence[Saying], classifier: Classifier, recipe: Recipe) -> csr_matrix:
    """Return unit vectors (n_sayings, n) of the wordings by themselves, as one sparse matrix.

    `rows_of` says what their dot product means. For many wordings it is the leaner form.
    """
    return vectors_of(sayings, meaning_of(sayings, classifier), recipe)


def vectors_of(sayings: Sequence[Saying], meaning: FloatArray, recipe: Recipe) -> csr_matrix:
    """Return `own_vectors`, given the meaning (n_sayings, n_dimensions)."""
    words = _words(sayings, recipe, fit_on=len(sayings))
    scaled = csr_matrix(meaning.astype(float) * np.sqrt(recipe.meaning_weight))
    return csr_matrix(hstack([words, scaled]))


def meaning_of(
    sayings: Sequence[Saying],
    classifier: Classifier,
    *,
    voices: Sequence[Voice] = (),
    vectors: FloatArray | None = None,
) -> FloatArray:
    """Return unit vectors (n_sayings, n_dimensions) by the classifier, or from those of `voices`.

    Raises:
        ValueError: when there is not one vector a voice.
    """
    if vectors is None:
        return classifier.encode([saying.text for saying in sayings])
    if len(vectors) != len(voices):
        raise ValueError(f"{len(vectors)} vectors for {len(voices)} voices")
    row_of = {_identity(voice): row for row, voice in enumerate(voices)}
    return vectors[[row_of[_identity(saying.voices[0])] for saying in sayings]]


def _identity(voice: Voice) -> tuple[str, int, str]:
    return voice.review_id, voice.start, voice.text


def _words(sayings: Sequence[Saying], recipe: Recipe, *, fit_on: int) -> csr_matrix:
    # Unit parts scaled by the root of their weight: one dot product is the weighted similarity.
    rest = 1 - recipe.meaning_weight - recipe.term_weight - recipe.topic_weight
    characters = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 2), sublinear_tf=True, lowercase=False
    )
    compact = ["".join(saying.key.split()) for saying in sayings]
    parts = [_fitted(characters, compact, fit_on) * np.sqrt(rest)]
    if recipe.term_weight:
        terms = TfidfVectorizer(analyzer=_terms, sublinear_tf=True, lowercase=False)
        said = [content_words(saying.key) for saying in sayings]
        # scikit-learn refuses texts without any word.
        if any(said[:fit_on]):
            parts.append(_fitted(terms, said, fit_on) * np.sqrt(recipe.term_weight))
    if recipe.topic_weight:
        parts.append(_topics(sayings) * np.sqrt(recipe.topic_weight))
    return csr_matrix(hstack(parts))


def _terms(words: tuple[str, ...]) -> tuple[str, ...]:
    return words


def _fitted(
    vectorizer: TfidfVectorizer, texts: Sequence[str] | Sequence[tuple[str, ...]], fit_on: int
) -> csr_matrix:
    fitted = vectorizer.fit_transform(texts[:fit_on])
    if fit_on == len(texts):
        return csr_matrix(fitted)
    return csr_matrix(vstack([fitted, vectorizer.transform(texts[fit_on:])]))


def _topics(sayings: Sequence[Saying]) -> csr_matrix:
    """Return unit rows of topic probabilities, one column a code."""
    topics = [saying.voices[0].labels.topics for saying in sayings]
    columns = {code: n for n, code in enumerate(sorted({t.code for each in topics for t in each}))}
    found = csr_matrix(
        (
            [topic.probability for each in topics for topic in each],
            (
                [row for row, each in enumerate(topics) for _ in each],
                [columns[topic.code] for each in topics for topic in each],
            ),
        ),
        shape=(len(topics), len(columns)),
    )
    return csr_matrix(unit_rows(found))


Matrix = TypeVar("Matrix", csr_matrix, npt.NDArray[np.float32])
MOST_PARTS = 64
"""A text of more wordings is a document: its parts say nothing about each other."""


def rows_in_context(rows: Rows, sayings: Sequence[Saying], *, weight: float) -> Rows:
    """Do what `in_context` does, to both parts of the rows."""
    said_in = _incidence(sayings)
    if not weight or not said_in.nnz:
        return rows.unit()
    meaning = np.asarray(_with_others(rows.meaning, said_in, weight), np.float32)
    words = csr_matrix(_with_others(rows.words, said_in, weight).astype(np.float32))
    return Rows(meaning, words).unit()


def in_context(vectors: csr_matrix, sayings: Sequence[Saying], *, weight: float) -> csr_matrix:
    """Add to each vector `weight` x the mean of what the same reviews say besides; unit rows.

    付不了钱 alone may be about a bank or a bug; next to 选了券就闪退 it is about the bug.
    """
    return csr_matrix(unit_rows(_with_others(vectors, _incidence(sayings), weight)))


def _with_others(vectors: Matrix, said_in: csr_matrix, weight: float) -> Matrix:
    # Sums over reviews less the wording itself, never wording against wording: one review of
    # thousands of clauses would need their square.
    reviews = np.asarray(said_in.sum(axis=1)).ravel()
    others = said_in @ (said_in.T @ vectors) - diags(reviews) @ vectors
    count = said_in @ np.asarray(said_in.sum(axis=0)).ravel() - reviews
    share = diags(weight / np.maximum(count, 1))
    mixed: Matrix = vectors + share @ others
    return mixed


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
