"""Normalised clauses to meaning vectors: weighted means of word vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from feedback_nlp.text.segment import segment

FloatArray = npt.NDArray[np.float32]
CHARACTER_WEIGHT: Final = 0.5
"""A word without a vector counts through its characters, each this much."""
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Word vectors, each already scaled by how much the word tells, and what to take off a sum.

    Source: smooth inverse frequency, Arora, Liang and Ma, "A simple but tough-to-beat baseline
    for sentence embeddings", ICLR 2017; centre and common direction are fixed at training, so
    that the vector of a text never depends on the other texts.
    """

    columns: Mapping[str, int] = field(repr=False)
    """Word -> row of `vectors`."""
    vectors: FloatArray = field(repr=False)
    """(n_words, n_dimensions)"""
    centre: FloatArray = field(repr=False)
    """(n_dimensions,): mean of the unit vectors of the training clauses."""
    common: FloatArray = field(repr=False)
    """(n_dimensions,): the unit direction along which they differ most, and tell least."""

    def encode(self, clauses: Sequence[str]) -> FloatArray:
        """Return unit vectors (n_clauses, n_dimensions); zeros for a clause of unknown words."""
        sums = self.sums(clauses)
        known = np.linalg.norm(sums, axis=1, keepdims=True) > 0
        centred = (unit(sums) - self.centre) * known
        cleared = centred - np.outer((centred * self.common).sum(axis=1), self.common)
        return np.asarray(np.round(unit(cleared), _DIGITS), np.float32)

    def sums(self, clauses: Sequence[str]) -> FloatArray:
        """Return the sum of the word vectors of each clause, (n_clauses, n_dimensions)."""
        columns: list[int] = []
        weights: list[float] = []
        ends = [0]
        for clause in clauses:
            for part, weight in self._parts(clause):
                columns.append(part)
                weights.append(weight)
            ends.append(len(columns))
        rows = csr_matrix(
            (np.asarray(weights, np.float32), np.asarray(columns, np.int32), np.asarray(ends)),
            shape=(len(clauses), len(self.vectors)),
        )
        return np.asarray(rows @ self.vectors, np.float32)

    def _parts(self, clause: str) -> list[tuple[int, float]]:
        parts: list[tuple[int, float]] = []
        for word in segment(clause.lower()):
            if word in self.columns:
                parts.append((self.columns[word], 1.0))
            else:
                parts += [
                    (self.columns[character], CHARACTER_WEIGHT)
                    for character in word
                    if character in self.columns
                ]
        return parts


def unit(rows: FloatArray) -> FloatArray:
    """Scale each row to length one; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)
