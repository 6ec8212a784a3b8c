"""Which theme each opinion belongs to, and why. One row an opinion; only edits move it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Delete,
    Row,
    Select,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from feedback_nlp.records import How, Placement
from feedback_nlp.storage import tables
from feedback_nlp.storage.paging import chunks

_T: Final = tables.theme_placements
_R: Final = tables.reviews


@dataclass(frozen=True, slots=True)
class Compared:
    """When placements were made, and by what."""

    basis: str
    """Model, recipe and lexicons; empty when a person decided."""
    at: datetime


def every(session: Session, workspace: str) -> list[Placement]:
    """Return where the opinions of present texts belong, by review id and start."""
    return [_to_placement(row) for row in session.execute(_present(workspace))]


def of_theme(session: Session, workspace: str, theme_id: str) -> list[Placement]:
    """Return the placements in one theme, by review id and start."""
    query = _present(workspace).where(_T.c.theme_id == theme_id)
    return [_to_placement(row) for row in session.execute(query)]


def of_review(session: Session, workspace: str, review_id: str) -> list[Placement]:
    """Return where the opinions of one review belong."""
    query = _present(workspace).where(_T.c.review_id == review_id)
    return [_to_placement(row) for row in session.execute(query)]


def basis(session: Session, workspace: str) -> frozenset[str]:
    """Return by what the placements that no person made were made or last confirmed."""
    query = select(_T.c.basis).distinct().where(_T.c.workspace_id == workspace, _T.c.basis != "")
    return frozenset(session.execute(query).scalars())


def confirm(
    session: Session, workspace: str, kept: Sequence[Placement], compared: Compared
) -> None:
    """Note that these placements hold by another basis too; when they were made stays."""
    statement = update(_T).where(_at(workspace), _T.c.basis != "").values(basis=compared.basis)
    _execute_at(session, statement, (each.place for each in kept))


def mark(session: Session, workspace: str) -> int:
    """Return what is cheap to read and differs once opinions have found a place: how many have."""
    query = select(func.count()).where(_T.c.workspace_id == workspace)
    return session.execute(query).scalar_one()


def put(
    session: Session, workspace: str, placements: Sequence[Placement], compared: Compared
) -> None:
    """Write down where opinions belong from now on; what was there before is forgotten."""
    remove(session, workspace, [each.place for each in placements])
    hashes = text_hashes(session, workspace, {each.review_id for each in placements})
    rows = [
        {
            "workspace_id": workspace,
            "review_id": each.review_id,
            "start": each.start,
            "theme_id": each.theme_id,
            "text_hash": hashes[each.review_id],
            "how": each.how.value,
            "similarity": each.similarity,
            "runner_up": each.runner_up,
            "runner_up_similarity": each.runner_up_similarity,
            "basis": compared.basis,
            "at": compared.at,
        }
        for each in sorted(placements, key=lambda each: each.place)
    ]
    if rows:
        session.execute(insert(_T), rows)


def retarget(
    session: Session, workspace: str, places: Iterable[tuple[str, int]], theme_id: str
) -> None:
    """Let opinions belong to another theme; how they came, and how near they were, stays."""
    _execute_at(session, update(_T).where(_at(workspace)).values(theme_id=theme_id), places)


def text_hashes(session: Session, workspace: str, review_ids: Iterable[str]) -> dict[str, str]:
    """Return the hash of the present text of each of these reviews that is stored."""
    found: dict[str, str] = {}
    for chunk in chunks(sorted(review_ids)):
        query = select(_R.c.id, _R.c.text_hash).where(
            _R.c.workspace_id == workspace, _R.c.id.in_(chunk)
        )
        found |= {row.id: row.text_hash for row in session.execute(query)}
    return found


def remove(session: Session, workspace: str, places: Iterable[tuple[str, int]]) -> None:
    """Let opinions belong to no theme."""
    _execute_at(session, delete(_T).where(_at(workspace)), places)


def _at(workspace: str) -> ColumnElement[bool]:
    """Return the condition that a row is at the place that `_execute_at` fills in."""
    return (
        (_T.c.workspace_id == workspace)
        & (_T.c.review_id == bindparam("of_review"))
        & (_T.c.start == bindparam("of_start"))
    )


def _execute_at(
    session: Session, statement: Update | Delete, places: Iterable[tuple[str, int]]
) -> None:
    rows = [{"of_review": review_id, "of_start": start} for review_id, start in sorted(places)]
    if rows:
        session.execute(statement, rows)


def _present(workspace: str) -> Select[Any]:
    return (
        select(_T)
        .join(_R, _of_review() & (_R.c.text_hash == _T.c.text_hash))
        .where(_T.c.workspace_id == workspace)
        .order_by(_T.c.review_id, _T.c.start)
    )


def _of_review() -> ColumnElement[bool]:
    return (_R.c.workspace_id == _T.c.workspace_id) & (_R.c.id == _T.c.review_id)


def _to_placement(row: Row[Any]) -> Placement:
    return Placement(
        review_id=row.review_id,
        start=row.start,
        theme_id=row.theme_id,
        how=How(row.how),
        similarity=row.similarity,
        runner_up=row.runner_up,
        runner_up_similarity=row.runner_up_similarity,
    )
