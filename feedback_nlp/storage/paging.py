"""Reads and writes in portions, so that size never meets a database's limits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Row, Select, tuple_
from sqlalchemy.orm import Session

from feedback_nlp.storage.tables import reviews

CHUNK: Final = 1_000
"""Keys in one IN list; SQLite allows 32,766 parameters, PostgreSQL 65,535."""

T = TypeVar("T")


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut `items` into lists of at most `size`, in order."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def in_review_order(
    session: Session,
    query: Select[Any],
    *,
    batch: int,
    after: tuple[datetime | None, str] | None = None,
) -> Iterator[Sequence[Row[Any]]]:
    """Yield pages of `query`, oldest review first, reviews without a time last, then by id.

    Each page is a query of its own that continues behind the last row, so the caller may write
    between pages. `query` selects `reviews.created_at` and `reviews.id` among its columns.
    """
    size = max(1, min(batch, CHUNK))
    moment, key = reviews.c.created_at, reviews.c.id
    if after is None or after[0] is not None:
        page = query.where(moment.is_not(None)).order_by(moment, key).limit(size)
        position = after
        while rows := session.execute(
            page if position is None else page.where(tuple_(moment, key) > position)
        ).all():
            yield rows
            position = (rows[-1].created_at, rows[-1].id)
        after = None
    page = query.where(moment.is_(None)).order_by(key).limit(size)
    last = after[1] if after else None
    while rows := session.execute(page if last is None else page.where(key > last)).all():
        yield rows
        last = rows[-1].id
