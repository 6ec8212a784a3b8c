"""The fast lane's classifier: arrays in, labels out, no files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.classify.linear.features import CharTfidf
from feedback_nlp.classify.linear.heads import (
    INTENTS,
    POLARITIES,
    Calibration,
    FloatArray,
    HeadProbabilities,
    LinearHeads,
    Thresholds,
)
from feedback_nlp.classify.linear.words import WordVectors, unit
from feedback_nlp.records import Intent, Labels, Polarity, Probabilities, TopicProbability

MOST_TOPICS: Final = 3
_CHUNK: Final = 2048
_DIGITS: Final = 6
"""Decimals of every probability: far below what calibration can promise, and the same on every
machine."""


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
            topics = decide_topics(found.topics, self.thresholds.topic)
            intents = found.intent.argmax(axis=1).tolist()
            severities = (found.severity.argmax(axis=1) + 1).tolist()
            for row, polarity in enumerate(found.polarity.tolist()):
                yield self._labels(
                    polarity,
                    topics=self._topics(topics[row], found.topics[row]),
                    intent=Intent(INTENTS[intents[row]]),
                    severity=severities[row],
                )

    def _labels(
        self,
        polarity: list[float],
        *,
        topics: tuple[TopicProbability, ...],
        intent: Intent,
        severity: int,
    ) -> Labels:
        best = max(polarity)
        label = Polarity(POLARITIES[polarity.index(best)])
        neg, pos = round(polarity[0], _DIGITS), round(polarity[2], _DIGITS)
        return Labels(
            polarity=label,
            probabilities=Probabilities(neg, round(1.0 - neg - pos, _DIGITS), pos),
            uncertain=best < self.thresholds.uncertain,
            topics=topics,
            intent=intent,
            severity=severity if label is Polarity.NEG else 0,
        )

    def _topics(
        self, columns: tuple[int, ...], probabilities: FloatArray
    ) -> tuple[TopicProbability, ...]:
        return tuple(
            TopicProbability(
                self.heads.topics[column], round(float(probabilities[column]), _DIGITS)
            )
            for column in columns
        )


def decide_topics(probabilities: FloatArray, threshold: float) -> list[tuple[int, ...]]:
    """Return one to three columns a row, most probable first; equals go by column.

    The best topic is always named, a second and third only from `threshold` on.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :MOST_TOPICS]
    ranked = np.take_along_axis(probabilities, order, axis=1)
    counts = np.maximum(1, (ranked >= threshold).sum(axis=1))
    return [
        tuple(columns[:count])
        for columns, count in zip(order.tolist(), counts.tolist(), strict=True)
    ]
