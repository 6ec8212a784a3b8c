"""Small records made by hand: every field has a plain default, a test names what it is about."""

import csv
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.records import (
    CHINA,
    Intent,
    Labels,
    Polarity,
    Probabilities,
    Taxonomy,
    Theme,
    Topic,
    TopicProbability,
    Voice,
)

NOW: Final = datetime(2026, 6, 1, 9, 0, tzinfo=CHINA)
TODAY: Final = date(2026, 3, 2)
MONDAY: Final = datetime(2026, 3, 2, 12, 0, tzinfo=CHINA)


def make_topic(code: str, name: str, department: str, lane: str, weeks: float) -> Topic:
    group = code.split(".", maxsplit=1)[0]
    return Topic(code, name, f"{name}的说明", group, group, department, lane, weeks)


TAXONOMY: Final = Taxonomy(
    version="2026-01-01",
    topics=(
        make_topic("performance.crash", "闪退故障", "研发", "weekly", 2),
        make_topic("performance.speed", "卡顿速度", "研发", "monthly", 4),
        make_topic("logistics.speed", "配送时效", "物流", "weekly", 2),
        make_topic("aftersales.return_refund", "退换退款", "售后", "weekly", 2),
        make_topic("account.login", "登录账号", "研发", "weekly", 2),
        make_topic("account.privacy", "隐私安全", "研发", "emergency", 3),
        make_topic("appearance.look", "外观款式", "产品", "quarterly", 6),
        make_topic("venue.facility", "设施", "门店运营", "yearly", 8),
        make_topic("general.overall", "总体评价", "产品", "quarterly", 4),
    ),
)


def make_labels(topic: str = "performance.crash", **changes: Any) -> Labels:  # noqa: ANN401 (any field of Labels)
    labels = Labels(
        polarity=Polarity.NEG,
        probabilities=Probabilities(0.9, 0.06, 0.04),
        uncertain=False,
        topics=(TopicProbability(topic, 0.9),),
        intent=Intent.COMPLAINT,
        severity=2,
    )
    return replace(labels, **changes)


def make_voice(text: str, topic: str = "performance.crash", **changes: Any) -> Voice:  # noqa: ANN401 (any field of Voice, or severity)
    """One opinion that is a whole review; `severity` and `uncertain` change its labels."""
    asked = {key: changes.pop(key) for key in ("severity", "uncertain") if key in changes}
    voice = Voice(
        review_id="R-1",
        start=0,
        end=len(text),
        text=text,
        labels=make_labels(topic, **asked),
        channel="应用商店",
        created_at=MONDAY,
    )
    return replace(voice, **changes)


def make_voices(
    texts: Iterable[str],
    topic: str = "performance.crash",
    *,
    prefix: str = "R",
    **changes: Any,  # noqa: ANN401 (any field of Voice)
) -> list[Voice]:
    """One voice for each text, each of another review and so of another user."""
    return [
        make_voice(text, topic, **{"review_id": f"{prefix}-{place:03d}", **changes})
        for place, text in enumerate(texts, start=1)
    ]


def make_theme(voices: Iterable[Voice] = (), **changes: Any) -> Theme:  # noqa: ANN401 (any field of Theme)
    """A theme whose members are `voices`; the counts of tests that matter are given."""
    members = sorted((voice.review_id, voice.start) for voice in voices)
    theme = Theme(
        id="T-0001",
        name="闪退故障：一打开就闪退",
        topic="performance.crash",
        keywords=("闪退",),
        quotes=(),
        members=tuple(members),
        count=len(members),
        reviews=len({review for review, _ in members}),
        users=len({review for review, _ in members}),
        negative_share=1.0,
        first_seen=MONDAY,
        last_seen=MONDAY,
        trend=(),
        by_channel=(("应用商店", len(members)),),
        by_version=(("", len(members)),),
        by_region=(("", len(members)),),
        by_rating=(("", len(members)),),
    )
    return replace(theme, **changes)


def shanghai(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


def complaints() -> list[Voice]:
    """The thirty complaints of `samples/complaints.csv`: four themes, and some that are none."""
    path = Path(__file__).parent / "samples" / "complaints.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            make_voice(
                row["内容"],
                row["topic"],
                review_id=row["id"],
                author_id=row["用户"],
                created_at=datetime.fromisoformat(row["时间"]).replace(tzinfo=CHINA),
                channel=row["渠道"],
                version=row["版本"] or None,
            )
            for row in csv.DictReader(stream)
        ]


TOPIC_OF: Final = {
    "闪退": "performance.crash",
    "卡": "performance.speed",
    "配送": "logistics.speed",
    "退款": "aftersales.return_refund",
    "登录": "account.login",
}
PRAISE: Final = "喜欢"
DIMENSIONS: Final = 512


@dataclass(frozen=True, slots=True)
class SpotClassifier:
    """A classifier that looks for one word; vectors count hashed characters and pairs."""

    version: str = "spot/2026-01-01"

    def label(self, clauses: Sequence[str]) -> list[Labels]:
        return [_spot(clause) for clause in clauses]

    def encode(self, clauses: Sequence[str]) -> npt.NDArray[np.float32]:
        vectors = np.zeros((len(clauses), DIMENSIONS), dtype=np.float32)
        for row, clause in enumerate(clauses):
            for gram in [*clause, *map("".join, pairwise(clause))]:
                vectors[row, zlib.crc32(gram.encode()) % DIMENSIONS] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _spot(clause: str) -> Labels:
    topic = next((code for word, code in TOPIC_OF.items() if word in clause), "general.overall")
    if PRAISE not in clause:
        return make_labels(topic)
    return make_labels(
        topic,
        polarity=Polarity.POS,
        probabilities=Probabilities(0.04, 0.06, 0.9),
        intent=Intent.PRAISE,
        severity=0,
    )
