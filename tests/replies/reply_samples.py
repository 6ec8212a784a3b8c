"""Reviews and what they say in a theme, made by hand."""

from datetime import datetime, timedelta
from typing import Any

from builders import NOW, make_voice

from feedback_nlp.records import Answered, Purpose, Review, Sent
from feedback_nlp.replies.audience import Addressee, Heard, Known, audience


def heard(
    key: str,
    text: str = "一打开就闪退",
    author: str | None = None,
    *,
    days: float | None = 0,
    severity: int = 2,
    **fields: Any,  # noqa: ANN401 (any field of Review, held and theirs)
) -> Heard:
    """A review of so many days ago that says one thing, in the theme."""
    state = {name: fields.pop(name) for name in ("held", "theirs") if name in fields}
    at = None if days is None else NOW - timedelta(days=days)
    review = Review(key, "应用商店", text, created_at=at, author_id=author, **fields)
    voice = make_voice(text, review_id=key, author_id=author, severity=severity)
    return Heard(review, (voice,), **state)


def only(each: Heard) -> Addressee:
    (found,) = audience([each], Known()).addressees
    return found


def sent(
    number: int,
    purpose: Purpose = Purpose.TOLD,
    user: str | None = "U-1",
    result: Answered | None = None,
    *,
    at: datetime = NOW,
    ticket: str = "K-0001",
) -> Sent:
    return Sent(
        number, purpose, f"R-{user}", "应用商店", "", "小李", at, ticket, user, result=result
    )
