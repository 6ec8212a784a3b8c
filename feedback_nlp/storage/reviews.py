"""Reviews and their earlier revisions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import Any, Final

from sqlalchemy import Exists, Row, Select, bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError
from feedback_nlp.records import Review, ReviewKind
from feedback_nlp.storage import tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.paging import CHUNK, in_review_order
from feedback_nlp.storage.planner import refresh_statistics

_T: Final = tables.reviews
_OLD: Final = tables.review_revisions
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


@dataclass(frozen=True, slots=True)
class Added:
    """What an import changed."""

    added: int = 0
    revised: int = 0
    """Known ids that came with another text or other fields; the earlier version is kept."""
    unchanged: int = 0


def text_hash(text: str) -> str:
    """Name a text, so that an annotation can tell whether it read the present one."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def add(session: Session, workspace: str, reviews: Sequence[Review], *, now: datetime) -> Added:
    """Store reviews; those stored already with the same content change nothing.

    A known id with any other content becomes a new revision: the earlier version moves to
    `revisions`, and if the text differs, its annotations no longer count and it is pending again.

    Raises:
        InputError: a string holds a NUL or a lone surrogate, which no database can keep.
    """
    for review in reviews:
        _check(review)
    lock(session, workspace, "reviews")
    added = revised = 0
    for chunk in _without_repeats(reviews):
        stored = _rows(session, workspace, [review.id for review in chunk])
        new = [review for review in chunk if review.id not in stored]
        changed = [
            review
            for review in chunk
            if review.id in stored and to_review(stored[review.id]) != review
        ]
        if new:
            session.execute(insert(_T), [_values(workspace, review, 1, now) for review in new])
        if changed:
            _revise(session, workspace, changed, stored, now=now)
        refresh_statistics(session, _T)
        added += len(new)
        revised += len(changed)
    return Added(added, revised, len(reviews) - added - revised)


def get(session: Session, workspace: str, review_id: str) -> Review | None:
    """Return the present version of one review."""
    row = session.execute(_all(workspace).where(_T.c.id == review_id)).one_or_none()
    return to_review(row) if row else None


def pending(
    session: Session, workspace: str, *, model: str, limit: int, after: Review | None = None
) -> list[Review]:
    """Return at most `limit` reviews whose present text `model` has not annotated.

    Oldest first, reviews without a time last, then by id. With `after`, only those behind that
    review: a caller that walks through a million need not pass the finished ones each time.
    """
    pages = in_review_order(
        session,
        _all(workspace).where(~_is_done(model)),
        batch=limit,
        after=(after.created_at, after.id) if after else None,
    )
    return list(islice((to_review(row) for page in pages for row in page), limit))


def count_pending(session: Session, workspace: str, *, model: str) -> int:
    """Count the reviews whose present text `model` has not annotated."""
    mine = select(_T.c.id).where(_T.c.workspace_id == workspace, ~_is_done(model))
    return session.execute(select(func.count()).select_from(mine.subquery())).scalar_one()


def every(session: Session, workspace: str, *, batch: int = 1_000) -> Iterator[Review]:
    """Walk through all reviews, oldest first, those without a time last, then by id."""
    for page in in_review_order(session, _all(workspace), batch=batch):
        yield from map(to_review, page)


def time_span(session: Session, workspace: str) -> tuple[datetime | None, datetime | None]:
    """Return the times of the oldest and the newest review, in UTC; None when none has a time."""
    query = select(func.min(_T.c.created_at), func.max(_T.c.created_at))
    oldest, newest = session.execute(query.where(_T.c.workspace_id == workspace)).one()
    return oldest, newest


def revisions(session: Session, workspace: str, review_id: str) -> list[Review]:
    """Return the earlier versions of one review, first one first; the present one is not among."""
    query = (
        select(_OLD, _OLD.c.review_id.label("id"))
        .where(_OLD.c.workspace_id == workspace, _OLD.c.review_id == review_id)
        .order_by(_OLD.c.revision)
    )
    return [to_review(row) for row in session.execute(query)]


def to_review(row: Row[Any]) -> Review:
    """Build the record from a row that has the review's columns."""
    return Review(
        id=row.id,
        channel=row.channel,
        text=row.text,
        external_id=row.external_id,
        kind=ReviewKind(row.kind),
        created_at=row.created_at,
        product=row.product,
        version=row.version,
        region=row.region,
        author_id=row.author_id,
        author_tier=row.author_tier,
        rating=row.rating,
        nps=row.nps,
        likes=row.likes,
        extras=tuple((header, value) for header, value in row.extras),
    )


def _all(workspace: str) -> Select[Any]:
    return select(_T).where(_T.c.workspace_id == workspace)


def _is_done(model: str) -> Exists:
    seen = tables.annotations.c
    return exists().where(
        seen.workspace_id == _T.c.workspace_id,
        seen.model == model,
        seen.review_id == _T.c.id,
        seen.text_hash == _T.c.text_hash,
    )


def _rows(session: Session, workspace: str, ids: Sequence[str]) -> dict[str, Row[Any]]:
    return {row.id: row for row in session.execute(_all(workspace).where(_T.c.id.in_(ids)))}


def _revise(
    session: Session,
    workspace: str,
    reviews: Sequence[Review],
    stored: dict[str, Row[Any]],
    *,
    now: datetime,
) -> None:
    names = [column.name for column in _OLD.columns if column.name != "review_id"]
    session.execute(
        insert(_OLD),
        [
            {"review_id": review.id} | {name: getattr(stored[review.id], name) for name in names}
            for review in reviews
        ],
    )
    fresh = [_values(workspace, review, stored[review.id].revision + 1, now) for review in reviews]
    statement = update(_T).where(
        _T.c.workspace_id == bindparam("in_workspace"), _T.c.id == bindparam("of_id")
    )
    session.execute(
        statement, [row | {"in_workspace": workspace, "of_id": row["id"]} for row in fresh]
    )


def _values(workspace: str, review: Review, revision: int, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": workspace,
        "id": review.id,
        "channel": review.channel,
        "text": review.text,
        "external_id": review.external_id,
        "kind": review.kind.value,
        "created_at": review.created_at,
        "product": review.product,
        "version": review.version,
        "region": review.region,
        "author_id": review.author_id,
        "author_tier": review.author_tier,
        "rating": review.rating,
        "nps": review.nps,
        "likes": review.likes,
        "extras": review.extras,
        "imported_at": now,
        "revision": revision,
        "text_hash": text_hash(review.text),
    }


def _without_repeats(reviews: Sequence[Review]) -> Iterator[list[Review]]:
    """Cut into chunks in which no id occurs twice: a repeat must meet the stored first one."""
    chunk: dict[str, Review] = {}
    for review in reviews:
        if len(chunk) == CHUNK or review.id in chunk:
            yield list(chunk.values())
            chunk = {}
        chunk[review.id] = review
    if chunk:
        yield list(chunk.values())


def _check(review: Review) -> None:
    for name in _STRINGS:
        value = getattr(review, name)
        if value is not None and not _storable(value):
            raise InputError(f"评论 {review.id!a} 的 {name} 含有 NUL 或残缺的字符，无法保存")


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
