"""What a file of rows turns out to hold: sheets, each with its header and its rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from feedback_nlp.records import Rejected


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file: header -> cell, both as written, and the line it began on."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person says about a file; None lets the file speak for itself."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    """Name of the worksheet; otherwise every visible one that holds anything is read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a CSV or JSON Lines file, a worksheet, or such a file inside an archive."""

    name: str
    """Path as given, with `!` before what is inside: `out.zip!九月/评论.xlsx!Sheet1`."""
    header: tuple[str, ...]
    """Headers as written, stripped, repeated ones numbered; empty for JSON Lines."""
    rows: Iterator[Row | Rejected]
    """In file order, read lazily, once."""
    encoding: str = ""
    """As Python names it; empty for a worksheet."""
    delimiter: str = ""
    """Empty for a worksheet and JSON Lines."""
    part: bool = False
    """One of several of its container: where it is no table of reviews, the others still are."""
    notes: tuple[str, ...] = ()
    """Chinese remarks on what was guessed or is not as usual."""
