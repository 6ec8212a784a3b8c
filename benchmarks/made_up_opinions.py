"""Opinions that nobody wrote, of any number, with vectors: themes of all sizes and some noise."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.records import Intent, Labels, Polarity, Probabilities, TopicProbability, Voice

DIMENSIONS: Final = 256
OPINIONS_A_THEME: Final = 50
NOISE: Final = 0.2
"""Share of opinions that belong to no theme."""
SPREAD: Final = 0.8
"""Length of what an opinion adds to the centre of its theme, which has length 1."""
WORDS: Final = 3000
WORDS_OF_THEME: Final = 12
TOPICS: Final = (
    "performance.crash",
    "performance.speed",
    "logistics.speed",
    "aftersales.return_refund",
    "account.login",
    "price.value",
    "quality.defect",
    "service.attitude",
)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Opinions with their vectors and the theme each was drawn from."""

    voices: tuple[Voice, ...]
    vectors: npt.NDArray[np.float32]
    """(n_voices, DIMENSIONS), unit length."""
    themes: npt.NDArray[np.int64]
    """-1: none."""


def made_up(count: int, *, seed: int = 0) -> MadeUp:
    """Draw opinions; the sizes of the themes fall like 1 / rank."""
    rng = np.random.default_rng(seed)
    number = max(1, count // OPINIONS_A_THEME)
    share = 1 / np.arange(1, number + 1)
    themes = rng.choice(number, count, p=share / share.sum())
    themes[rng.random(count) < NOISE] = -1
    centres = _unit(rng.standard_normal((number, DIMENSIONS)))
    vectors = SPREAD * _unit(rng.standard_normal((count, DIMENSIONS)))
    vectors[themes >= 0] += centres[themes[themes >= 0]]
    words = ["".join(map(chr, pair)) for pair in rng.integers(0x4E00, 0x8E00, (WORDS, 2))]
    words_of = rng.integers(0, WORDS, (number, WORDS_OF_THEME))
    own = np.take_along_axis(
        words_of[np.maximum(themes, 0)], rng.integers(0, WORDS_OF_THEME, (count, 4)), axis=1
    )
    own[themes < 0] = rng.integers(0, WORDS, ((themes < 0).sum(), 4))
    said = np.hstack([own, rng.integers(0, WORDS, (count, 2))])
    voices = tuple(
        _voice(place, "".join(words[word] for word in row), TOPICS[int(theme) % len(TOPICS)])
        for place, (row, theme) in enumerate(zip(said, themes, strict=True))
    )
    return MadeUp(voices, np.asarray(_unit(vectors), np.float32), themes)


def _unit(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    scaled: npt.NDArray[np.float64] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled


def _voice(place: int, text: str, topic: str) -> Voice:
    labels = Labels(
        polarity=Polarity.NEG,
        probabilities=Probabilities(0.9, 0.06, 0.04),
        uncertain=False,
        topics=(TopicProbability(topic, 0.9),),
        intent=Intent.COMPLAINT,
        severity=2,
    )
    return Voice(f"R-{place:06d}", 0, len(text), text, labels, channel="made up")
