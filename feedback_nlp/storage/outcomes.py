"""What verification found about tickets: rows are only added."""

from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Outcome, Verdict
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.outcomes


def add(session: Session, workspace: str, outcome: Outcome) -> None:
    """Append an outcome; its theme and its ticket must be stored.

    Raises:
        InputError: a string that no database can keep.
    """
    told = [(name, text) for pair in outcome.detail for name, text in (pair, (pair[0], pair[0]))]
    check_storable(f"工单 {outcome.ticket_id} 的验证", told)
    row = {
        "ticket_id": outcome.ticket_id,
        "theme_id": outcome.theme_id,
        "verdict": outcome.verdict.value,
        "at": outcome.at,
        "detail": dict(outcome.detail),
    }
    notes.append(session, _T, workspace, row)


def every(session: Session, workspace: str) -> list[Outcome]:
    """Return all outcomes, first one first."""
    query = select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.id)
    return [_to_outcome(row) for row in session.execute(query)]


def part(
    session: Session, workspace: str, page: Part, *, ticket_id: str | None = None
) -> list[tuple[int, Outcome]]:
    """Return a part of the outcomes with their numbers, newest first; the key is the number."""
    query = select(_T).where(_T.c.workspace_id == workspace)
    if ticket_id is not None:
        query = query.where(_T.c.ticket_id == ticket_id)
    rows = rows_of(session, query, (_T.c.id,), page, newest_first=True)
    return [(row.id, _to_outcome(row)) for row in rows]


def mark(session: Session, workspace: str) -> int:
    """Return what is cheap to read and differs once something was verified."""
    return notes.newest(session, _T, workspace)


def _to_outcome(row: Row[Any]) -> Outcome:
    return Outcome(
        ticket_id=row.ticket_id,
        theme_id=row.theme_id,
        verdict=Verdict(row.verdict),
        at=row.at,
        detail=tuple(row.detail.items()),
    )
