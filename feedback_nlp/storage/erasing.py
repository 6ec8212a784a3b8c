"""Deletes reviews and everything that hangs on them, words in other rows included."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, Table, delete, select, text
from sqlalchemy.orm import Session

from feedback_nlp.storage import tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.person_rows import HANGING, of_reviews
from feedback_nlp.storage.personal_words import PersonalWords
from feedback_nlp.storage.traces import strike

_R: Final = tables.reviews
_WRITTEN: Final = (tables.reviews, tables.review_revisions, tables.original_texts)
_LOCKED: Final = (
    "reviews",
    "quarantine",
    "annotations",
    "rejections",
    "themes",
    "priorities",
    "tickets",
)


def prepare(session: Session, workspace: str) -> None:
    """Keep every other writer of this workspace out, and have deleted bytes overwritten."""
    for noun in _LOCKED:
        lock(session, workspace, noun)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))


def forget_answers(session: Session, workspace: str) -> None:
    """Delete the answers that are kept for repeated requests: they quote what was posted."""
    kept = tables.idempotency
    session.execute(delete(kept).where(kept.c.workspace_id == workspace))


def words_of(session: Session, workspace: str, ids: Sequence[str]) -> PersonalWords:
    """Return everything that these reviews ever said."""
    found: set[str] = set()
    for chunk in chunks(ids):
        for table in _WRITTEN:
            query = select(table.c.text).where(of_reviews(session, workspace, table, chunk))
            found.update(session.execute(query).scalars())
    return PersonalWords(frozenset(found))


def erase_reviews(session: Session, workspace: str, ids: Sequence[str]) -> Counter[str]:
    """Delete reviews with all that hangs on them; return the rows deleted or changed per table.

    Counts of themes stay as they were until the next plan. Call `prepare` first.
    """
    counts: Counter[str] = Counter()
    if not ids:
        return counts
    words = words_of(session, workspace, ids)
    forget_answers(session, workspace)
    for chunk in chunks(ids):
        for table in (*HANGING, _R):
            condition = of_reviews(session, workspace, table, chunk)
            counts[table.name] += delete_rows(session, table, condition)
    counts.update(strike(session, workspace, ids, words))
    return +counts


def delete_rows(session: Session, table: Table, condition: ColumnElement[bool]) -> int:
    """Delete the rows that meet a condition and return how many there were."""
    result = session.execute(delete(table).where(condition))
    return result.rowcount if isinstance(result, CursorResult) else 0


def forget_samples(session: Session) -> None:
    """Let PostgreSQL sample the tables afresh: its statistics quote values of deleted rows."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE {', '.join(tables.metadata.tables)}"))
