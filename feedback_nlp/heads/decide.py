"""Calibrated probabilities to labels."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from feedback_nlp.heads.scores import (
    INTENTS,
    POLARITIES,
    FloatArray,
    HeadProbabilities,
    Thresholds,
)
from feedback_nlp.records import Intent, Labels, Polarity, Probabilities, TopicProbability

MOST_TOPICS: Final = 3
_DIGITS: Final = 6
"""Decimals of every probability: far below what calibration can promise, and the same on every
machine."""


def decide(
    found: HeadProbabilities, topics: Sequence[str], thresholds: Thresholds
) -> Iterator[Labels]:
    """Yield the labels of each row; `topics` are the codes of the topic columns, in order."""
    columns = decide_topics(found.topics, thresholds.topic)
    intents = found.intent.argmax(axis=1).tolist()
    severities = (found.severity.argmax(axis=1) + 1).tolist()
    for row, polarity in enumerate(found.polarity.tolist()):
        best = max(polarity)
        label = Polarity(POLARITIES[polarity.index(best)])
        yield Labels(
            polarity=label,
            probabilities=_rounded(polarity),
            uncertain=best < thresholds.uncertain,
            topics=tuple(
                TopicProbability(topics[column], round(float(found.topics[row, column]), _DIGITS))
                for column in columns[row]
            ),
            intent=Intent(INTENTS[intents[row]]),
            severity=severities[row] if label is Polarity.NEG else 0,
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


def _rounded(polarity: Sequence[float]) -> Probabilities:
    neg, pos = round(polarity[0], _DIGITS), round(polarity[2], _DIGITS)
    return Probabilities(neg, round(1.0 - neg - pos, _DIGITS), pos)
