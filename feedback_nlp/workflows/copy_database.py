"""Copy: one database -> another, SQLite or PostgreSQL, with every row accounted for."""

from dataclasses import dataclass

from feedback_nlp.storage import copying
from feedback_nlp.storage.copying import TableCopy
from feedback_nlp.workflows.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What was copied and compared."""

    tables: tuple[TableCopy, ...]
    """Every table, those that others refer to first."""

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(each.rows for each in self.tables)


def copy_database(source_url: str, target_url: str, *, progress: Progress = silent) -> CopyReport:
    """Copy all workspaces into an empty database, all or nothing; `progress` counts rows.

    Raises:
        ConflictError: the target holds rows already; nothing is overwritten.
        StorageError: the source is missing or has another schema, or what arrived differs.
    """

    def copied(_table: str, rows: int) -> None:
        progress(rows)

    return CopyReport(copying.copy_database(source_url, target_url, copied=copied))
