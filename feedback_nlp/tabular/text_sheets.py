"""A text of rows -> a sheet: CSV, JSON Lines, a JSON array, or the HTML that shops call Excel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.tabular.cells import MAX_LINE, name_columns, storable, undecoded
from feedback_nlp.tabular.columns import plain_header
from feedback_nlp.tabular.csv_rows import Record, csv_fault, csv_records, csv_rows
from feedback_nlp.tabular.encodings import Decoded, decode
from feedback_nlp.tabular.html_tables import html_sheet
from feedback_nlp.tabular.json_rows import array_rows, jsonl_rows, parse_json_row
from feedback_nlp.tabular.layouts import NO_DELIMITER, check_delimiter, find_layout
from feedback_nlp.tabular.sheets import ReadOptions, Row, Sheet
from feedback_nlp.tabular.sources import Source

DELIMITED: Final = (".csv", ".tsv", ".txt")
LINES: Final = (".jsonl", ".ndjson")
ARRAY: Final = ".json"
MISNAMED: Final = (".xlsx", ".xls", ".xlsm", ".html", ".htm", "")
"""Endings under which shops hand out texts; any other ending with a text behind it is refused."""
_SAMPLE_LINES: Final = 100
_JSON_LOOKED_AT: Final = 20
_SAMPLE_SIZE: Final = MAX_LINE
_HTML: Final = ("<html", "<!doctype html", "<table", "<meta", "<head", "<body", "<style", "<div")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text whose first lines were looked at."""

    decoded: Decoded
    lines: tuple[str, ...]
    suffix: str
    options: ReadOptions
    known: frozenset[str]

    @property
    def name(self) -> str:
        return self.decoded.source.name

    @property
    def start(self) -> str:
        """The first line that is not blank, stripped; empty if there is none."""
        return next((line.strip() for line in self.lines if line.strip()), "")


def text_sheet(
    source: Source, suffix: str, options: ReadOptions, known: Mapping[str, tuple[str, ...]]
) -> Sheet:
    """Read a text as what it holds; `suffix` is what its name says it is.

    Raises:
        InputError: no text, no header, or not a kind of text that has rows.
    """
    if suffix not in (*DELIMITED, *LINES, ARRAY, *MISNAMED):
        raise InputError(
            f"{source.name}: 不支持的文件类型“{storable(suffix)}”，"
            "请用 .csv、.xlsx、.xls 或 .jsonl（可再加 .gz 或 .zip）"
        )
    decoded = decode(source, options.encoding)
    lines = tuple(_sample(decoded))
    names = frozenset(plain_header(name) for headers in known.values() for name in headers)
    text = _Text(decoded, lines, suffix, options, names)
    start = text.start.lower()
    if start.startswith(_HTML) or (start.startswith("<?xml") and "<html" in "".join(lines).lower()):
        return html_sheet(decoded, names)
    if start.startswith("<?xml"):
        raise InputError(f"{source.name}: 是 XML 文件，请用 Excel 打开后另存为 .xlsx")
    return _json_sheet(text) or _csv_sheet(text)


def suffix_of(name: str) -> str:
    """Return the ending of a name in lower case, without a .gz behind it."""
    path = PurePath(name)
    if path.suffix.lower() == ".gz":
        path = path.with_suffix("")
    return path.suffix.lower()


def _sample(decoded: Decoded) -> Iterator[str]:
    size = 0
    for line in islice(decoded.lines(""), _SAMPLE_LINES):
        yield line
        size += len(line)
        if size > _SAMPLE_SIZE:
            return


def _json_sheet(text: _Text) -> Sheet | None:
    """Return the sheet if the text is JSON, by its content and then by its name."""
    kind = _json_kind(text)
    if kind is None:
        return None
    decoded, usual = text.decoded, (ARRAY,) if kind == ARRAY else LINES
    rows: Iterator[Row | Rejected]
    notes: tuple[str, ...] = ()
    if kind == ARRAY:
        rows = array_rows(decoded.chunks(), encoding=decoded.encoding)
        notes = ("JSON 数组：行号是元素的序号",)
    else:
        rows = jsonl_rows(decoded.lines("\n"), encoding=decoded.encoding)
    if text.suffix not in usual:
        notes += (f"扩展名是“{text.suffix}”，内容是 JSON，按 {kind} 读取",)
    return Sheet(text.name, (), rows, encoding=decoded.encoding, notes=(*decoded.notes, *notes))


def _json_kind(text: _Text) -> str | None:
    """Return `.json` for an array, `.jsonl` for objects on lines, None for another kind of text."""
    filled = [line.strip() for line in text.lines if line.strip()]
    if _is_array(filled, text.suffix):
        return ARRAY
    objects = sum(line.startswith("{") for line in filled)
    if text.suffix == ARRAY and not (objects and isinstance(parse_json_row(1, filled[0]), Row)):
        raise InputError(f"{text.name}: JSON 文件应为对象数组 [{{…}}, …]，或每行一个对象")
    if text.suffix in (ARRAY, *LINES):
        is_table = not objects and find_layout(text.lines, text.known).hits
        return None if is_table else LINES[0]
    readable = sum(isinstance(parse_json_row(1, line), Row) for line in filled[:_JSON_LOOKED_AT])
    mostly = 2 * readable >= len(filled[:_JSON_LOOKED_AT])
    return LINES[0] if text.start.startswith("{") and mostly else None


def _is_array(filled: list[str], suffix: str) -> bool:
    if not filled or not filled[0].startswith("["):
        return False
    if suffix == ARRAY:
        return True
    begins = filled[0].replace(" ", "")[:2] in ("[", "[{", "[]")
    if len(filled) == 1:
        return begins
    # A whole list on the first of several lines: JSON Lines of lists, each a rejected line.
    found = parse_json_row(1, filled[0])
    whole = isinstance(found, Rejected) and "JSON 对象" in found.reason
    return begins and not whole


def _csv_sheet(text: _Text) -> Sheet:
    decoded, options = text.decoded, text.options
    said = None if options.delimiter is None else check_delimiter(options.delimiter)
    layout = find_layout(text.lines, text.known, said)
    records = csv_records(decoded.lines(""), layout.delimiter)
    header, notes = _header(islice(records, layout.header_at, None), text)
    rows = csv_rows(records, header, encoding=decoded.encoding)
    if text.suffix not in DELIMITED:
        notes += (f"扩展名是“{text.suffix}”，内容是文本，按 CSV 读取",)
    return Sheet(
        text.name,
        header,
        rows,
        encoding=decoded.encoding,
        delimiter="" if layout.delimiter == NO_DELIMITER else layout.delimiter,
        notes=(*decoded.notes, *layout.notes, *notes),
    )


def _header(records: Iterator[Record], text: _Text) -> tuple[tuple[str, ...], tuple[str, ...]]:
    _, raw, cells = next(records, (1, "", []))
    if not isinstance(cells, list):
        raise InputError(f"{text.name}: 表头{csv_fault(cells)}") from cells
    broken = undecoded(raw, text.decoded.encoding)
    header = name_columns(cells, text.name)
    return header, (f"表头{broken}",) if broken else ()
