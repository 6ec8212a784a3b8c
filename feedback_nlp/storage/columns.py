"""Column types that behave alike on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

KEY: Final = String().with_variant(String(collation="C"), "postgresql")
"""Strings we sort by: code point order everywhere, as in Python, whatever the server's locale."""


class UtcTime(TypeDecorator[datetime]):
    """Zoned times, stored and returned in UTC.

    SQLite has no zone and would keep the local clock, so the conversion happens here.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Convert to UTC; raises ValueError for a naive time, which is always a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone reached the database: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Give the zone back: SQLite returns none, PostgreSQL that of its session."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Made once: `json.dumps` would make one for each value of each row."""


def dump_json(value: Any) -> str:  # noqa: ANN401 (anything JSON can hold)
    """Write a JSON column: readable Chinese, escapes only where UTF-8 cannot hold the text."""
    if value in ((), []):
        return "[]"  # most replies of most reviews: not worth starting an encoder
    text = _ENCODER.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text
