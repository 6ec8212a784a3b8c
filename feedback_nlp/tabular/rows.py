"""A CSV or JSONL file, plain or gzipped -> rows of text cells with their line numbers."""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TextIO, TypeAlias

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected

SUFFIXES = (".csv", ".jsonl")
MAX_CELL = 1_000_000
"""Characters; one review longer than a novel is a broken quote, not a review."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""Neither NUL nor a lone surrogate can be stored by PostgreSQL or written as UTF-8."""


_Record: TypeAlias = tuple[int, str, list[str] | csv.Error]
"""The line it began on, as written, and its cells or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file: header -> cell, both as written, and the line it began on."""

    line: int
    cells: dict[str, str]


def read_rows(path: Path) -> Iterator[Row | Rejected]:
    """Yield every record of `path` in file order, unreadable ones as `Rejected`.

    Raises:
        InputError: the file has another ending, is not UTF-8, is not a gzip file although its
            name says so, or has no header.
    """
    kind = kind_of(path)
    with open_text(path, newline="" if kind == ".csv" else "\n") as stream:
        try:
            yield from (_csv_rows(stream, path) if kind == ".csv" else _jsonl_rows(stream))
        except UnicodeDecodeError as error:
            raise InputError(
                f"{path}: 不是 UTF-8 编码（{error.reason}），请另存为 UTF-8 后再导入"
            ) from error
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise InputError(f"{path}: gzip 压缩包损坏或不完整（{error}），请重新导出") from error


def kind_of(path: Path) -> str:
    """Return what the rows of `path` are written in, one of `SUFFIXES`.

    Raises:
        InputError: the name has another ending.
    """
    kind = Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    if kind not in SUFFIXES:
        raise InputError(
            f"{path}: 不支持的文件类型“{''.join(path.suffixes)}”，请用 .csv 或 .jsonl（可再加 .gz）"
        )
    return kind


def open_text(path: Path, *, errors: str = "strict", newline: str = "\n") -> TextIO:
    """Open a UTF-8 file, gzipped if its name ends in .gz; a byte order mark is dropped.

    Lines end at LF only, as on standard input; `newline=""` ends them at a lone CR as well, as
    tables from old spreadsheets need it. What ends a line is kept either way.
    """
    stream = gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")  # noqa: SIM115 (the caller closes it)
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors=errors, newline=newline)


def _csv_rows(stream: TextIO, path: Path) -> Iterator[Row | Rejected]:
    csv.field_size_limit(MAX_CELL)
    records = _csv_records(stream)
    _, _, first = next(records, (1, "", []))
    if isinstance(first, csv.Error):
        raise InputError(f"{path}: 表头{_csv_fault(first)}") from first
    header = _header(first, path)
    for line, raw, cells in records:
        if isinstance(cells, csv.Error):
            yield _rejected(line, _csv_fault(cells), raw)
        elif len(cells) > len(header):
            reason = f"有 {len(cells)} 列，表头只有 {len(header)} 列；正文里的逗号要用引号括起来"
            yield _rejected(line, reason, raw)
        elif cells:  # A line with nothing on it is no row; one with blank cells is.
            # A row that is too short lacks its last cells.
            yield _row(line, dict(zip_longest(header, cells, fillvalue="")), raw)


def _csv_records(stream: Iterator[str]) -> Iterator[_Record]:
    """Yield every record, also blank ones; a fault costs the first line of its record only.

    The lines after it are read afresh, so that a quote never closed does not swallow the reviews
    behind it. Each line is read at most twice, however many quotes are broken: a record that was
    open on the lines up to the fault tells that any other one open there meets the same fault.
    """
    line, ahead, read = 1, list[str](), list[str]()
    reader = _csv_reader(_remembered(stream, ahead, read))
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield line, read[0], error
            for number, written in enumerate(read[1:-1], start=line + 1):
                yield _read_alone(number, written)
            ahead[:] = read[1:][-1:]
            line += max(1, len(read) - 1)
            reader = _csv_reader(_remembered(stream, ahead, read))
        else:
            if cells is None:
                return
            yield line, "".join(read), cells
            line += len(read)
        read.clear()


def _csv_reader(lines: Iterable[str]) -> Iterator[list[str]]:
    # Strict: a lenient reader silently swallows every review after a quote that is never closed.
    return csv.reader(lines, strict=True)


def _remembered(stream: Iterator[str], ahead: list[str], read: list[str]) -> Iterator[str]:
    """Pass on the lines `ahead`, then those of the stream, leaving a copy of each in `read`."""
    while ahead:
        read.append(ahead.pop())
        yield read[-1]
    for line in stream:
        read.append(line)
        yield line


def _read_alone(line: int, written: str) -> _Record:
    """Read one line as a whole record; a quote left open on it is a fault."""
    try:
        return line, written, next(_csv_reader([written]))
    except csv.Error as error:
        return line, written, error


def _header(cells: list[str], path: Path) -> list[str]:
    """Return the headers, stripped; a repeated one is numbered, so that no column is lost."""
    if not any(cell.strip() for cell in cells):
        raise InputError(f"{path}: 第一行没有表头")
    if "\0" in "".join(cells):
        raise InputError(f"{path}: 表头含 NUL 字符，请删除后重新导入")
    header: list[str] = []
    for cell in cells:
        name, copy = cell.strip(), 1
        while name in header:
            copy += 1
            name = f"{cell.strip()} ({copy})"
        header.append(name)
    return header


def _csv_fault(error: csv.Error) -> str:
    if "field larger" in str(error):
        return _too_long("单元格")
    return "引号不成对：正文里的引号要写成两个，再用引号把整格括起来"


def _too_long(what: str) -> str:
    return f"{what}超过 {MAX_CELL:,} 个字符，多半是引号没有配对"


def _jsonl_rows(stream: TextIO) -> Iterator[Row | Rejected]:
    for line, written in enumerate(stream, start=1):
        raw = written.strip()
        if raw:
            yield parse_json_row(line, raw)


def parse_json_row(line: int, raw: str) -> Row | Rejected:
    """Read one JSON object as a row; numbers and nested values become text."""
    try:
        value = json.loads(raw)
    except RecursionError:
        return _rejected(line, "不是合法的 JSON：嵌套过深", raw)
    except ValueError as error:  # also a number with more digits than Python converts
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "数字过长"
        return _rejected(line, f"不是合法的 JSON：{reason}", raw)
    if not isinstance(value, dict):
        return _rejected(line, f"应为 JSON 对象，实为 {type(value).__name__}", raw)
    return _row(line, {key: _cell(cell) for key, cell in value.items()}, raw)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _row(line: int, cells: dict[str, str], raw: str) -> Row | Rejected:
    for header, cell in cells.items():
        if len(cell) > MAX_CELL:
            return _rejected(line, _too_long(f"“{header}”"), raw)
        found = _UNSTORABLE.search(header + cell)
        if found:
            what = "NUL 字符" if found[0] == "\0" else "不成对的代理字符（表情被截断）"
            return _rejected(line, f"“{header}”含 {what}，请修正后重新导入", raw)
    return Row(line, cells)


def _rejected(line: int, reason: str, raw: str) -> Rejected:
    written = raw.rstrip("\r\n")
    return Rejected(line, _UNSTORABLE.sub("�", reason), _UNSTORABLE.sub("�", written))
