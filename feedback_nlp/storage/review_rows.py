"""Review rows: how one is written, read and compared."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import chain
from math import isfinite
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Text, cast

from feedback_nlp.records import Reply, Review, ReviewKind
from feedback_nlp.storage.columns import dump_json
from feedback_nlp.storage.storable import check_storable, is_storable
from feedback_nlp.storage.tables import reviews as _T  # noqa: N812 (a table)

_PLAIN: Final = (
    "channel",
    "external_id",
    "created_at",
    "product",
    "version",
    "region",
    "author_id",
    "author_tier",
    "rating",
    "nps",
    "csat",
    "likes",
    "resolved_at",
)
"""Fields that look in a row as they look in the record."""

_STRINGS: Final = (
    "id",
    "channel",
    "text",
    "external_id",
    "product",
    "version",
    "region",
    "author_id",
    "author_tier",
)
_strings: Final = attrgetter(*_STRINGS)
_plain: Final = attrgetter(*_PLAIN)

CONTENT: Final[tuple[ColumnElement[Any], ...]] = (
    _T.c.text_hash,
    _T.c.kind,
    *(cast(_T.c[name], Text) for name in ("extras", "replies", "masked")),
    *(_T.c[name] for name in _PLAIN),
)
"""What `content` returns; a known text is not fetched, and JSON not parsed, to compare them."""


def text_hash(text: str) -> str:
    """Name a text, so that an annotation can tell whether it read the present one."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def to_review(row: Row[Any]) -> Review:
    """Build the record from a row that has the review's columns."""
    return Review(
        id=row.id,
        text=row.text,
        kind=ReviewKind(row.kind),
        replies=tuple(
            Reply(text, None if at is None else datetime.fromisoformat(at))
            for text, at in row.replies
        ),
        masked=tuple(row.masked),
        extras=tuple((header, value) for header, value in row.extras),
        **{name: getattr(row, name) for name in _PLAIN},
    )


def review_values(
    workspace: str, review: Review, *, revision: int, now: datetime
) -> dict[str, Any]:
    """Write a review as a row."""
    return dict(zip(_PLAIN, _plain(review), strict=True)) | {
        "workspace_id": workspace,
        "id": review.id,
        "text": review.text,
        "kind": review.kind.value,
        "replies": _replies(review),
        "masked": review.masked,
        "extras": review.extras,
        "imported_at": now,
        "revision": revision,
        "text_hash": text_hash(review.text),
    }


def content(review: Review) -> tuple[object, ...]:
    """Return what the columns `CONTENT` hold once this review is stored."""
    return (
        text_hash(review.text),
        review.kind.value,
        dump_json(review.extras),
        dump_json(_replies(review)),
        dump_json(review.masked),
        *_plain(review),
    )


def check_reviews(reviews: Iterable[Review]) -> None:
    """Refuse what the databases cannot keep.

    Raises:
        InputError: names the review and the field.
    """
    for review in reviews:
        # One look at all strings together; which one is broken matters only when one is.
        whole = "".join(filter(None, (*_strings(review), *_nested(review))))
        if not is_storable(whole) or not isfinite(review.rating or 0):
            named = zip((*_STRINGS, "rating"), (*_strings(review), review.rating), strict=True)
            nested = (("replies / masked / extras", value) for value in _nested(review))
            check_storable(f"评论 {review.id!a}", (*named, *nested))


def _nested(review: Review) -> list[str]:
    return [
        *(reply.text for reply in review.replies),
        *review.masked,
        *chain.from_iterable(review.extras),
    ]


def _replies(review: Review) -> list[list[str | None]]:
    return [[reply.text, _written(reply.at)] for reply in review.replies]


def _written(at: datetime | None) -> str | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone reached the database: {at.isoformat()}")
    return at.astimezone(UTC).isoformat()
