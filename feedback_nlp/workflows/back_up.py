"""Back up: a database -> one file, and back again; or back to an earlier schema."""

from dataclasses import dataclass
from pathlib import Path

from feedback_nlp.storage import backup, schema
from feedback_nlp.storage.backup import BackupFile
from feedback_nlp.storage.copying import Copied
from feedback_nlp.storage.database import open_unmigrated
from feedback_nlp.workflows.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class DowngradeReport:
    """From which revision to which a schema went."""

    before: str
    after: str


def back_up(url: str, path: Path, *, progress: Progress = silent) -> BackupFile:
    """Write a checked copy of a database to one SQLite file, while others go on writing.

    `progress` counts rows, of PostgreSQL only: a SQLite file is copied in one go.

    Raises:
        StorageError: the database is missing or damaged, or the disk is full; an earlier backup
            of that name is then still as it was.
        InputError: the folder is missing, or the file is the database itself.
    """
    return backup.back_up(url, path, copied=_counted_by(progress))


def restore(
    path: Path, url: str, *, overwrite: bool = False, progress: Progress = silent
) -> BackupFile:
    """Make a database what a backup holds; stop every program that uses it first.

    Raises:
        ConflictError: the database is there already and `overwrite` was not asked.
        StorageError: the backup is damaged or newer than this program, or the database is in use.
    """
    return backup.restore(path, url, overwrite=overwrite, copied=_counted_by(progress))


def downgrade_database(url: str, revision: str) -> DowngradeReport:
    """Take a schema back to an earlier revision, for a program of an earlier version.

    What only the later revisions hold is lost; the next command of this version migrates up again.

    Raises:
        InputError: no such earlier revision; the message names those there are.
        StorageError: there is no such database, or it is newer than this program.
    """
    engine = open_unmigrated(url)
    try:
        with engine.connect() as connection:
            before = schema.present_revision(connection)
        schema.downgrade(engine, revision)
    finally:
        engine.dispose()
    return DowngradeReport(before or schema.BASE, revision)


def _counted_by(progress: Progress) -> Copied:
    def copied(_table: str, rows: int) -> None:
        progress(rows)

    return copied
