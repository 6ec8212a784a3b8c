"""A first look at a file before it is imported: what was guessed and how well it fits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Final

from feedback_nlp.records import Rejected
from feedback_nlp.tabular.columns import HEADERS, match_columns, with_given
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.sheets import ReadOptions, Row

_AS_DEFAULT: Final = ReadOptions()
_NOTHING_GIVEN: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Preview:
    """What the beginning of one sheet tells."""

    name: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    """Of JSON Lines: the keys of the records looked at, in order of appearance."""
    columns: tuple[tuple[str, str], ...]
    """(field, header) of every field that was found."""
    unmatched: tuple[str, ...]
    """Headers that name no field; their cells are kept as extras."""
    rows: tuple[Row, ...]
    """The first readable ones."""
    scanned: int
    """Records looked at."""
    readable: int
    """How many of these can be read."""
    rejected: tuple[Rejected, ...]
    """The first ones that cannot."""
    notes: tuple[str, ...]


def preview(
    path: Path,
    *,
    options: ReadOptions = _AS_DEFAULT,
    known: Mapping[str, tuple[str, ...]] = HEADERS,
    given: Mapping[str, str] = _NOTHING_GIVEN,
    rows: int = 5,
    scan: int = 1000,
) -> Iterator[Preview]:
    """Yield a preview of every sheet: the first `rows` of `scan` records.

    `known` is field -> headers, `given` is header -> field as `parse_mapping` returns it.

    Raises:
        InputError: the file cannot be read at all.
    """
    for sheet in open_sheets(path, options, known=with_given(known, given)):
        records = list(islice(sheet.rows, scan))
        good = [record for record in records if isinstance(record, Row)]
        bad = [record for record in records if isinstance(record, Rejected)]
        header = sheet.header or tuple(dict.fromkeys(key for row in good for key in row.cells))
        columns = match_columns(header, known, given=given)
        yield Preview(
            name=sheet.name,
            encoding=sheet.encoding,
            delimiter=sheet.delimiter,
            header=header,
            columns=tuple(columns.items()),
            unmatched=tuple(name for name in header if name not in columns.values()),
            rows=tuple(good[:rows]),
            scanned=len(records),
            readable=len(good),
            rejected=tuple(bad[:rows]),
            notes=sheet.notes,
        )
