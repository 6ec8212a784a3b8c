"""The encoder's classifier: ids in, labels and vectors out, no files."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.classify.encoder.tokens import Tokens
from feedback_nlp.heads.decide import decide
from feedback_nlp.heads.scores import Calibration, Thresholds, calibrated
from feedback_nlp.records import Labels

FloatArray = npt.NDArray[np.float32]
Run = Callable[[npt.NDArray[np.int64]], tuple[FloatArray, FloatArray]]
"""Ids (n, t) -> raw scores (n, n_outputs) and unit vectors (n, n_dimensions), a row at a time."""
_DIGITS: Final = 6
_IDS_A_RUN: Final = 256
"""Enough to keep the matrix units busy; more would only fill the caches."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the model says about some texts, one row each."""

    scores: FloatArray
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class EncoderClassifier:
    """A transformer with an output layer for labels and one for vectors; a `ports.Classifier`.

    Texts of equal length share a run, so that nothing is padded. The model answers each row by
    itself: an answer depends neither on the others nor on how many threads there are.
    """

    version: str
    tokens: Tokens
    runs: tuple[Run, ...] = field(repr=False)
    """One a thread."""
    topics: tuple[str, ...]
    """Codes of the topic columns, in order."""
    calibration: Calibration
    thresholds: Thresholds

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        """Label normalised clauses, one answer each, in order."""
        if not clauses:
            return []
        places, reading = self._read(clauses)
        found = calibrated(reading.scores.astype(np.float64), self.calibration)
        labels = list(decide(found, self.topics, self.thresholds))
        return [labels[place] for place in places]

    def scores(self, clauses: Sequence[str]) -> FloatArray:
        """Return raw scores (n_clauses, n_outputs), before calibration, of at least one clause."""
        places, reading = self._read(clauses)
        return reading.scores[places]

    def encode(self, clauses: Sequence[str]) -> FloatArray:
        """Return unit vectors (n_clauses, n_dimensions)."""
        if not clauses:
            return self.encode([""])[:0]  # the width is known to the model only
        places, reading = self._read(clauses)
        return np.asarray(np.round(reading.vectors, _DIGITS), np.float32)[places]

    def _read(self, clauses: Sequence[str]) -> tuple[list[int], _Reading]:
        """Read each different clause once; the places say which row belongs to which clause."""
        different = {clause: place for place, clause in enumerate(dict.fromkeys(clauses))}
        windows = [self.tokens.windows(clause) for clause in different]
        reading = _joined(windows, self._read_all([ids for each in windows for ids in each]))
        return [different[clause] for clause in clauses], reading

    def _read_all(self, texts: list[list[int]]) -> _Reading:
        """Read ids, runs of like size on every thread."""
        runs = _dealt(texts)
        threads = min(len(self.runs), len(runs))
        shares = [runs[first::threads] for first in range(threads)]

        def answered(run: Run, share: list[list[int]]) -> list[tuple[FloatArray, FloatArray]]:
            return [run(np.array([texts[place] for place in places])) for places in share]

        if threads == 1:
            found = [answered(self.runs[0], runs)]
        else:
            with ThreadPoolExecutor(threads) as pool:
                found = list(pool.map(answered, self.runs[:threads], shares))
        order = np.argsort([place for share in shares for places in share for place in places])
        scores, vectors = (
            np.vstack([answer[part] for share in found for answer in share])[order]
            for part in (0, 1)
        )
        return _Reading(scores, vectors)


def _dealt(texts: list[list[int]]) -> list[list[int]]:
    """Return the places of the texts of every run, long ones first: one length a run."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for place, ids in enumerate(texts):
        by_length[len(ids)].append(place)
    return [
        places[first : first + size]
        for length, places in sorted(by_length.items(), reverse=True)
        for size in (max(1, _IDS_A_RUN // length),)
        for first in range(0, len(places), size)
    ]


def _joined(windows: list[list[list[int]]], reading: _Reading) -> _Reading:
    """Return one row a clause, given one a window: several windows weigh by their length."""
    ends = np.cumsum([len(each) for each in windows])
    scores, vectors = reading.scores[ends - 1], reading.vectors[ends - 1]
    for place, each in enumerate(windows):
        if len(each) > 1:
            rows = slice(ends[place] - len(each), ends[place])
            weights = np.array([len(ids) - 2 for ids in each], np.float32)
            weights /= weights.sum()
            scores[place] = weights @ reading.scores[rows]
            vector = weights @ reading.vectors[rows]
            vectors[place] = vector / max(np.linalg.norm(vector), np.finfo(np.float32).tiny)
    return _Reading(scores, vectors)
