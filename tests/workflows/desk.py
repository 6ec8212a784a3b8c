"""A desk to run files on: one database, one output folder, and ways to compare what came out."""

import csv
import io
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from builders import NOW
from sqlalchemy import Engine

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy
from feedback_nlp.storage.database import open_database
from feedback_nlp.workflows.progress import Stage, no_stages
from feedback_nlp.workflows.run_files import RunReport, Setup, run_files

TESTS: Final = Path(__file__).parents[1]
COMPLAINTS: Final = TESTS / "samples" / "complaints.csv"
EXAMPLES: Final = TESTS.parent / "examples" / "reviews.csv"
AFTER_EXAMPLES: Final = NOW.replace(month=12)
"""The story of the examples ends in November 2026; dates in the future are refused."""
Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything lies in `root`; `at` gives a desk of its own."""

    root: Path
    classifier: Classifier
    taxonomy: Taxonomy
    workspace: str = "default"

    def at(self, name: str) -> "Desk":
        return Desk(self.root / name, self.classifier, self.taxonomy, self.workspace)

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def database(self) -> Path:
        return self.root / "feedback.db"

    @contextmanager
    def setup(self) -> Iterator[Setup]:
        engine = open_database(f"sqlite:///{self.database}")
        try:
            yield Setup(engine, self.workspace, self.classifier, self.taxonomy)
        finally:
            engine.dispose()

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        with self.setup() as setup:
            yield setup.engine

    def run(self, *files: Path, now: datetime = NOW, stage: Stage = no_stages) -> RunReport:
        with self.setup() as setup:
            return run_files(setup, files, out=self.out, now=now, stage=stage)

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.out.iterdir())}

    def dump(self) -> list[str]:
        """Every row of every table, as SQL."""
        with closing(sqlite3.connect(self.database)) as connection:
            return sorted(connection.iterdump())


def sample_rows(path: Path = COMPLAINTS, *, without: Iterable[str] = ()) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [{key: cell for key, cell in row.items() if key not in without} for row in rows]


def write_csv(path: Path, rows: Rows) -> Path:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    return path
