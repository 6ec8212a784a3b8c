"""Cursors: where the next page of a list begins, as one opaque word.

A cursor holds the sort key of the last entry of a page. It is not signed: it is used for nothing
but a comparison inside the caller's own workspace. One that another list gave, or that somebody
changed, is refused.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Generic, TypeVar

from feedback_nlp.errors import InputError

MAX_CURSOR: Final = 1_000
MOST_INTEGER: Final = 2**31 - 1
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+")
_REFUSED: Final = "cursor：不是这个列表给出的游标；请原样使用上一页的 next_cursor，或从第一页开始"

T = TypeVar("T")
Key = tuple[object, ...]
Reader = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One list in one order: what its cursors are called and what they hold."""

    name: str
    readers: tuple[Reader, ...]
    """Turn each value of a cursor into that of a sort key; raise ValueError."""
    key: Callable[[T], Key]
    """Returns the sort key of an entry."""

    def read(self, cursor: str | None) -> Key | None:
        """Return the key that a cursor holds, None without one.

        Raises:
            InputError: it is broken, or another list gave it.
        """
        if cursor is None:
            return None
        try:
            values = _decoded(cursor, self.name)
            return tuple(read(value) for read, value in zip(self.readers, values, strict=True))
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise InputError(_REFUSED) from error

    def cut(self, found: Sequence[T], limit: int) -> tuple[list[T], str | None]:
        """Return a page of what was asked for with one entry more, and the next page's cursor."""
        page = list(found[:limit])
        return page, self.write(page[-1]) if len(found) > limit else None

    def write(self, last: T) -> str:
        """Return the cursor of what comes behind an entry."""
        values = [
            value.isoformat() if isinstance(value, date) else value for value in self.key(last)
        ]
        written = json.dumps([self.name, *values], ensure_ascii=False, separators=(",", ":"))
        return urlsafe_b64encode(written.encode()).decode().rstrip("=")


def number(value: object) -> int:
    """Read a whole number that a column can hold."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_INTEGER:
        raise ValueError(value)
    return value


def text(value: object) -> str:
    """Read a string that a database can compare."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    value.encode()  # a lone surrogate is a ValueError
    return value


def moment(value: object) -> datetime:
    """Read a zoned time."""
    found = datetime.fromisoformat(text(value))
    if found.utcoffset() is None:
        raise ValueError(value)
    return found.astimezone(UTC)  # beyond the calendar: OverflowError


def moment_or_none(value: object) -> datetime | None:
    """Read a zoned time, or that there is none."""
    return None if value is None else moment(value)


def day(value: object) -> date:
    """Read a day."""
    return date.fromisoformat(text(value))


def _decoded(cursor: str, name: str) -> list[object]:
    if not _SHAPE.fullmatch(cursor):
        raise ValueError(cursor)
    try:
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except binascii.Error as error:
        raise ValueError(cursor) from error
    if not isinstance(found, list) or not found or found[0] != name:
        raise ValueError(cursor)
    return found[1:]
