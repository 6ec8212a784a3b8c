"""Rows of a worksheet or an HTML table, all cells text -> header and rows of a sheet."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from feedback_nlp.records import Rejected
from feedback_nlp.tabular.cells import (
    HEADER_AGAIN,
    make_rejected,
    make_row,
    name_columns,
    repeats_header,
)
from feedback_nlp.tabular.layouts import SEARCHED, describe_titles, header_place
from feedback_nlp.tabular.sheets import Row

GridRow: TypeAlias = tuple[int, Sequence[str]]
"""The number of a row, from 1, and its cells."""
_BETWEEN: Final = " | "


def grid_header(
    first: Sequence[GridRow], known: Collection[str], *, name: str, width: int
) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Find the header in the first rows: the number of its row, the headers, and notes.

    Columns up to `width` that hold something get a header even where theirs is blank.

    Raises:
        InputError: no header, or not a usable one.
    """
    filled = [(line, cells) for line, cells in first if any(cell.strip() for cell in cells)]
    rows = [cells for _, cells in filled[:SEARCHED]]
    place = header_place(rows, known)
    line, cells = filled[place] if filled else (0, [])
    padded = [*cells[:width], *[""] * (width - len(cells))]
    titles = [_joined(above) for above in rows[:place]]
    notes = (describe_titles(titles),) if titles else ()
    return line, name_columns(padded, name), notes


def grid_rows(rows: Iterable[GridRow], header: tuple[str, ...]) -> Iterator[Row | Rejected]:
    """Yield the rows below the header; those without any content are none."""
    width = len(header)
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[width:]):
            reason = f"有 {len(cells)} 列，表头只有 {width} 列"
            yield make_rejected(line, reason, _joined(cells))
        elif repeats_header(cells, header):
            yield make_rejected(line, HEADER_AGAIN, _joined(cells))
        else:
            padded = [*cells[:width], *[""] * (width - len(cells))]
            yield make_row(line, dict(zip(header, padded, strict=True)), _joined(cells))


def _joined(cells: Iterable[str]) -> str:
    return _BETWEEN.join(cell for cell in cells if cell.strip())
