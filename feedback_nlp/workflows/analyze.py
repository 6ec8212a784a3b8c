"""Analyse texts without a database: the Python API and the `analyze` command."""

import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from feedback_nlp import pipeline
from feedback_nlp.artifacts import load_classifier
from feedback_nlp.errors import InputError
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Annotation, Rejected
from feedback_nlp.tabular.columns import match_columns, missing_text_column
from feedback_nlp.tabular.rows import Row, open_text, parse_json_row, read_rows
from feedback_nlp.workflows.input_files import check_files

BATCH: Final = 256
WORKBOOKS: Final = (".xlsx", ".xls")


@dataclass(frozen=True, slots=True)
class Analyzer:
    """The packaged model behind two methods: load it once, then analyse any number of texts."""

    classifier: Classifier

    @classmethod
    def load(cls, model: str | Path | None = None) -> "Analyzer":
        """Load a model: a folder, a name, a name/date, or None for the packaged default.

        Raises:
            ArtefactError: no such model, or its folder is damaged.
        """
        return cls(load_classifier(model))

    def analyze(self, texts: Sequence[str], split: bool = True) -> list[Annotation]:  # noqa: FBT001, FBT002 (public API of CONTRACTS.md)
        """Annotate texts, one answer each, in order; ids are the positions from "1".

        The answer for a text never depends on the other texts. With `split=False` each text is
        one opinion. A text that is blank or not valid Unicode gets an `error`.
        """
        lines = [_checked(Line(n, str(n), text)) for n, text in enumerate(texts, start=1)]
        return [made for _, made in analyze_lines(lines, self.classifier, split=split)]


@dataclass(frozen=True, slots=True)
class Line:
    """One text to analyse, or the reason why a line holds none."""

    number: int
    """The line of the file it begins on, from 1."""
    id: str
    text: str
    reason: str | None = None

    @property
    def error(self) -> str | None:
        """The reason with the line number; None for a good line."""
        return None if self.reason is None else f"第 {self.number} 行：{self.reason}"


def read_lines(path: Path) -> Iterator[Line]:
    """Yield what a file holds: a .csv (also .gz) by its header, anything else line by line.

    Raises:
        InputError: the file is not there or unreadable as a whole.
    """
    check_files([path])
    name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    if name.suffix.lower() in WORKBOOKS:
        raise InputError(f"{path}: 还不支持 Excel 文件，请另存为 .csv")
    if name.suffix.lower() == ".csv":
        yield from map(_line, read_rows(path))
        return
    # Broken bytes become lone surrogates, which spoil their own line and no other.
    with open_text(path, errors="surrogateescape") as stream:
        try:
            yield from parse_lines(stream)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise InputError(f"{path}: gzip 压缩包损坏或不完整（{error}），请重新导出") from error


def parse_lines(stream: Iterable[str]) -> Iterator[Line]:
    """Read one text a line; a line that starts with `{` is JSON with `text` and optional `id`.

    Nothing is skipped: an empty line is a line with a reason.
    """
    for number, written in enumerate(stream, start=1):
        raw = written.rstrip("\r\n")
        if raw.lstrip().startswith("{"):
            yield _line(parse_json_row(number, raw))
        else:
            yield _checked(Line(number, str(number), raw))


def _line(row: Row | Rejected) -> Line:
    if isinstance(row, Rejected):
        return Line(row.line, str(row.line), row.raw, row.reason)
    columns = match_columns(row.cells)
    given = row.cells[columns["external_id"]].strip() if "external_id" in columns else ""
    line_id = given or str(row.line)
    if "text" not in columns:
        return Line(row.line, line_id, "", missing_text_column(row.cells))
    return _checked(Line(row.line, line_id, row.cells[columns["text"]]))


def _checked(line: Line) -> Line:
    if not line.text.strip():
        return replace(line, reason="正文为空")
    if any("\ud800" <= character <= "\udfff" for character in line.text):
        text = line.text.encode("utf-8", "replace").decode()
        return replace(line, text=text, reason="不是合法的 UTF-8 文本")
    return line


def analyze_lines(
    lines: Iterable[Line], classifier: Classifier, *, split: bool = True
) -> Iterator[tuple[Line, Annotation]]:
    """Annotate lines in order, exactly one answer a line; that of a bad one carries `error`."""
    iterator = iter(lines)
    while batch := list(islice(iterator, BATCH)):
        made = pipeline.annotate(
            [(line.id, "" if line.reason else line.text) for line in batch],
            classifier,
            split=split,
        )
        for line, annotation in zip(batch, made, strict=True):
            yield line, replace(annotation, text=line.text, error=line.error)
