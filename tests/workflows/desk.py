"""A desk to run files on: one database, one output folder, and ways to compare what came out."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from builders import NOW
from databases import every_row, migrated_copy
from sqlalchemy import Engine

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Review, Taxonomy
from feedback_nlp.storage import rejections, reviews
from feedback_nlp.storage.database import open_database, reading
from feedback_nlp.storage.rejections import StoredRejection
from feedback_nlp.workflows.import_files import Intake, Watch, import_files
from feedback_nlp.workflows.import_sheet import ImportReport, Target
from feedback_nlp.workflows.progress import Stage, no_stages
from feedback_nlp.workflows.run_files import (
    RunReport,
    run_files,
)
from feedback_nlp.workflows.setup import Setup

TESTS: Final = Path(__file__).parents[1]
COMPLAINTS: Final = TESTS / "samples" / "complaints.csv"
EXAMPLES: Final = TESTS.parent / "examples" / "reviews.csv"
AFTER_EXAMPLES: Final = NOW.replace(month=12)
"""The story of the examples ends in November 2026; dates in the future are refused."""
Rows = Sequence[Mapping[str, str]]
NewDatabase = Callable[[Path], str]
"""Gives the URL of an empty database for the desk in this folder, the same one each time."""


def sqlite_in(folder: Path) -> str:
    return migrated_copy(folder / "feedback.db")


@dataclass(frozen=True, slots=True)
class Desk:
    """Its files lie in `root`, its rows in one database; `at` gives a desk of its own."""

    root: Path
    classifier: Classifier
    taxonomy: Taxonomy
    workspace: str = "default"
    new_database: NewDatabase = sqlite_in

    def at(self, name: str) -> "Desk":
        return replace(self, root=self.root / name)

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def url(self) -> str:
        return self.new_database(self.root)

    @contextmanager
    def setup(self) -> Iterator[Setup]:
        engine = open_database(self.url)
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
            return run_files(setup, files, out=self.out, now=now, watch=Watch(stage=stage))

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.out.iterdir())}

    def dump(self) -> list[str]:
        """Every row of every table, alike on SQLite and PostgreSQL.

        Without the list of imports: each attempt leaves a line of its own there.
        """
        with self.engine() as engine:
            return every_row(engine, without=("imports", "import_id"))


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


def stored(target: Target) -> list[Review]:
    """Every review of the workspace."""
    with reading(target.engine) as session:
        return list(reviews.every(session, target.workspace))


def open_rejections(target: Target) -> list[StoredRejection]:
    """Every rejected row that nobody has corrected."""
    with reading(target.engine) as session:
        return list(rejections.every(session, target.workspace))


def imported(target: Target, *files: Path, **options: Any) -> ImportReport:  # noqa: ANN401 (fields of Intake)
    """Import files and add up what became of their sheets."""
    done = import_files(target, files, intake=Intake(**options))
    return sum((each.report for each in done), start=ImportReport())


def write_text(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return path
