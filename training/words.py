"""Word vectors from raw reviews: positive pointwise mutual information, then a truncated SVD.

Source: Levy, Goldberg and Dagan, "Improving distributional similarity with lessons learned from
word embeddings", TACL 2015: context smoothing 0.75, singular values to the power 0.5.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix
from sklearn.utils.extmath import randomized_svd

from feedback_nlp.classify.linear.words import WordVectors, unit
from feedback_nlp.text.segment import segment

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WordSettings:
    """How word vectors are made."""

    most_words: int = 24_000
    rarest: int = 6
    """Occurrences below which a word gets no vector."""
    window: int = 5
    """Words to each side; a pair at distance d counts 1/d."""
    dimensions: int = 128
    smoothing: float = 0.75
    spectrum: float = 0.5
    """Power of the singular values."""
    frequency: float = 0.01
    """`a` of the weight a / (a + p): at this share of all words a word counts one half."""
    seed: int = 0


def fit_words(
    reviews: Iterable[str], clauses: Sequence[str], *, settings: WordSettings | None = None
) -> WordVectors:
    """Learn word vectors from normalised `reviews`; centre them on normalised `clauses`."""
    settings = settings or WordSettings()
    texts = [[word for word in segment(text.lower()) if word.isalnum()] for text in reviews]
    counts = Counter(word for text in texts for word in text)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    words = [word for word in ranked[: settings.most_words] if counts[word] >= settings.rarest]
    columns = {word: column for column, word in enumerate(words)}
    information = _information(_neighbours(texts, columns, settings), settings)
    dimensions = min(settings.dimensions, len(words) - 1)
    left, values, _ = randomized_svd(information, dimensions, n_iter=4, random_state=settings.seed)
    share = np.array([counts[word] for word in words]) / counts.total()
    weight = settings.frequency / (settings.frequency + share)
    vectors = unit(left * values**settings.spectrum) * weight[:, None].astype(np.float32)
    raw = WordVectors(
        columns,
        # Rounded as they are stored, so that training and serving see the same numbers.
        vectors.astype(np.float16).astype(np.float32),
        np.zeros(dimensions, np.float32),
        np.zeros(dimensions, np.float32),
    )
    seen = unit(raw.sums(clauses))
    centre = seen.mean(axis=0)
    common = np.linalg.svd(seen - centre, full_matrices=False)[2][0]
    return WordVectors(columns, raw.vectors, centre, common)


def _neighbours(
    texts: Sequence[Sequence[str]], columns: dict[str, int], settings: WordSettings
) -> csr_matrix:
    """Count how often two words stand near each other, (n_words, n_words)."""
    gap = [-1] * settings.window
    flat = np.array([c for t in texts for c in [*(columns.get(w, -1) for w in t), *gap]], np.int64)
    size = len(columns)
    total = csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, settings.window + 1):
        left, right = flat[:-distance], flat[distance:]
        both = (left >= 0) & (right >= 0)
        seen = np.full(int(both.sum()), 1.0 / distance, np.float32)
        total = total + coo_matrix((seen, (left[both], right[both])), shape=(size, size)).tocsr()
    return csr_matrix(total + total.T)


def _information(counts: csr_matrix, settings: WordSettings) -> csr_matrix:
    """Turn counts into positive pointwise mutual information with smoothed contexts."""
    pairs = counts.tocoo()
    totals = np.asarray(counts.sum(axis=1)).ravel()
    contexts = totals**settings.smoothing
    contexts = contexts / contexts.sum()
    information = np.log(pairs.data / (totals[pairs.row] * contexts[pairs.col]))
    kept = information > 0
    return csr_matrix((information[kept], (pairs.row[kept], pairs.col[kept])), shape=counts.shape)
