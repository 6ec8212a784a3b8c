"""Everything that happened to one theme, what people did to others on its account included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Signature
from feedback_nlp.storage import tables, theme_edits
from feedback_nlp.storage.theme_edits import Edit

_E: Final = tables.theme_events


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, by a run or a person."""

    number: int
    """Grows with time; what undo asks for."""
    kind: str
    theme_id: str
    """The theme it is about, perhaps another one that took opinions from this one."""
    at: datetime
    detail: tuple[tuple[str, str], ...] = ()
    signature: Signature | None = None
    """Whose edit it is; None for what a run did."""
    undone: bool = False


def of_theme(session: Session, workspace: str, theme_id: str) -> list[Told]:
    """Return what happened to one theme, first event first."""
    edits = {edit.number: edit for edit in theme_edits.every(session, workspace)}
    undone = {int(edit.told("undoes") or 0) for edit in edits.values()}
    mine = [number for number, edit in edits.items() if theme_id in _touched(edit, edits)]
    query = (
        select(_E)
        .where(_E.c.workspace_id == workspace, or_(_E.c.theme_id == theme_id, _E.c.id.in_(mine)))
        .order_by(_E.c.id)
    )
    return [
        _edited(edits[row.id], undone=row.id in undone) if row.id in edits else _to_told(row)
        for row in session.execute(query)
    ]


def _touched(edit: Edit, edits: Mapping[int, Edit]) -> frozenset[str]:
    undoes = edits.get(int(edit.told("undoes") or 0))
    return edit.touched | (undoes.touched if undoes else frozenset())


def _edited(edit: Edit, *, undone: bool) -> Told:
    signature = edit.signature
    return Told(edit.number, edit.kind, edit.theme_id, signature.at, edit.detail, signature, undone)


def _to_told(row: Row[Any]) -> Told:
    return Told(row.id, row.kind, row.theme_id, row.at, tuple(row.detail.items()))
