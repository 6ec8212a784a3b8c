"""Cells of a worksheet: as text, and merged ones filled down."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from types import MappingProxyType
from typing import Final, TypeAlias

Cell: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
_DIGITS: Final = 15
"""Decimal digits that Excel keeps of a number."""
_HALF_SECOND: Final = dt.timedelta(microseconds=500_000)
_YES_NO: Final[Mapping[bool, str]] = MappingProxyType({True: "是", False: "否"})


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that were merged over several rows of data."""

    ranges: tuple[tuple[int, int, int, int], ...] = ()
    """(first row, first column, last row, last column), from 0, sorted."""
    kept_once: frozenset[int] = frozenset()
    """Columns of which only the first row keeps the value."""

    def notes(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Say, in Chinese, which columns are filled down and which are not."""
        columns = sorted({column for _, column, _, _ in self.ranges if column < len(header)})
        filled = [f"“{header[at]}”" for at in columns if at not in self.kept_once]
        once = [f"“{header[at]}”" for at in columns if at in self.kept_once]
        notes: tuple[str, ...] = ()
        if filled:
            notes += (f"合并单元格已向下填充：{'、'.join(filled)}",)
        if once:
            notes += (f"合并单元格只算第一行，不向下填充：{'、'.join(once)}",)
        return notes


def fill_down(rows: Iterable[list[Cell]], merged: Merged) -> Iterator[list[Cell]]:
    """Yield the rows; a cell merged over several of them has its value in each.

    The value belongs to the first column of the range; the others stay empty.
    """
    waiting = list(reversed(merged.ranges))
    below: dict[int, tuple[int, Cell]] = {}
    for place, written in enumerate(rows):
        cells = list(written)
        own = any(cell != "" for cell in cells)  # A row without is none, whatever stands above.
        for column, (last, value) in below.items():
            if own and place <= last and column < len(cells) and cells[column] == "":
                cells[column] = value
        while waiting and waiting[-1][0] <= place:
            _, column, last, _ = waiting.pop()
            if column < len(cells) and column not in merged.kept_once:
                below[column] = (last, cells[column])
        yield cells


def cell_text(cell: Cell) -> str:
    """Return a cell as a person reads it in Excel; times to the second, numbers in full."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return _YES_NO[cell]
    if isinstance(cell, dt.datetime):
        return f"{cell + _HALF_SECOND:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, dt.date | dt.time):
        return str(cell)
    return _number(cell)


def loses_digits(cell: Cell) -> bool:
    """Say whether a number has more digits than Excel keeps."""
    return isinstance(cell, int | float) and abs(cell) >= 10**_DIGITS


def _number(number: float) -> str:
    """Return a number without exponent and without a fraction of zero."""
    if not isfinite(number):
        return ""
    if number == int(number):
        return str(int(number))
    text = format(Decimal(f"{number:.{_DIGITS}g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
