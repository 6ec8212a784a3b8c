"""Adding and reading the tables whose columns are the fields of one record."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, Table, and_, delete, func, select, tuple_
from sqlalchemy.orm import Session

from feedback_nlp.records import CHINA
from feedback_nlp.storage.bulk import insert_rows
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.paging import CHUNK
from feedback_nlp.storage.planner import refresh_statistics
from feedback_nlp.storage.reviews import Added
from feedback_nlp.storage.storable import check_storable

_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(9999, 1, 1)
"""Days outside are outside the calendar once they are moved to UTC."""

T = TypeVar("T")
Identity = Callable[[Any], Any]
"""Reads the key of a record or a row, one value or several."""


@dataclass(frozen=True, slots=True)
class Store(Generic[T]):
    """A table that keeps one kind of record under the columns that identify it."""

    table: Table
    kind: type[T]
    noun: str
    """The record in Chinese, for messages."""

    def names(self) -> tuple[str, ...]:
        """Return the fields of the record, which are columns of the table."""
        return tuple(field.name for field in fields(self.kind))  # type: ignore[arg-type]

    def key(self) -> tuple[Column[Any], ...]:
        """Return the columns that identify a record inside its workspace."""
        return tuple(column for column in self.table.primary_key if column.name != "workspace_id")


def upsert(
    session: Session, workspace: str, store: Store[T], items: Sequence[T], *, now: datetime
) -> Added:
    """Store records; one with a known key replaces that one, the same content changes nothing.

    Unlike reviews, these tables keep no earlier versions. The last one of a key wins.

    Raises:
        InputError: a value that no database can keep; the message names record and field.
    """
    names, identity = store.names(), attrgetter(*(column.name for column in store.key()))
    for item in items:
        subject = f"{store.noun} {identity(item)!a}"
        check_storable(subject, ((name, getattr(item, name)) for name in names))
    lock(session, workspace, store.table.name)
    added = revised = 0
    for chunk in _without_repeats(items, identity):
        known = _known(session, workspace, store, chunk, identity)
        new = [item for key, item in chunk.items() if key not in known]
        changed = {key: item for key, item in chunk.items() if known.get(key, item) != item}
        if changed:
            session.execute(delete(store.table).where(_of(workspace, store, list(changed))))
        rows = [
            {"workspace_id": workspace, "imported_at": now}
            | {name: getattr(item, name) for name in names}
            for item in (*new, *changed.values())
        ]
        insert_rows(session, store.table, rows)
        refresh_statistics(session, store.table)
        added += len(new)
        revised += len(changed)
    return Added(added, revised, len(items) - added - revised)


def mark(session: Session, workspace: str, store: Store[T]) -> tuple[object, ...]:
    """Return what is cheap to read and differs once something was stored."""
    column = store.table.c.imported_at
    query = select(func.count(), func.max(column)).where(store.table.c.workspace_id == workspace)
    return tuple(session.execute(query).one())


def walk(session: Session, workspace: str, store: Store[T], *, batch: int) -> Iterator[T]:
    """Yield all records in the order of their keys, page by page."""
    key, size = store.key(), max(1, min(batch, CHUNK))
    names = store.names()
    page = (
        select(*(store.table.c[name] for name in names))
        .where(store.table.c.workspace_id == workspace)
        .order_by(*key)
        .limit(size)
    )
    query = page
    while rows := session.execute(query).all():
        yield from (store.kind(*row) for row in rows)
        last = tuple(getattr(rows[-1], column.name) for column in key)
        query = page.where(tuple_(*key) > last)


def part(
    session: Session, workspace: str, store: Store[T], page: Part, *these: ColumnElement[bool]
) -> list[T]:
    """Return a part of the records, in the order of their keys."""
    query = select(*(store.table.c[name] for name in store.names()))
    mine = query.where(store.table.c.workspace_id == workspace, *these)
    make: Callable[..., T] = store.kind
    return [make(*row) for row in rows_of(session, mine, store.key(), page)]


def in_days(column: Column[Any], first: date | None, last: date) -> ColumnElement[bool]:
    """Restrict a time to the days from `first` to `last`, both included, as China counts them.

    Without `first` all days up to `last` count.
    """
    until = column < datetime.combine(last, time(), CHINA) + timedelta(days=1)
    return until if first is None else and_(column >= datetime.combine(first, time(), CHINA), until)


def begin_of(day: date) -> datetime:
    """Return when a day begins in China, or the first or last one that every clock can hold."""
    return datetime.combine(min(max(day, _EARLIEST), _LATEST), time(), CHINA)


def _known(
    session: Session,
    workspace: str,
    store: Store[T],
    chunk: dict[Any, T],
    identity: Identity,
) -> dict[Any, T]:
    query = select(*(store.table.c[name] for name in store.names()))
    rows = session.execute(query.where(_of(workspace, store, list(chunk))))
    return {identity(row): store.kind(*row) for row in rows}


def _of(workspace: str, store: Store[T], keys: Sequence[Any]) -> ColumnElement[bool]:
    columns = store.key()
    where = columns[0] if len(columns) == 1 else tuple_(*columns)
    return and_(store.table.c.workspace_id == workspace, where.in_(keys))


def _without_repeats(items: Sequence[T], identity: Identity) -> Iterator[dict[Any, T]]:
    """Cut into chunks in which no key occurs twice: a repeat must meet the stored first one."""
    chunk: dict[Any, T] = {}
    for item in items:
        key = identity(item)
        if len(chunk) == CHUNK or key in chunk:
            yield chunk
            chunk = {}
        chunk[key] = item
    if chunk:
        yield chunk
