"""Analyse texts without a database: the Python API and the `analyze` command."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from feedback_nlp import pipeline
from feedback_nlp.artifacts import load_classifier
from feedback_nlp.ports import Classifier
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import Annotation, Rejected
from feedback_nlp.tabular.columns import match_columns, missing_text_column
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.json_rows import parse_json_row
from feedback_nlp.tabular.lines import read_text_lines
from feedback_nlp.tabular.sheets import Row
from feedback_nlp.tabular.text_sheets import suffix_of
from feedback_nlp.workflows.input_files import check_files
from feedback_nlp.workflows.rejected_lines import protect_rejected

BATCH: Final = 256
_BROKEN: Final = re.compile("[\ud800-\udfff]")
"""Bytes that did not decode, and halves of characters."""
TABLES: Final = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".zip", ".json"})
"""Endings of files that are read by their header."""


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
    """Yield what a file holds: a table (an ending of `TABLES`) by its header, any other by lines.

    Each may be gzipped; the encoding is found out.

    Raises:
        InputError: the file is not there or unreadable as a whole.
    """
    check_files([path])
    if suffix_of(path.name) in TABLES:
        for sheet in open_sheets(path):
            yield from map(_line, sheet.rows)
    else:
        yield from parse_lines(read_text_lines(path))


def parse_lines(stream: Iterable[str]) -> Iterator[Line]:
    """Read one text a line; a line that starts with `{` is JSON with `text` and optional `id`.

    Nothing is skipped: an empty line is a line with a reason.
    """
    for number, written in enumerate(stream, start=1):
        raw = written.rstrip("\r\n")
        if raw.lstrip().startswith("{") and not _BROKEN.search(raw):
            yield _line(parse_json_row(number, raw))
        else:
            yield _checked(Line(number, str(number), raw))


def _line(row: Row | Rejected) -> Line:
    if isinstance(row, Rejected):
        masked = protect_rejected(row)
        return Line(row.line, str(row.line), masked.raw, masked.reason)
    columns = match_columns(row.cells)
    given = row.cells[columns["external_id"]].strip() if "external_id" in columns else ""
    line_id = given or str(row.line)
    if "text" not in columns:
        return Line(row.line, line_id, "", missing_text_column(row.cells))
    return _checked(Line(row.line, line_id, row.cells[columns["text"]]))


def _checked(line: Line) -> Line:
    if not line.text.strip():
        return replace(line, reason="正文为空")
    if _BROKEN.search(line.text):
        text = line.text.encode("utf-8", "replace").decode()
        return replace(line, text=text, reason="含有无法解码的字节")
    return line


def analyze_lines(
    lines: Iterable[Line], classifier: Classifier, *, split: bool = True
) -> Iterator[tuple[Line, Annotation]]:
    """Annotate lines in order, exactly one answer a line; that of a bad one carries `error`.

    Personal data is masked first: the answer is printed, and its spans index the masked text.
    """
    iterator = (replace(line, text=mask(line.text).text) for line in lines)
    while batch := list(islice(iterator, BATCH)):
        made = pipeline.annotate(
            [(line.id, "" if line.reason else line.text) for line in batch],
            classifier,
            split=split,
        )
        for line, annotation in zip(batch, made, strict=True):
            yield line, replace(annotation, text=line.text, error=line.error)
