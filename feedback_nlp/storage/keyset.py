"""Pages of a list that go on behind the last row of the page before: no row is counted twice.

An OFFSET reads all that it skips, and shifts when rows come in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Row, Select, tuple_
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Part:
    """At most so many rows, those behind a sort key."""

    limit: int
    after: tuple[Any, ...] | None = None
    """The key of the last row of the page before; None begins at the start."""


def rows_of(
    session: Session,
    query: Select[Any],
    key: Sequence[Column[Any]],
    part: Part,
    *,
    newest_first: bool = False,
) -> Sequence[Row[Any]]:
    """Return a part of `query` in the order of `key`, which is unique and never null."""
    position = tuple_(*key)
    order = [column.desc() for column in key] if newest_first else key
    page = query.order_by(*order).limit(part.limit)
    if part.after is not None:
        page = page.where(position < part.after if newest_first else position > part.after)
    return session.execute(page).all()


def dated_rows(
    session: Session,
    query: Select[Any],
    key: tuple[Column[Any], Column[Any]],
    part: Part,
    *,
    newest_first: bool = False,
) -> list[Row[Any]]:
    """Return a part in the order of a time that may be null and an id; rows without time last.

    `key` is (time, id), and both stand in an index behind the workspace.
    """
    moment, name = key
    found: list[Row[Any]] = []
    if part.after is None or part.after[0] is not None:
        dated = query.where(moment.is_not(None))
        found += rows_of(session, dated, key, part, newest_first=newest_first)
    if len(found) < part.limit:
        undated = part.after is not None and part.after[0] is None
        behind = (part.after[1],) if undated and part.after else None
        rest = Part(part.limit - len(found), behind)
        without = query.where(moment.is_(None))
        found += rows_of(session, without, (name,), rest, newest_first=newest_first)
    return found
