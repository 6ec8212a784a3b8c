"""RICE of the themes, as the last run computed it."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Priority
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.nested import from_priority, to_priority
from feedback_nlp.storage.tables import priorities as _T  # noqa: N812 (the table of this module)

_COLUMNS: Final = (
    "theme_id",
    *("reach", "impact", "confidence", "effort", "score", "low", "high"),
    "reasons",
)


def save(session: Session, workspace: str, priorities: Sequence[Priority]) -> None:
    """Make the stored priorities equal to `priorities`; their themes must be stored.

    A ticket keeps its own copy, so a priority that goes away leaves no hole.
    """
    lock(session, workspace, "priorities")
    session.execute(delete(_T).where(_T.c.workspace_id == workspace))
    if priorities:
        session.execute(insert(_T), [_values(workspace, priority) for priority in priorities])


def drop(session: Session, workspace: str, theme_ids: Sequence[str]) -> None:
    """Forget the priorities of these themes: they are not ranked any more."""
    if theme_ids:
        mine = (_T.c.workspace_id == workspace, _T.c.theme_id.in_(theme_ids))
        session.execute(delete(_T).where(*mine))


def every(session: Session, workspace: str) -> list[Priority]:
    """Return the priorities in RICE order: highest score first, then by theme number."""
    query = (
        select(_T)
        .where(_T.c.workspace_id == workspace)
        .order_by(_T.c.score.desc(), func.length(_T.c.theme_id), _T.c.theme_id)
    )
    return [_to_priority(row) for row in session.execute(query)]


def get(session: Session, workspace: str, theme_id: str) -> Priority | None:
    """Return the priority of one theme."""
    query = select(_T).where(_T.c.workspace_id == workspace, _T.c.theme_id == theme_id)
    row = session.execute(query).one_or_none()
    return _to_priority(row) if row else None


def _to_priority(row: Row[Any]) -> Priority:
    return to_priority(row.detail | {name: getattr(row, name) for name in _COLUMNS})


def _values(workspace: str, priority: Priority) -> dict[str, Any]:
    fields = from_priority(priority)
    columns = {name: fields.pop(name) for name in _COLUMNS}
    return {"workspace_id": workspace, "detail": fields} | columns
