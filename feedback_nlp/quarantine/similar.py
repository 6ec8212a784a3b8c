"""Texts that may be near copies of each other: MinHash bands, then the exact comparison.

rensa (MIT, Rust, wheels for Linux, macOS and Windows) hashes the n-grams: 300,000 texts take it a
second, datasketch most of a minute. The same seed gives the same result on every machine. Whether
two texts are compared depends on these two alone, never on what else is in the workspace.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from rensa import RMinHash  # type: ignore[import-untyped]

from feedback_nlp.quarantine.recipes import Recipe

_SEED: Final = 20261122
_BATCH: Final = 20_000
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_EDGE: Final = "\x00"

Bands = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """One wording; only wordings of one block are ever compared, those without a block never."""

    words: str
    block: Hashable | None


class Lookalikes:
    """The wordings that stand so far, found by the bands they share with another one."""

    def __init__(self, rows: Sequence[Row], recipe: Recipe) -> None:
        """Hash all `rows`; none stands yet."""
        self._rows = rows
        self._recipe = recipe
        self._places, self._bands = _shared_bands(rows, recipe)
        self._standing: dict[int, list[int]] = defaultdict(list)

    def add(self, row: int) -> None:
        """Let this wording stand: later ones are compared with it."""
        for bucket in self._buckets(row):
            standing = self._standing[bucket]
            if len(standing) < self._recipe.bucket:
                standing.append(row)

    def copied(self, row: int) -> Iterator[tuple[int, float]]:
        """Yield the standing rows that `row` is a near copy of, first added first, with Jaccard."""
        found = {other for bucket in self._buckets(row) for other in self._standing[bucket]}
        found.discard(row)
        if not found:
            return
        words, size = self._rows[row].words, self._recipe.ngram
        mine = ngrams(words, size)
        for other in sorted(found):
            theirs = ngrams(self._rows[other].words, size)
            similarity = _jaccard(mine, theirs)
            if similarity < self._recipe.min_similarity:
                continue
            if _new_stretch(words, theirs, size) <= self._recipe.max_new:
                yield other, similarity

    def _buckets(self, row: int) -> list[int]:
        place = self._places.get(row)
        if place is None:
            return []
        buckets: list[int] = self._bands[place].tolist()
        return [bucket for bucket in buckets if bucket >= 0]


def ngrams(words: str, size: int) -> set[str]:
    """Return the character n-grams of a content, its beginning and end among them."""
    return set(_in_order(words, size))


def _in_order(words: str, size: int) -> list[str]:
    edge = _EDGE * (size - 1)
    padded = f"{edge}{words}{edge}"
    return [padded[i : i + size] for i in range(len(padded) - size + 1)]


def _jaccard(mine: set[str], theirs: set[str]) -> float:
    """Return |A ∩ B| / |A ∪ B|."""
    shared = len(mine & theirs)
    return shared / (len(mine) + len(theirs) - shared)


def _new_stretch(words: str, theirs: set[str], size: int) -> int:
    """Return the length of the longest stretch of characters that the other text does not have.

    A stretch of k characters touches k + size - 1 n-grams in a row.
    """
    longest = run = 0
    for gram in _in_order(words, size):
        run = 0 if gram in theirs else run + 1
        longest = max(longest, run)
    return max(0, longest - size + 1)


def _shared_bands(rows: Sequence[Row], recipe: Recipe) -> tuple[dict[int, int], Bands]:
    """Return the bucket of each row in each band, -1 where no other row of its block is in it.

    Shape (n_compared, bands); the map leads from a row to its line. Rows alone in their block are
    not hashed at all.
    """
    in_block = Counter(row.block for row in rows if row.block is not None)
    compared = [i for i, row in enumerate(rows) if in_block.get(row.block, 0) > 1]
    numbers = {block: number for number, block in enumerate(in_block)}
    blocks = np.array([numbers[rows[i].block] for i in compared], dtype=np.uint64)
    signatures = _signatures([rows[i].words for i in compared], recipe)
    bands = np.full((len(compared), recipe.bands), -1, dtype=np.int64)
    for band in range(recipe.bands):
        keys = blocks.copy()
        for column in range(band * recipe.rows, (band + 1) * recipe.rows):
            keys = keys * _MIX + signatures[:, column]
        _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        shared = counts[inverse] > 1
        bands[shared, band] = inverse[shared] + band * len(compared)
    return {row: line for line, row in enumerate(compared)}, bands


def _signatures(texts: Sequence[str], recipe: Recipe) -> npt.NDArray[np.uint64]:
    """Return the MinHash signature of each text, shape (n_texts, bands x rows)."""
    size = recipe.bands * recipe.rows
    parts = [np.empty((0, size), dtype=np.uint64)]
    for begin in range(0, len(texts), _BATCH):
        hashes = [_hashes(text, recipe.ngram) for text in texts[begin : begin + _BATCH]]
        ends = np.cumsum([0, *(len(each) for each in hashes)], dtype=np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            np.concatenate(hashes), ends, size, _SEED
        )
        parts.append(np.array(matrix.to_rows(), dtype=np.uint64))
    return np.concatenate(parts)


def _hashes(words: str, size: int) -> npt.NDArray[np.uint64]:
    """Return one number for each n-gram of a content, in order."""
    codes = np.frombuffer(words.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = max(1, len(codes) - size + 1)
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(min(size, len(codes))):
        hashes = hashes * _MIX + codes[offset : offset + count]
    return hashes
