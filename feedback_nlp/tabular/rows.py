"""A CSV or JSONL file, plain or gzipped -> rows of text cells with their line numbers."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected

SUFFIXES = (".csv", ".jsonl")
MAX_CELL = 1_000_000
"""Characters; one review longer than a novel is a broken quote, not a review."""
_SURROGATE = re.compile("[\ud800-\udfff]")


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
    kind = Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    if kind not in SUFFIXES:
        raise InputError(
            f"{path}: 不支持的文件类型“{''.join(path.suffixes)}”，请用 .csv 或 .jsonl（可再加 .gz）"
        )
    with open_text(path) as stream:
        try:
            yield from (_csv_rows(stream, path) if kind == ".csv" else _jsonl_rows(stream))
        except UnicodeDecodeError as error:
            raise InputError(
                f"{path}: 不是 UTF-8 编码（{error.reason}），请另存为 UTF-8 后再导入"
            ) from error
        except (gzip.BadGzipFile, EOFError) as error:
            raise InputError(f"{path}: gzip 压缩包损坏或不完整（{error}）") from error


def open_text(path: Path, *, errors: str = "strict") -> TextIO:
    """Open a UTF-8 file, gzipped if its name ends in .gz; a byte order mark is dropped."""
    stream = gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")  # noqa: SIM115 (the caller closes it)
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors=errors, newline="")


def _csv_rows(stream: TextIO, path: Path) -> Iterator[Row | Rejected]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(stream)
    header = [cell.strip() for cell in next(reader, [])]
    if not any(header):
        raise InputError(f"{path}: 第一行没有表头")
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Rejected(line, f"CSV 格式错误：{error}")
            continue
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        raw = ",".join(cells)
        if len(cells) > len(header):
            reason = f"有 {len(cells)} 列，表头只有 {len(header)} 列；正文里的逗号要用引号括起来"
            yield Rejected(line, reason, raw)
        else:
            yield _row(line, dict(zip(header, cells, strict=False)), raw)


def _jsonl_rows(stream: TextIO) -> Iterator[Row | Rejected]:
    for line, written in enumerate(stream, start=1):
        raw = written.strip()
        if raw:
            yield parse_json_row(line, raw)


def parse_json_row(line: int, raw: str) -> Row | Rejected:
    """Read one JSON object as a row; numbers and nested values become text."""
    try:
        value = json.loads(raw)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "嵌套过深"
        return Rejected(line, f"不是合法的 JSON：{reason}", raw)
    if not isinstance(value, dict):
        return Rejected(line, f"应为 JSON 对象，实为 {type(value).__name__}", raw)
    return _row(line, {key: _cell(cell) for key, cell in value.items()}, raw)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _row(line: int, cells: dict[str, str], raw: str) -> Row | Rejected:
    # Neither character can be stored by PostgreSQL or written as UTF-8.
    for header, cell in cells.items():
        if "\0" in cell:
            return Rejected(
                line, f"“{header}”含 NUL 字符，请删除后重新导入", raw.replace("\0", "�")
            )
        if _SURROGATE.search(cell):
            reason = f"“{header}”含不成对的代理字符（表情被截断），请修正后重新导入"
            return Rejected(line, reason, _SURROGATE.sub("�", raw))
    return Row(line, cells)
