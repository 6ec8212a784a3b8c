"""Report files on disk: each appears whole or not at all."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from feedback_nlp.records import Annotation, Review
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.html import report_html
from feedback_nlp.reports.json_files import dumps, opinion_line, themes_document
from feedback_nlp.reports.markdown import report_markdown
from feedback_nlp.reports.tables import tickets_csv, tickets_xlsx


def write_reports(
    data: ReportData, annotations: Iterable[tuple[Annotation, Review | None]], out: Path
) -> tuple[Path, ...]:
    """Write every file of a run into `out` (made when missing) and return their paths.

    The same data gives the same bytes. `annotations` is read once, one review at a time.
    """
    out.mkdir(parents=True, exist_ok=True)
    opinions = out / "opinions.jsonl"
    with replacing(opinions) as file:
        for annotation, review in annotations:
            file.write(_utf8(dumps(opinion_line(annotation, review)) + "\n"))
    contents = {
        "themes.json": _utf8(dumps(themes_document(data), indent=2) + "\n"),
        "tickets.csv": tickets_csv(data),
        "tickets.xlsx": tickets_xlsx(data),
        "report.html": _utf8(report_html(data)),
        "report.md": _utf8(report_markdown(data)),
    }
    for name, content in contents.items():
        write_atomically(out / name, content)
    return (opinions, *(out / name for name in contents))


def write_atomically(path: Path, content: bytes) -> None:
    """Write the file so that a reader sees the old content or the new one, never a part."""
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the block ends without an exception."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
