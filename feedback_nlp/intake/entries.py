"""Rows whose columns have been recognised, with their cells read as what the fields hold."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from feedback_nlp.errors import InputError
from feedback_nlp.intake.fields import NAMES, Fields
from feedback_nlp.records import Rejected
from feedback_nlp.tabular.columns import match_columns
from feedback_nlp.tabular.sheets import Row, Sheet
from feedback_nlp.tabular.values import is_missing, parse_time

Given = Mapping[str, str] | None
"""Header -> field, as a person said with --map; it wins over what we would recognise."""
Value = TypeVar("Value")
Record = TypeVar("Record")

_WHOLE: Final = re.compile(r"^(\d+)\.0+$", re.ASCII)
_SHORTENED: Final = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2}", re.ASCII)
_UNMISTAKABLE: Final = frozenset({"created_at", "rating", "likes"})
"""Fields whose faults need no header in front of them to be understood."""
_SHOWN: Final = 12
"""Known headers in a message; more would hide what to do."""


def recognise(header: Iterable[str], known: Fields, given: Given = None) -> dict[str, str]:
    """Map each field to its header, as the catalogue of known headers has it."""
    return match_columns(header, known, given=dict(given or {}))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a sheet of one channel looks like."""

    fields: Fields
    required: tuple[tuple[str, ...], ...]
    """At least one field of each group must have a column."""
    recognised: Callable[[Iterable[str], Fields, Given], dict[str, str]] = recognise

    def columns(self, header: Iterable[str], given: Given = None) -> dict[str, str]:
        """Map each field to its header; headers nobody knows are left out."""
        return self.recognised(header, self.fields, given)

    def missing(self, header: Iterable[str], columns: Mapping[str, str]) -> str | None:
        """Say, in Chinese, which required column is not there and how to name it; else None."""
        for group in self.required:
            if not any(field in columns for field in group):
                return self._ask_for(group, header)
        return None

    def _ask_for(self, group: tuple[str, ...], header: Iterable[str]) -> str:
        wanted = "或".join(NAMES[field] for field in group)
        known = [name for field in group for name in self.fields[field]]
        more = " 等" if len(known) > _SHOWN else " 之一"
        return (
            f"找不到{wanted}列：表头是 {'、'.join(header) or '（空）'}；"
            f"{wanted}列请命名为 {'、'.join(known[:_SHOWN])}{more}，"
            f"或用 --map 指明，例如 --map 你的表头={group[0]}"
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One row and which of its headers holds which field."""

    row: Row
    columns: Mapping[str, str]

    def words(self, field: str) -> str:
        """Return the cell of `field` as written; "" where there is no such column."""
        header = self.columns.get(field)
        return "" if header is None else self.row.cells.get(header, "")

    def plain(self, field: str) -> str | None:
        """Return the stripped cell of `field`, or None where nothing was given."""
        if field not in self.columns:
            return None
        cell = self.words(field)
        return None if is_missing(cell) else cell.strip()

    def key(self, field: str) -> str | None:
        """Return the cell of `field` as an id: `1001.0`, as pandas writes whole numbers, is 1001.

        One that Excel has shortened to 3.8E+12 names nothing any more: None.
        """
        cell = self.plain(field)
        if cell is None or _SHORTENED.fullmatch(cell):
            return None
        return _WHOLE.sub(r"\1", cell)

    def needed(self, field: str) -> str:
        """Return the cell of `field` as an id; raises ValueError where nothing was given."""
        cell = self.plain(field)
        if cell is None:
            raise ValueError(self.lacks(field))
        return _WHOLE.sub(r"\1", cell)

    def lacks(self, field: str) -> str:
        """Say, in Chinese, that the row has no value for `field`."""
        return f"“{self.columns.get(field, NAMES[field])}”列是空的"

    def value(self, field: str, parse: Callable[[str], Value | None]) -> Value | None:
        """Read the cell of `field` with `parse`, or return None where nothing was given.

        Raises:
            ValueError: the cell cannot be read; says so in Chinese and names the column.
        """
        if self.plain(field) is None:
            return None
        try:
            return parse(self.words(field))
        except ValueError as error:
            if field in _UNMISTAKABLE:
                raise
            raise ValueError(f"“{self.columns[field]}”列：{error}") from None

    def time(self, field: str, now: datetime) -> datetime | None:
        """Read the cell of `field` as a time, bounded by `now`; raises as `value` does."""

        def parse(cell: str) -> datetime:
            return parse_time(cell, now=now)

        return self.value(field, parse)

    def extras(self, kept: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
        """Return what no field took, in file order; fields in `kept` count as not taken."""
        taken = {header for field, header in self.columns.items() if field not in kept}
        return tuple(
            (header, cell)
            for header, cell in self.row.cells.items()
            if cell and header not in taken
        )

    def rejected(self, reason: str) -> Rejected:
        """Reject the row for this reason."""
        return Rejected(self.row.line, reason, as_read(self.row))


def as_read(row: Row) -> str:
    """Write a row as one line, so that a person can correct and re-import it."""
    return json.dumps(row.cells, ensure_ascii=False)


def entries(sheet: Sheet, shape: Shape, given: Given) -> Iterator[Entry | Rejected]:
    """Yield every row of `sheet` with its columns recognised, unusable ones as `Rejected`.

    JSON lines may differ from each other, so only those without a required column are rejected. A
    table without one that is part of a container, such as a sheet of explanations, is line 0.

    Raises:
        InputError: the table lacks a required column, and nothing stands beside it.
    """
    header = sheet.header
    columns = shape.columns(header, given) if header else {}
    fault = shape.missing(header, columns) if header else None
    if fault is not None and sheet.part:
        yield Rejected(0, f"整张表没有导入：{fault}", "")
        return
    if fault is not None:
        raise InputError(f"{sheet.name}: {fault}")
    for row in sheet.rows:
        if isinstance(row, Rejected):
            yield row
            continue
        if not sheet.header and header != tuple(row.cells):
            header = tuple(row.cells)
            said = {name: field for name, field in (given or {}).items() if name in row.cells}
            columns = shape.columns(header, said)
            fault = shape.missing(header, columns)
        yield Entry(row, columns) if fault is None else Rejected(row.line, fault, as_read(row))


def read_each(
    sheet: Sheet, shape: Shape, make: Callable[[Entry], Iterable[Record]], *, given: Given
) -> Iterator[Record | Rejected]:
    """Yield what `make` makes of each row; a ValueError, with a Chinese reason, rejects the row.

    Raises:
        InputError: the table lacks a required column.
    """
    for entry in entries(sheet, shape, given):
        if isinstance(entry, Rejected):
            yield entry
            continue
        try:
            made = tuple(make(entry))
        except ValueError as error:
            yield entry.rejected(str(error))
        else:
            yield from made
