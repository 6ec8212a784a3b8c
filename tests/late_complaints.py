"""A few complaints of one week, answered, late, nearly late; the week ends on a Monday."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from builders import make_labels
from sqlalchemy import Engine

from feedback_nlp.records import (
    CHINA,
    Annotation,
    Opinion,
    Probabilities,
    Reply,
    Review,
    ReviewKind,
)
from feedback_nlp.storage import annotations, reviews
from feedback_nlp.storage.database import transaction

NOW: Final = datetime(2026, 3, 9, 10, 20, tzinfo=CHINA)
HOUR: Final = timedelta(hours=1)
WEEK: Final = NOW - 7 * 24 * HOUR
_WORDS: Final = {
    "logistics.speed": "送得太慢",
    "performance.crash": "老是闪退",
    "account.login": "登不上去",
}


def _review(key: str, topic: str, created_at: datetime | None, **fields: Any) -> Review:  # noqa: ANN401 (any field)
    given: dict[str, Any] = {"kind": ReviewKind.TICKET, "channel": "客服"} | fields
    text = f"{_WORDS[topic]}，请看看"
    return Review(key, text=text, created_at=created_at, **given)


def complaints() -> list[tuple[Review, str, int]]:
    """Return reviews, each with its topic and severity.

    late: tier B, late since Saturday. soon: tier A, came on Friday 17:30. grave: severity 3, came
    after `late`. quick, slow: answered in time, resolved; answered too late. calm: a review.
    """
    friday = datetime(2026, 3, 6, 17, 30, tzinfo=CHINA)
    quick = (Reply("您好", WEEK + HOUR),)
    slow = (Reply("久等了", WEEK + 50 * HOUR),)
    speed, crash, login = _WORDS
    return [
        (_review("late", speed, friday - 4 * HOUR, author_tier="B"), speed, 2),
        (_review("soon", speed, friday, author_tier="A"), speed, 1),
        (_review("grave", login, friday - HOUR), login, 3),
        (_review("quick", crash, WEEK, replies=quick, resolved_at=WEEK + 2 * HOUR), crash, 2),
        (_review("slow", crash, WEEK, replies=slow, author_tier="C"), crash, 2),
        (
            _review("calm", crash, WEEK, replies=quick, kind=ReviewKind.REVIEW, channel="商店"),
            crash,
            1,
        ),
        (_review("ancient", crash, NOW - 100 * 24 * HOUR), crash, 1),
        (_review("undated", crash, None), crash, 1),
    ]


def fill(
    engine: Engine,
    workspace: str,
    *,
    model: str,
    made: Sequence[tuple[Review, str, int]] | None = None,
) -> None:
    """Store the complaints, read by `model`."""
    found = complaints() if made is None else made
    with transaction(engine) as session:
        reviews.add(session, workspace, [review for review, _, _ in found], now=NOW)
        annotations.add(session, workspace, [_read(*each, model) for each in found])


def _read(review: Review, topic: str, severity: int, model: str) -> Annotation:
    labels = make_labels(topic, severity=severity)
    said = Opinion(0, 4, review.text[:4], labels)
    chances = Probabilities(0.9, 0.06, 0.04)
    return Annotation(
        review.id, review.text, labels.polarity, chances, labels.uncertain, (said,), model
    )
