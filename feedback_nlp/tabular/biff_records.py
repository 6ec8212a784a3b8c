"""The records inside an .xls file, checked before the reader reserves memory for what they claim.

Source: [MS-XLS] Excel Binary File Format, 2.3 and 2.4.
"""

import struct
from collections.abc import Iterator
from typing import Final

MAX_ROWS: Final = 65_536
MAX_COLUMNS: Final = 256
_END: Final = 0x000A
_SHEET: Final = 0x0085
_STRINGS: Final = 0x00FC
_DIMENSIONS: Final = (0x0000, 0x0200)
_CELLS: Final = frozenset(
    {0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E}
)
"""Formula, multiple and single numbers, texts, truth values and blanks; all begin (row, column)."""
_LEAST_STRING: Final = 3
"""Bytes of an empty text."""


def check_records(stream: bytes) -> None:
    """Walk over the workbook's own records and those of each sheet.

    Raises:
        IndexError, struct.error: a size or place that no .xls file can have.
    """
    starts = {0}
    for kind, body in _records(stream, 0):
        if kind == _SHEET:
            starts.add(struct.unpack_from("<I", body)[0])
        elif kind == _STRINGS:
            _within(struct.unpack_from("<I", body, 4)[0], len(stream) // _LEAST_STRING)
    for start in starts:
        for kind, body in _records(stream, start):
            if kind in _CELLS:
                _within(struct.unpack_from("<2xH", body)[0], MAX_COLUMNS - 1)
            elif kind in _DIMENSIONS:
                _check_dimensions(body)


def _check_dimensions(body: bytes) -> None:
    """Check what a sheet says of its size; the reader takes it for granted."""
    wide = len(body) >= 14  # noqa: PLR2004 (since Excel 97; before, rows had two bytes as well)
    first, last, left, right = struct.unpack_from("<IIHH" if wide else "<HHHH", body)
    _within(last, MAX_ROWS)
    _within(first, last)
    _within(right, MAX_COLUMNS)
    _within(left, right)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield (kind, body) up to the end mark or the end of the stream."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _END:
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _within(number: int, most: int) -> None:
    if number > most:
        raise IndexError(f"{number} > {most}")
