"""Corrections: rejected rows -> a file a person mends -> the same rows, imported after all."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.records import Rejected
from feedback_nlp.reports.tables import FORMULA_STARTS
from feedback_nlp.storage import rejections
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.rejections import StoredRejection
from feedback_nlp.tabular.cells import MAX_CELL, storable
from feedback_nlp.tabular.sheets import Row, Sheet
from feedback_nlp.workflows.rejected_lines import cells_of

SOURCE: Final = "拒绝来源"
LINE: Final = "拒绝行号"
REASON: Final = "拒绝原因"
RAW: Final = "原始行"
"""The line as written, where it could not be cut into cells."""
MARKS: Final = (SOURCE, LINE, REASON, RAW)

_GUARDED: Final = ("'", *FORMULA_STARTS)
"""What begins so gets an apostrophe; an apostrophe of its own too, so that it comes back."""
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Returns:
    """Rejected rows of earlier imports that come back in a sheet, noted while it is read."""

    engine: Engine
    workspace: str
    places: dict[tuple[str, int], None] = field(default_factory=dict)
    """Source and line, in order."""
    _headers: dict[str, dict[int, frozenset[str]]] = field(default_factory=dict)

    def headers(self, source: str, line: int) -> Collection[str]:
        """Return the headers that a rejected row had where it was; none when it is not known."""
        if source not in self._headers:
            with reading(self.engine) as session:
                self._headers[source] = _headers_by_line(session, self.workspace, source)
        return self._headers[source].get(line, ())


def export_rejected(engine: Engine, workspace: str, out: Path, *, source: str | None = None) -> int:
    """Write the open rejected rows as a CSV that can be mended and imported; return how many.

    Columns: where the row was, why it was rejected, then its cells under their own headers. Parts
    of an archive that could not be read at all (line 0) are no rows and left out.
    """
    with reading(engine) as session:
        headers = dict.fromkeys(
            header for row in _rows(session, workspace, source) for header in _cells(row)
        )
        written = 0
        with out.open("w", encoding="utf-8-sig", newline="") as stream:
            table = csv.writer(stream)
            table.writerow([*MARKS, *map(_guard, headers)])
            for row in _rows(session, workspace, source):
                cells = _cells(row)
                raw = "" if cells else storable(row.raw[:MAX_CELL])
                marks = (row.source, str(row.line), row.reason, raw)
                table.writerow(map(_guard, [*marks, *(cells.get(name, "") for name in headers)]))
                written += 1
    return written


def without_marks(sheet: Sheet, returns: Returns) -> Sheet:
    """Take the columns of `export_rejected` off a sheet, so that its rows are as they were.

    `returns` fills up with the rows that came back while they are read. A line that nobody has
    cut into cells yet is rejected again as it was. Any other sheet is returned as it is.

    The sheet has no header of its own any more: one export holds rows of several files, and each
    row has the headers that it had there.
    """
    if SOURCE not in sheet.header or LINE not in sheet.header:
        return sheet
    return replace(sheet, header=(), rows=_unmarked(sheet.rows, returns))


def _unmarked(rows: Iterator[Row | Rejected], returns: Returns) -> Iterator[Row | Rejected]:
    for row in rows:
        yield row if isinstance(row, Rejected) else _returned(row, returns)


def _returned(row: Row, returns: Returns) -> Row | Rejected:
    marks = {name: _unguard(row.cells.get(name, "")) for name in MARKS}
    written = {_unguard(name): cell for name, cell in row.cells.items() if name not in MARKS}
    line = marks[LINE].strip()
    known: Collection[str] = ()
    if line.isascii() and line.isdigit() and len(line) <= _DIGITS:
        returns.places[marks[SOURCE], int(line)] = None
        known = returns.headers(marks[SOURCE], int(line))
    if marks[RAW] and not any(written.values()):
        return Rejected(row.line, marks[REASON], marks[RAW])
    mine = {name: cell for name, cell in written.items() if cell or not known or name in known}
    return Row(row.line, {name: _unguard(cell) for name, cell in mine.items()})


def _headers_by_line(session: Session, workspace: str, source: str) -> dict[int, frozenset[str]]:
    shared: dict[frozenset[str], frozenset[str]] = {}
    found = {}
    for row in rejections.every(session, workspace, source=source, include_corrected=True):
        headers = frozenset(cells_of(row.raw))
        found[row.line] = shared.setdefault(headers, headers)
    return found


def _guard(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet might run."""
    return f"'{cell}" if cell.startswith(_GUARDED) else cell


def _unguard(cell: str) -> str:
    """Take off the apostrophe of `_guard`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_GUARDED) else cell


def _rows(session: Session, workspace: str, source: str | None) -> Iterator[StoredRejection]:
    return (row for row in rejections.every(session, workspace, source=source) if row.line)


def _cells(row: StoredRejection) -> dict[str, str]:
    """Return the cells of a row kept as JSON; nothing for a line that was never cut."""
    cells = {storable(header): storable(cell) for header, cell in cells_of(row.raw).items()}
    # What is cut short could be imported, and nobody would notice.
    return {} if any(len(cell) > MAX_CELL for cell in cells.values()) else cells
