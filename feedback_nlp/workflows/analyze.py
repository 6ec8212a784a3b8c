"""Analyse texts without a database: the Python API and the `analyze` command."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from feedback_nlp import pipeline
from feedback_nlp.artifacts import load_classifier
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Annotation, Rejected
from feedback_nlp.tabular.columns import match_columns, missing_text_column
from feedback_nlp.tabular.rows import Row, open_text, parse_json_row, read_rows

BATCH: Final = 256


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
        lines = [_checked(Line(str(n), text), n) for n, text in enumerate(texts, start=1)]
        return list(analyze_lines(lines, self.classifier, split=split))


@dataclass(frozen=True, slots=True)
class Line:
    """One text to analyse, or the reason why a line holds none."""

    id: str
    text: str
    error: str | None = None


def read_lines(path: Path) -> Iterator[Line]:
    """Yield what a file holds: a .csv (also .gz) by its header, anything else line by line.

    Raises:
        InputError: the file is unreadable as a whole.
    """
    if ".csv" in path.suffixes:
        for row in read_rows(path):
            yield _line(row)
    else:
        # Broken bytes become lone surrogates, which spoil their own line and no other.
        with open_text(path, errors="surrogateescape") as stream:
            yield from parse_lines(stream)


def parse_lines(stream: Iterable[str]) -> Iterator[Line]:
    """Read one text a line; a line that starts with `{` is JSON with `text` and optional `id`.

    Nothing is skipped: an empty line is a line with an error.
    """
    for number, written in enumerate(stream, start=1):
        raw = written.rstrip("\r\n")
        if raw.lstrip().startswith("{"):
            yield _line(parse_json_row(number, raw))
        else:
            yield _checked(Line(str(number), raw), number)


def _line(row: Row | Rejected) -> Line:
    if isinstance(row, Rejected):
        return Line(str(row.line), row.raw, f"第 {row.line} 行：{row.reason}")
    columns = match_columns(row.cells)
    if "text" not in columns:
        reason = missing_text_column(row.cells)
        return Line(str(row.line), "", f"第 {row.line} 行：{reason}")
    given = row.cells[columns["external_id"]].strip() if "external_id" in columns else ""
    return _checked(Line(given or str(row.line), row.cells[columns["text"]]), row.line)


def _checked(line: Line, number: int) -> Line:
    if not line.text.strip():
        return replace(line, error=f"第 {number} 行：正文为空")
    if any("\ud800" <= character <= "\udfff" for character in line.text):
        text = line.text.encode("utf-8", "replace").decode()
        return replace(line, text=text, error=f"第 {number} 行：不是合法的 UTF-8 文本")
    return line


def analyze_lines(
    lines: Iterable[Line], classifier: Classifier, *, split: bool = True
) -> Iterator[Annotation]:
    """Annotate lines in order, exactly one answer a line; a bad one carries `error`."""
    iterator = iter(lines)
    while batch := list(islice(iterator, BATCH)):
        made = pipeline.annotate(
            [(line.id, "" if line.error else line.text) for line in batch],
            classifier,
            split=split,
        )
        for line, annotation in zip(batch, made, strict=True):
            yield replace(annotation, text=line.text, error=line.error)
