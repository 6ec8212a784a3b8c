"""Many small reviews for comparisons: who complains of what, straight into a database."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from builders import NOW
from sqlalchemy import Engine
from storage_samples import annotation, labels, review

from feedback_nlp.records import Annotation, Competitor, Intent, Polarity, Review, TopicProbability
from feedback_nlp.storage import annotations, competitors, reviews
from feedback_nlp.storage.database import transaction

MODEL: Final = "model/1"
HOME: Final = "default"
THEIRS: Final = "别家买菜"
CRASH, SLOW, LOGIN = "performance.crash", "performance.speed", "account.login"
TEXTS: Final = {CRASH: "又闪退了", SLOW: "卡得要命", LOGIN: "登不进去"}


def said(key: str, topic: str | None, **fields: object) -> tuple[Review, Annotation]:
    """One review that complains of a topic, or of nothing."""
    one = review(key, TEXTS[topic] if topic else "还可以", **fields)
    what = labels(Polarity.NEU, Intent.OTHER)
    if topic is not None:
        what = replace(labels(), topics=(TopicProbability(topic, 0.9),))
    return one, annotation(one, (0, len(one.text), what), model=MODEL)


def crowd(
    prefix: str, topics: Sequence[str | None], at: datetime | None = NOW, **fields: object
) -> list[tuple[Review, Annotation]]:
    """One review by one user for each topic."""
    return [
        said(f"{prefix}{n:04}", topic, created_at=at, author_id=f"u-{prefix}{n:04}", **fields)
        for n, topic in enumerate(topics)
    ]


def store(engine: Engine, found: Iterable[tuple[Review, Annotation]]) -> None:
    pairs = list(found)
    with transaction(engine) as session:
        reviews.add(session, HOME, [one for one, _ in pairs], now=NOW)
        annotations.add(session, HOME, [made for _, made in pairs])


def mark(engine: Engine, product: str = THEIRS, *, active: bool = True) -> None:
    with transaction(engine) as session:
        told = Competitor(product, "小李", NOW)
        competitors.mark_product(session, HOME, told, active=active)


def many(topic: str, complaining: int, of: int) -> list[str | None]:
    """So many of so many users complain of this topic."""
    return [topic] * complaining + [None] * (of - complaining)
