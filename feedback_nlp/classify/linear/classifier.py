"""The fast lane's classifier: arrays in, labels out, no files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.classify.linear.features import CharTfidf
from feedback_nlp.classify.linear.heads import LinearHeads
from feedback_nlp.classify.linear.words import WordVectors, unit
from feedback_nlp.heads.decide import decide
from feedback_nlp.heads.scores import Calibration, HeadProbabilities, Thresholds
from feedback_nlp.records import Labels

_CHUNK: Final = 2048
_DIGITS: Final = 6
"""Decimals of every vector: the same on every machine."""


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """Linear heads over character n-grams and word vectors; implements `ports.Classifier`."""

    version: str
    features: CharTfidf
    heads: LinearHeads
    calibration: Calibration
    thresholds: Thresholds
    words: WordVectors

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        """Label normalised clauses, one answer each, in order."""
        return list(self._labelled(clauses))

    def probabilities(self, clauses: Sequence[str]) -> HeadProbabilities:
        """Return the calibrated probabilities behind the labels."""
        return self.heads.probabilities(self.features.transform(clauses), self.calibration)

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors (n_clauses, n_topics + n_dimensions).

        The cosine compares topic probabilities and the meaning of the words. Both weigh the same
        where the topics are sure; where they are not, the words decide.
        """
        topics = np.asarray(self.probabilities(clauses).topics, np.float32)
        sureness = np.sqrt(np.minimum(np.linalg.norm(topics, axis=1, keepdims=True), 1))
        both = unit(np.hstack([unit(topics) * sureness, self.words.encode(clauses)]))
        return np.asarray(np.round(both, _DIGITS), np.float32)

    def _labelled(self, clauses: Sequence[str]) -> Iterator[Labels]:
        for start in range(0, len(clauses), _CHUNK):
            found = self.probabilities(clauses[start : start + _CHUNK])
            yield from decide(found, self.heads.topics, self.thresholds)
