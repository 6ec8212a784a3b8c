"""The encoder's classifier: ids in, labels and vectors out, no files."""

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
"""Ids (1, t) -> raw scores (1, n_outputs) and unit vectors (1, n_dimensions)."""
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the model says about some clauses, one row each."""

    scores: FloatArray
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class EncoderClassifier:
    """A transformer with an output layer for labels and one for vectors; a `ports.Classifier`.

    One clause a run: its answer depends neither on the others nor on how many threads there are.
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
        found = self._run_all(windows)
        reading = _Reading(
            np.stack([scores for scores, _ in found]), np.stack([vectors for _, vectors in found])
        )
        return [different[clause] for clause in clauses], reading

    def _run_all(self, windows: list[list[list[int]]]) -> list[tuple[FloatArray, FloatArray]]:
        threads = min(len(self.runs), len(windows))
        if threads == 1:
            return [_run(self.runs[0], each) for each in windows]
        # Dealt out by length, so that no thread gets all the long ones.
        order = sorted(range(len(windows)), key=lambda place: sum(map(len, windows[place])))
        shares = [order[first::threads] for first in range(threads)]

        def answered(run: Run, share: list[int]) -> list[tuple[FloatArray, FloatArray]]:
            return [_run(run, windows[place]) for place in share]

        with ThreadPoolExecutor(threads) as pool:
            answers = pool.map(answered, self.runs[:threads], shares)
            found = {
                place: answer
                for share, found_of_share in zip(shares, answers, strict=True)
                for place, answer in zip(share, found_of_share, strict=True)
            }
        return [found[place] for place in range(len(windows))]


def _run(run: Run, windows: list[list[int]]) -> tuple[FloatArray, FloatArray]:
    """Return scores (n_outputs,) and a unit vector; several windows weigh by their length."""
    found = [run(np.array([ids], np.int64)) for ids in windows]
    if len(found) == 1:
        (scores, vectors), *_ = found
        return scores[0], vectors[0]
    weights = np.array([len(ids) - 2 for ids in windows], np.float32)
    weights /= weights.sum()
    scores = weights @ np.vstack([each for each, _ in found])
    vector = weights @ np.vstack([each for _, each in found])
    return scores, vector / max(np.linalg.norm(vector), np.finfo(np.float32).tiny)
