"""Lines of a delimited text -> records, without losing the lines behind a broken quote."""

import csv
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import TypeAlias

from feedback_nlp.records import Rejected
from feedback_nlp.tabular.cells import (
    HEADER_AGAIN,
    MAX_CELL,
    as_excel_shows,
    make_rejected,
    make_row,
    repeats_header,
    too_long,
    undecoded,
)
from feedback_nlp.tabular.sheets import Row

Record: TypeAlias = tuple[int, str, list[str] | csv.Error]
"""The line it began on, as written, and its cells or what is wrong with it."""


def csv_rows(
    records: Iterable[Record], header: tuple[str, ...], *, encoding: str
) -> Iterator[Row | Rejected]:
    """Yield the records behind the header as rows; a row that is too short lacks its last cells.

    Blank cells beyond the header are nothing, and so are rows of bare delimiters at the end, which
    Excel leaves where rows were deleted.
    """
    for line, raw, cells in _without_bare_end(records):
        broken = undecoded(raw, encoding)
        if broken is not None:
            yield make_rejected(line, broken, raw)
        elif isinstance(cells, csv.Error):
            yield make_rejected(line, csv_fault(cells), raw)
        elif any(cell.strip() for cell in cells[len(header) :]):
            reason = f"有 {len(cells)} 列，表头只有 {len(header)} 列；正文里的逗号要用引号括起来"
            yield make_rejected(line, reason, raw)
        elif repeats_header(cells, header):
            yield make_rejected(line, HEADER_AGAIN, raw)
        elif cells:  # A line with nothing on it is no row; one with blank cells is.
            shown = map(as_excel_shows, cells[: len(header)])
            yield make_row(line, dict(zip_longest(header, shown, fillvalue="")), raw)


def _without_bare_end(records: Iterable[Record]) -> Iterator[Record]:
    """Pass on the records up to the last one that is more than delimiters."""
    bare: list[Record] = []
    for record in records:
        _, raw, cells = record
        is_bare = '"' not in raw and isinstance(cells, list) and len(cells) != 1 and not any(cells)
        if is_bare:
            bare.append(record)
            continue
        yield from bare
        bare.clear()
        yield record


def csv_records(stream: Iterable[str], delimiter: str = ",") -> Iterator[Record]:
    """Yield every record, also blank ones; a fault costs the first line of its record only.

    The lines after it are read afresh, so that a quote never closed does not swallow the reviews
    behind it. Each line is read at most twice, however many quotes are broken: a record that was
    open on the lines up to the fault tells that any other one open there meets the same fault.
    """
    csv.field_size_limit(MAX_CELL)
    lines, line, ahead, read = iter(stream), 1, list[str](), list[str]()
    reader = _csv_reader(_remembered(lines, ahead, read), delimiter)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield line, read[0], error
            for number, written in enumerate(read[1:-1], start=line + 1):
                yield _read_alone(number, written, delimiter)
            ahead[:] = read[1:][-1:]
            line += max(1, len(read) - 1)
            reader = _csv_reader(_remembered(lines, ahead, read), delimiter)
        else:
            if cells is None:
                return
            yield line, "".join(read), cells
            line += len(read)
        read.clear()


def csv_fault(error: csv.Error) -> str:
    """Say in Chinese what is wrong with a record."""
    if "field larger" in str(error):
        return too_long("单元格")
    return "引号不成对：正文里的引号要写成两个，再用引号把整格括起来"


def _csv_reader(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    # Strict: a lenient reader silently swallows every review after a quote that is never closed.
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _remembered(stream: Iterator[str], ahead: list[str], read: list[str]) -> Iterator[str]:
    """Pass on the lines `ahead`, then those of the stream, leaving a copy of each in `read`."""
    while ahead:
        read.append(ahead.pop())
        yield read[-1]
    for line in stream:
        read.append(line)
        yield line


def _read_alone(line: int, written: str, delimiter: str) -> Record:
    """Read one line as a whole record; a quote left open on it is a fault."""
    try:
        return line, written, next(_csv_reader([written], delimiter))
    except csv.Error as error:
        return line, written, error
