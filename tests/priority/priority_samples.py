"""Grounds and voices for the tests of priorities, and hypothesis strategies that provoke them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from builders import TAXONOMY, make_labels, make_theme, make_voice
from hypothesis import strategies as st

from feedback_nlp.priority.crowd import Crowd, gather_crowd
from feedback_nlp.priority.grounds import Correction, Grounds, Ratings
from feedback_nlp.priority.rfm import Worth
from feedback_nlp.priority.rice import Scored, prioritise
from feedback_nlp.priority.window import window_of
from feedback_nlp.records import (
    CHINA,
    EffortKind,
    EffortNote,
    Metric,
    Polarity,
    Policy,
    Probabilities,
    Segment,
    Theme,
    Verdict,
    Voice,
)
from feedback_nlp.satisfaction.drivers import Driver

AS_OF: Final = date(2026, 3, 2)
"""The day of the newest review; voices of `builders` are of this day."""
QUARTER: Final = Grounds(as_of=AS_OF, span_days=91)
"""A whole quarter of data and nothing else known: a user is a user."""


def ago(days: int) -> datetime:
    """Noon of so many days before `AS_OF`."""
    return datetime.combine(AS_OF - timedelta(days=days), time(12), CHINA)


def sure(text: str = "闪退", *, chance: float = 1.0, **changes: Any) -> Voice:  # noqa: ANN401 (any field of Voice)
    """One complaint of which the classifier is so sure."""
    rest = (1 - chance) / 2
    severity = changes.pop("severity", 2)
    labels = make_labels(probabilities=Probabilities(chance, rest, rest), severity=severity)
    return make_voice(text, labels=labels, **changes)


def wish(text: str = "希望能改", **changes: Any) -> Voice:  # noqa: ANN401 (any field of Voice)
    """One request, which is against nothing."""
    labels = make_labels(
        polarity=Polarity.NEU, probabilities=Probabilities(0.1, 0.8, 0.1), severity=0
    )
    return make_voice(text, labels=labels, **changes)


def users(number: int, prefix: str = "R", **changes: Any) -> list[Voice]:  # noqa: ANN401 (any field of Voice)
    """One certain complaint of each of so many reviews."""
    return [sure(review_id=f"{prefix}-{place:04d}", **changes) for place in range(number)]


def crowd_of(voices: Iterable[Voice], grounds: Grounds = QUARTER) -> Crowd:
    return gather_crowd(list(voices), grounds, window_of(grounds))


def score(
    voices: Iterable[Voice],
    grounds: Grounds = QUARTER,
    **theme: Any,  # noqa: ANN401 (any field of Theme)
) -> Scored:
    voices = list(voices)
    return prioritise(theme_of(voices, **theme), voices, TAXONOMY, grounds)


def theme_of(voices: Iterable[Voice], **changes: Any) -> Theme:  # noqa: ANN401 (any field of Theme)
    return make_theme(voices, **changes)


def reason(scored: Scored, of: str) -> str:
    return scored.priority.reason(of)


def estimate(weeks: float, theme_id: str = "T-0001") -> EffortNote:
    return EffortNote(EffortKind.ESTIMATE, theme_id, weeks, "小李", ago(0))


def driver(
    drop: float, *, q: float = 0.01, answers: int = 12, metric: Metric = Metric.NPS
) -> Driver:
    return Driver("T-0001", metric, 20 + drop, 20, drop, drop, drop, answers, q)


PEOPLE: Final = (None, "甲", "乙", "丙", "丁")
TIERS: Final = (None, "A", "C", "钻石", "没写的等级")
TEXTS: Final = ("闪退", "卸载了", "再也不用了", "起火了", "要去投诉曝光", "希望能改")


@st.composite
def any_voice(draw: st.DrawFn, review_id: str = "R-1", start: int = 0) -> Voice:
    """A voice of a review whose facts hang on its id alone, as in any data."""
    seed = sum(map(ord, review_id))
    complains = draw(st.booleans())
    voice = (sure if complains else wish)(
        draw(st.sampled_from(TEXTS)),
        **({"chance": draw(st.floats(0.34, 1.0))} if complains else {}),
        review_id=review_id,
        start=start,
        author_id=PEOPLE[seed % 5],
        author_tier=TIERS[seed % 7 % 5],
        channel=("应用商店", "微博", "客服")[seed % 3],
        created_at=None if seed % 11 == 0 else ago(seed * 7 % 130),
        rating=(None, 1.0, 2.5, 5.0)[seed % 4],
        likes=(0, 0, 3, 10**9)[seed % 13 % 4],
    )
    level = draw(st.integers(0 if not complains else 1, 3 if complains else 0))
    labels = replace(voice.labels, severity=level, uncertain=draw(st.booleans()))
    return replace(voice, labels=labels)


@st.composite
def any_voices(draw: st.DrawFn, prefix: str = "R", most: int = 12) -> list[Voice]:
    """Voices of some reviews, several of one review among them."""
    reviews = draw(st.lists(st.integers(1, 40), min_size=1, max_size=most))
    return [
        draw(any_voice(f"{prefix}-{review}", start * 10)) for start, review in enumerate(reviews)
    ]


@st.composite
def any_grounds(draw: st.DrawFn) -> Grounds:
    """All that may be known besides opinions; policies from nothing to a hundredfold."""
    days = draw(st.integers(1, 200))
    weights = st.sampled_from([0.0, 0.5, 1.0, 1.5, 100.0])
    factor = draw(st.sampled_from([0.5, 0.9, 1.0, 1.7, 2.0]))
    return Grounds(
        as_of=draw(st.sampled_from([None, AS_OF])),
        span_days=days,
        policy=Policy(
            tiers=(("A", draw(weights)), ("钻石", draw(weights))),
            segments=((Segment.LOST, draw(weights)), (Segment.NEW, draw(weights))),
            strategy=draw(
                st.sampled_from([(), (("performance", 2.0),), (("performance.crash", 0.0),)])
            ),
        ),
        exposure={
            AS_OF - timedelta(days=day): draw(st.integers(0, 10**6))
            for day in range(draw(st.sampled_from([0, 5, 20])))
        },
        worth={
            "甲": Worth("A", Segment.LOST),
            "乙": Worth(None, Segment.NEW),
            "丙": Worth("钻石", None),
        },
        correction=draw(st.sampled_from([None, Correction(factor, 0.9 * factor, 1.2 * factor)])),
        ratings=draw(st.sampled_from([Ratings(), Ratings(100, 420.0)])),
        drivers=draw(st.sampled_from([{}, {"T-0001": [driver(3.0), driver(-1.0, q=0.5)]}])),
        usual_cohesion=draw(st.sampled_from([None, 0.6])),
        outcomes={"performance.crash": draw(st.lists(st.sampled_from(list(Verdict)), max_size=6))},
        estimates=draw(
            st.sampled_from([{}, {"T-0001": estimate(0.05)}, {"T-0001": estimate(520.0)}])
        ),
    )
