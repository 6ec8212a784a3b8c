"""Import: rows of a channel -> stored reviews and kept rejections. Safe to repeat."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import Engine

from feedback_nlp.records import Rejected, Review
from feedback_nlp.storage import rejections, reviews
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.progress import Progress, silent

BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every line that was read."""

    added: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()

    def __add__(self, other: "ImportReport") -> "ImportReport":
        """Add up two parts of an import."""
        return ImportReport(
            self.added + other.added,
            self.revised + other.revised,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
        )


def import_reviews(
    engine: Engine,
    workspace: str,
    rows: Iterable[Review | Rejected],
    *,
    source: str,
    now: datetime,
    progress: Progress = silent,
) -> ImportReport:
    """Store `rows` in transactions of 1000 lines; what was stored survives a crash.

    `source` names the file for the kept rejections. `progress` counts lines. A file that turns
    out unreadable half-way raises, and keeps the lines before that point.
    """
    report = ImportReport()
    source = source.encode("utf-8", "backslashreplace").decode()  # a file name need not be text
    with transaction(engine) as session:
        rejections.begin(session, workspace, source)
    for batch in _batches(rows):
        arrived = [row for row in batch if isinstance(row, Review)]
        rejected = [row for row in batch if isinstance(row, Rejected)]
        with transaction(engine) as session:
            stored = reviews.add(session, workspace, arrived, now=now)
            rejections.add(session, workspace, source, rejected, now=now)
        report += ImportReport(stored.added, stored.revised, stored.unchanged, tuple(rejected))
        progress(len(batch))
    return report


def _batches(rows: Iterable[Review | Rejected]) -> Iterator[list[Review | Rejected]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
