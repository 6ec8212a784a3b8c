"""Rows whose dot product is a similarity: a dense part for meaning, a sparse one for words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

FloatArray = npt.NDArray[np.float32] | npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
_DIGITS = 6
"""Similarities are rounded to what 32 bits hold, so that equal ones tie on every machine."""
_COHESION_DIGITS = 4
_A_PAIR = 2
_GROUPS_AT_ONCE = 256
_ROWS_AT_ONCE = 8192
"""These bound memory: so many are compared at once."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One row a wording, or a group of them."""

    meaning: npt.NDArray[np.float32] = field(repr=False)
    """(n, n_dimensions)"""
    words: csr_matrix = field(repr=False)
    """(n, n_terms) float32"""

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.meaning)

    def take(self, places: Sequence[int] | Places) -> "Rows":
        """Return some rows, in the order of `places`."""
        return Rows(self.meaning[places], self.words[places])

    def unit(self) -> "Rows":
        """Return rows of length 1; a row of zeros stays one."""
        squares = (self.meaning * self.meaning).sum(axis=1, dtype=np.float64)
        squares += np.asarray(self.words.multiply(self.words).sum(axis=1)).ravel()
        scale = (1 / np.sqrt(np.where(squares > 0, squares, 1))).astype(np.float32)
        return Rows(self.meaning * scale[:, None], csr_matrix(diags(scale) @ self.words))

    def mean(self, weights: npt.NDArray[np.float64]) -> "Rows":
        """Return the mean of all rows as one row."""
        shares = csr_matrix((weights / weights.sum()).astype(np.float32)[None])
        return Rows(np.asarray(shares @ self.meaning), csr_matrix(shares @ self.words))

    def means(self, groups: Sequence[Sequence[int]]) -> "Rows":
        """Return the mean of the rows of each group, every wording counting once."""
        ends = np.cumsum([0, *(len(group) for group in groups)])
        columns = [place for group in groups for place in group]
        shares = np.repeat([1 / len(group) for group in groups], np.diff(ends)).astype(np.float32)
        matrix = csr_matrix((shares, columns, ends), shape=(len(groups), len(self)))
        return Rows(np.asarray(matrix @ self.meaning), csr_matrix(matrix @ self.words))

    def cohesion(self) -> float | None:
        """Return the mean similarity of two different rows, in [0, 1]; None for fewer than two.

        The square of the sum holds every pair twice and every row with itself once.
        """
        if len(self) < _A_PAIR:
            return None
        total = self.mean(np.full(len(self), 1.0))
        pairs = float(total.similarities(total)[0, 0]) * len(self) ** 2
        own = (self.meaning.astype(np.float64) ** 2).sum() + self.words.multiply(self.words).sum()
        mean = (pairs - float(own)) / (len(self) * (len(self) - 1))
        return round(min(max(mean, 0.0), 1.0), _COHESION_DIGITS)

    def similarities(self, others: "Rows") -> npt.NDArray[np.float64]:
        """Return the dot product of each row with each of the others, (n, n_others)."""
        # Both factors sparse: thousands of wordings share few of their words.
        found = self.meaning @ others.meaning.T + (self.words @ others.words.T).toarray()
        rounded: npt.NDArray[np.float64] = np.round(found.astype(np.float64), _DIGITS)
        return rounded


@dataclass(frozen=True, slots=True)
class Closest:
    """The closest group of each row and the one after it; -1 and -inf where there is none."""

    best: Places
    similarity: npt.NDArray[np.float64]
    second: Places
    second_similarity: npt.NDArray[np.float64]


def closest(rows: Rows, groups: Rows, barred: csr_matrix | None = None) -> Closest:
    """Find the two closest groups of each row; of equally close ones the first.

    `barred` (n_rows, n_groups): where it is not zero, the row must not be in the group.
    """
    found = [
        _nothing(min(_ROWS_AT_ONCE, len(rows) - begin))
        for begin in range(0, len(rows), _ROWS_AT_ONCE)
    ] or [_nothing(0)]
    for first in range(0, len(groups), _GROUPS_AT_ONCE):
        part = groups.take(np.arange(first, min(first + _GROUPS_AT_ONCE, len(groups))))
        # In 64 bits: what one row gets must not depend on how many rows there are.
        meaning = part.meaning.T.astype(np.float64)
        words = csr_matrix(part.words.T.astype(np.float64))
        for place, begin in enumerate(range(0, len(rows), _ROWS_AT_ONCE)):
            some = slice(begin, begin + _ROWS_AT_ONCE)
            similarity = rows.meaning[some].astype(np.float64) @ meaning
            similarity += (rows.words[some] @ words).toarray()
            np.round(similarity, _DIGITS, out=similarity)
            if barred is not None:
                similarity[barred[some, first : first + len(part)].nonzero()] = -np.inf
            found[place] = _better(found[place], similarity, first)
    return Closest(
        np.concatenate([part.best for part in found]),
        np.concatenate([part.similarity for part in found]),
        np.concatenate([part.second for part in found]),
        np.concatenate([part.second_similarity for part in found]),
    )


def _nothing(size: int) -> Closest:
    nowhere, far = np.full(size, -1), np.full(size, -np.inf)
    return Closest(nowhere, far, nowhere, far)


def _better(found: Closest, similarity: npt.NDArray[np.float64], begin: int) -> Closest:
    """Return the two closest of those found before and the groups from `begin` on."""
    every = np.arange(len(similarity))
    first = similarity.argmax(axis=1)
    values = similarity[every, first]
    if similarity.shape[1] > 1:
        similarity[every, first] = -np.inf
        next_ = similarity.argmax(axis=1)
        next_values = similarity[every, next_]
    else:
        next_, next_values = first, np.full(len(first), -np.inf)
    places = np.stack([found.best, found.second, first + begin, next_ + begin], axis=1)
    likeness = np.stack([found.similarity, found.second_similarity, values, next_values], axis=1)
    # Stable: of equals the group found earlier stays ahead.
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :2]
    places, likeness = (
        np.take_along_axis(places, order, axis=1),
        np.take_along_axis(likeness, order, axis=1),
    )
    places[np.isneginf(likeness)] = -1
    return Closest(places[:, 0], likeness[:, 0], places[:, 1], likeness[:, 1])
