"""Inserts many rows at once, by the fastest way each database has."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.orm import Session

_ROWS: Final = "rows"


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; none is fine.

    PostgreSQL reads them from one JSON text, which is 1.6 times as fast as one statement a row;
    strings must therefore hold no NUL and no lone surrogate, not even inside JSON columns.
    """
    if not rows:
        return
    if session.get_bind().dialect.name != "postgresql":
        session.execute(insert(table), list(rows))
        return
    names = list(rows[0])
    record: ColumnElement[object] = literal_column(f"NULL::{table.name}")
    value = cast(bindparam(_ROWS, type_=Text), JSON)
    source = func.json_populate_recordset(record, value).table_valued(*names)
    statement = insert(table).from_select(names, select(*(source.c[name] for name in names)))
    session.execute(statement, {_ROWS: _dump(rows)})


def _dump(rows: Sequence[Mapping[str, Any]]) -> str:
    # The same separators as `dump_json`: PostgreSQL keeps JSON columns as they were written.
    return json.dumps(
        [dict(row) for row in rows], ensure_ascii=False, separators=(",", ":"), default=_written
    )


def _written(value: date) -> str:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"a time without a zone reached the database: {value.isoformat()}")
    return value.isoformat()
