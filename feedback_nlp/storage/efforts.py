"""What people wrote down about effort: rows are only added, the latest one counts."""

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from feedback_nlp.records import EffortKind, EffortNote
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.efforts


def add(session: Session, workspace: str, note: EffortNote) -> None:
    """Append a note; its theme and its ticket must be stored.

    Raises:
        InputError: a string or a number that no database can keep.
    """
    told = (("author", note.author), ("reason", note.reason), ("weeks", note.weeks))
    check_storable(f"主题 {note.theme_id} 的投入", told)
    notes.append(session, _T, workspace, asdict(note) | {"kind": note.kind.value})


def estimates(session: Session, workspace: str) -> dict[str, EffortNote]:
    """Map each theme to its latest estimate; themes whose estimate was taken back are left out."""
    query = _all(workspace).where(_T.c.kind == EffortKind.ESTIMATE.value)
    latest = {row.theme_id: _to_note(row) for row in session.execute(query)}
    return {theme_id: note for theme_id, note in latest.items() if note.weeks is not None}


def actuals(session: Session, workspace: str) -> list[EffortNote]:
    """Return what tickets took, of each ticket the latest note, first written first."""
    query = _all(workspace).where(_T.c.kind == EffortKind.ACTUAL.value)
    latest: dict[str | None, EffortNote] = {}
    for row in session.execute(query):
        latest.pop(row.ticket_id, None)
        latest[row.ticket_id] = _to_note(row)
    return [note for note in latest.values() if note.weeks is not None]


def history(session: Session, workspace: str, theme_id: str) -> list[EffortNote]:
    """Return every note about one theme and its tickets, first one first."""
    rows = session.execute(_all(workspace).where(_T.c.theme_id == theme_id))
    return [_to_note(row) for row in rows]


def mark(session: Session, workspace: str) -> int:
    """Return what is cheap to read and differs once somebody has written a note."""
    return notes.newest(session, _T, workspace)


def _all(workspace: str) -> Select[Any]:
    return select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.id)


def _to_note(row: Row[Any]) -> EffortNote:
    return EffortNote(
        kind=EffortKind(row.kind),
        theme_id=row.theme_id,
        weeks=row.weeks,
        author=row.author,
        at=row.at,
        reason=row.reason,
        ticket_id=row.ticket_id,
    )
