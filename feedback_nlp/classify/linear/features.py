"""Normalised clauses to TF-IDF rows; training and serving share this one implementation."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

LONGEST: Final = 3
"""Characters in the longest n-gram."""
_DAMPED: Final = np.array([0.0, *(1.0 + math.log(count) for count in range(1, 256))])
"""`1 + ln(count)`, from a table so that no batch size can change a last digit."""


def ngrams(text: str) -> Iterator[str]:
    """Yield every character n-gram of 1 to `LONGEST` characters, lower-cased."""
    text = text.lower()
    for size in range(1, LONGEST + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


@dataclass(frozen=True, slots=True)
class CharTfidf:
    """A fixed vocabulary of character n-grams with their inverse document frequencies.

    A row is `(1 + ln count) * idf`, scaled to unit length: what scikit-learn's `TfidfVectorizer`
    makes with `analyzer="char", sublinear_tf=True`. Each row depends on its own text only.
    """

    vocabulary: Mapping[str, int] = field(repr=False)
    """n-gram -> column."""
    idf: npt.NDArray[np.float64] = field(repr=False)
    """(n_features,)"""

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return the rows of these texts, CSR (n_texts, n_features) float32.

        A text without any known n-gram gives an empty row.
        """
        columns: list[int] = []
        ends = [0]
        find = self.vocabulary.get
        for text in texts:
            columns.extend(column for gram in ngrams(text) if (column := find(gram)) is not None)
            ends.append(len(columns))
        counts = csr_matrix(
            (np.ones(len(columns)), np.asarray(columns, np.int32), np.asarray(ends, np.int32)),
            shape=(len(texts), len(self.idf)),
        )
        counts.sum_duplicates()
        damped = _DAMPED[np.minimum(counts.data, len(_DAMPED) - 1).astype(np.int32)]
        weights = damped * self.idf[counts.indices]
        rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
        norms = np.sqrt(np.bincount(rows, weights=weights * weights, minlength=len(texts)))
        data = (weights / norms[rows]).astype(np.float32)
        return csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)
