"""Nightly runs, one row each; a row is written again as its night goes on, and never deleted."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from feedback_nlp.records import Night, Step
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.nights

RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"


def add(session: Session, workspace: str, night: Night) -> Night:
    """Store a night as the newest and return it with its number.

    Raises:
        InputError: a file name that no database can keep.
    """
    check_storable("夜间任务", [("文件名", name) for name, _ in night.inputs])
    return replace(night, number=notes.append(session, _T, workspace, _values(night)))


def put(session: Session, workspace: str, night: Night) -> None:
    """Write what has become of a stored night."""
    mine = update(_T).where(_T.c.workspace_id == workspace, _T.c.id == night.number)
    session.execute(mine.values(_values(night)))


def latest(session: Session, workspace: str) -> Night | None:
    """Return the night that began last."""
    query = select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.id.desc()).limit(1)
    row = session.execute(query).one_or_none()
    return None if row is None else _to_night(row)


def every(session: Session, workspace: str, *, until: date | None = None) -> list[Night]:
    """Return the nights up to this day, or all, whatever became of them, first one first."""
    query = select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.id)
    if until is not None:
        query = query.where(_T.c.day <= until)
    return [_to_night(row) for row in session.execute(query)]


def get(session: Session, workspace: str, number: int) -> Night | None:
    """Return one night."""
    query = select(_T).where(_T.c.workspace_id == workspace, _T.c.id == number)
    row = session.execute(query).one_or_none()
    return None if row is None else _to_night(row)


def part(session: Session, workspace: str, page: Part) -> list[Night]:
    """Return a part of the nights, newest first; the key is the number."""
    query = select(_T).where(_T.c.workspace_id == workspace)
    rows = rows_of(session, query, (_T.c.id,), page, newest_first=True)
    return [_to_night(row) for row in rows]


def taken_files(session: Session, workspace: str) -> frozenset[tuple[str, str]]:
    """Return (name, sha256) of the files that finished nights have taken in to the last row."""
    query = select(_T.c.steps).where(_T.c.workspace_id == workspace, _T.c.state == DONE)
    return frozenset(
        (file["name"], file["sha256"])
        for steps in session.execute(query).scalars()
        for step in steps
        for file in step["figures"].get("files", ())
        if not file["later"]
    )


def _values(night: Night) -> dict[str, Any]:
    return {
        "day": night.day,
        "at": night.at,
        "state": night.state,
        "inputs": night.inputs,
        "steps": [asdict(step) for step in night.steps],
        "result": dict(night.result),
        "finished_at": night.finished_at,
    }


def _to_night(row: Row[Any]) -> Night:
    return Night(
        number=row.id,
        day=row.day,
        at=row.at,
        state=row.state,
        inputs=tuple((name, digest) for name, digest in row.inputs),
        steps=tuple(map(_to_step, row.steps)),
        result=row.result,
        finished_at=row.finished_at,
    )


def _to_step(value: Mapping[str, Any]) -> Step:
    return Step(value["name"], value["done"], value["figures"])
