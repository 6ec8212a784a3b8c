"""Copies a whole database into an empty one of either kind, and proves that nothing was lost."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any, Final, Protocol

from sqlalchemy import URL, Engine, Row, Table, delete, insert, select, text
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, StorageError
from feedback_nlp.storage.columns import dump_json
from feedback_nlp.storage.database import open_as_it_is, open_database, reading, transaction
from feedback_nlp.storage.planner import refresh_statistics
from feedback_nlp.storage.tables import metadata

BATCH: Final = 1_000

Copied = Callable[[str, int], None]
"""Told the name of a table and how many more of its rows were copied."""


def to_nobody(_table: str, _rows: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class TableCopy:
    """What a table held: the same digest stands for the same rows."""

    table: str
    rows: int
    digest: str


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def copy_database(
    source_url: str | URL,
    target_url: str | URL,
    *,
    replace: bool = False,
    copied: Copied = to_nobody,
) -> tuple[TableCopy, ...]:
    """Copy every row of every workspace, all or nothing, and compare what arrived.

    The source is read in one snapshot and never written, not even migrated; the target is created
    and migrated if need be. Memory does not grow with the number of rows. With `replace`, rows of
    the target are deleted first, in the same transaction.

    Raises:
        ConflictError: the target holds rows already.
        StorageError: the source is not there or has another schema; either is unreachable; or
            what arrived differs.
    """
    source = open_as_it_is(source_url)
    try:
        target = open_database(target_url)
        try:
            return copy_rows(source, target, replace=replace, copied=copied)
        finally:
            target.dispose()
    finally:
        source.dispose()


def copy_rows(
    source: Engine, target: Engine, *, replace: bool = False, copied: Copied = to_nobody
) -> tuple[TableCopy, ...]:
    """Copy between two open databases; see `copy_database`."""
    with reading(source) as outgoing, transaction(target) as incoming:
        _claim(incoming, replace=replace)
        done = tuple(_copy(outgoing, incoming, table, copied) for table in metadata.sorted_tables)
        for table, sent in zip(metadata.sorted_tables, done, strict=True):
            if (arrived := _described(incoming, table)) != sent:
                raise StorageError(
                    f"复制后核对不一致：表 {table.name} 应有 {sent.rows} 行，"
                    f"实有 {arrived.rows} 行或内容不同；目标数据库未改动"
                )
    return done


def holds_rows(session: Session) -> str | None:
    """Return the name of a table that holds a row; None when all are empty."""
    for table in metadata.sorted_tables:
        if session.execute(select(*table.primary_key.columns).limit(1)).first() is not None:
            return table.name
    return None


def _claim(session: Session, *, replace: bool) -> None:
    """Keep other writers out and make sure that the tables are empty."""
    if session.get_bind().dialect.name == "postgresql":
        names = ", ".join(metadata.tables)
        session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    if replace:
        for table in reversed(metadata.sorted_tables):
            session.execute(delete(table))
    elif name := holds_rows(session):
        raise ConflictError(f"目标数据库已有数据（表 {name}），不会覆盖；请换一个空的数据库")


def _copy(source: Session, target: Session, table: Table, copied: Copied) -> TableCopy:
    digest, count = blake2b(digest_size=16), 0
    for batch in _batches(source, table):
        _add_rows(digest, batch)
        target.execute(insert(table), [row._asdict() for row in batch])
        count += len(batch)
        copied(table.name, len(batch))
    refresh_statistics(target, table)
    return TableCopy(table.name, count, digest.hexdigest())


def _described(session: Session, table: Table) -> TableCopy:
    digest, count = blake2b(digest_size=16), 0
    for batch in _batches(session, table):
        _add_rows(digest, batch)
        count += len(batch)
    return TableCopy(table.name, count, digest.hexdigest())


def _batches(session: Session, table: Table) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows in the order of the key, which is the same on both kinds of database."""
    query = select(table).order_by(*table.primary_key.columns)
    streamed = session.execute(query, execution_options={"yield_per": BATCH})
    yield from streamed.partitions()


def _add_rows(digest: _Hash, rows: Sequence[Row[Any]]) -> None:
    for row in rows:
        digest.update(dump_json([_canonical(value) for value in row]).encode())
        digest.update(b"\n")


def _canonical(value: Any) -> Any:  # noqa: ANN401 (a cell of any column)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
