"""The interval of Reach on the development clauses of `../shared/data`: it holds the truth.

Each resample stands for another time the same people might have spoken, the whole of the clauses
for the truth that it is drawn from.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pytest
from builders import make_theme

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.priority.rice import prioritise
from feedback_nlp.records import CHINA, Intent, Polarity, Taxonomy, Voice
from training.data import GOLD_DEV, clauses

pytestmark = pytest.mark.quality
DATA = Path(os.environ.get("FEEDBACK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
DAY = date(2026, 3, 2)
GROUNDS = Grounds(as_of=DAY, span_days=91)
RESAMPLES = 500
LEAST_VOICES = 20
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Drawn:
    """One theme in one resample."""

    topic: str
    reach: float
    low: float
    high: float


def voices() -> list[Voice]:
    """The clauses as the linear model labels them, each a review of its own."""
    texts = [clause.text for clause in clauses(DATA / GOLD_DEV)]
    labels = load_classifier("linear-zh").label(texts)
    return [
        Voice(
            f"R-{number}",
            0,
            len(text),
            text,
            label,
            "应用商店",
            datetime.combine(DAY, time(12), CHINA),
        )
        for number, (text, label) in enumerate(zip(texts, labels, strict=True))
    ]


def is_candidate(voice: Voice) -> bool:
    """Say what `storage.annotations` says of candidates for themes."""
    return voice.labels.polarity is Polarity.NEG or voice.labels.intent is Intent.REQUEST


def by_topic(voices: list[Voice]) -> dict[str, list[Voice]]:
    found = defaultdict(list)
    for voice in filter(is_candidate, voices):
        found[voice.labels.topics[0].code].append(voice)
    return found


def reached(topic: str, said: list[Voice], taxonomy: Taxonomy) -> Drawn:
    theme = make_theme(said, topic=topic)
    priority = prioritise(theme, said, taxonomy, GROUNDS).priority
    return Drawn(topic, priority.reach, priority.reach_low, priority.reach_high)


def resamples(voices: list[Voice]) -> Iterator[list[Voice]]:
    """Draw as many clauses as there are, with replacement; each is a new user."""
    generator = np.random.default_rng(SEED)
    for round_ in range(RESAMPLES):
        yield [
            replace(voices[place], review_id=f"{round_}-{number}")
            for number, place in enumerate(generator.integers(len(voices), size=len(voices)))
        ]


def test_the_interval_of_reach_holds_the_truth_about_eight_times_in_ten() -> None:
    taxonomy, everything = load_taxonomy(), voices()
    truth = {
        topic: reached(topic, said, taxonomy).reach
        for topic, said in by_topic(everything).items()
        if len(said) >= LEAST_VOICES
    }
    assert len(truth) >= 5
    held: defaultdict[str, list[bool]] = defaultdict(list)
    for drawn in resamples(everything):
        for topic, said in by_topic(drawn).items():
            if topic in truth:
                found = reached(topic, said, taxonomy)
                held[topic].append(found.low <= truth[topic] <= found.high)
    coverage = {topic: float(np.mean(each)) for topic, each in held.items()}
    for topic, share in sorted(coverage.items()):
        print(f"{topic}: reach {truth[topic]:.1f}, covered {share:.1%}")  # noqa: T201 (`pytest -s`)
    print(f"all: {np.mean(list(coverage.values())):.1%}")  # noqa: T201
    assert all(0.70 <= share <= 0.90 for share in coverage.values())
    assert 0.75 <= np.mean(list(coverage.values())) <= 0.85
