"""Answers to requests that carried an Idempotency-Key, kept for a day for those that come again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.storage.tables import idempotency as _T  # noqa: N812 (the table of this module)

KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a request was answered."""

    digest: str
    """Of the request: the same key with another one is refused."""
    status: int
    answer: Any
    """JSON."""


def claim(session: Session, workspace: str, key: str) -> bool:
    """Take the key until the transaction ends; False while another transaction has it.

    SQLite has one writer anyway: whoever comes second waits and then finds the answer.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    here = func.concat(func.current_schema(), "\n", f"idempotency\n{workspace}\n{key}")
    taken = func.pg_try_advisory_xact_lock(func.hashtextextended(here, 0))
    return bool(session.execute(select(taken)).scalar_one())


def get(session: Session, workspace: str, key: str, *, now: datetime) -> Kept | None:
    """Return what this key was answered within the last day."""
    query = select(_T).where(*_mine(workspace, key), _T.c.at > now - KEPT)
    row = session.execute(query).one_or_none()
    return None if row is None else Kept(row.digest, row.status, row.answer)


def put(session: Session, workspace: str, key: str, kept: Kept, *, now: datetime) -> None:
    """Keep an answer, and forget those of this workspace that are too old."""
    sweep(session, workspace, now=now)
    session.execute(delete(_T).where(*_mine(workspace, key)))
    row = {"workspace_id": workspace, "key": key, "digest": kept.digest, "at": now}
    session.execute(insert(_T), [row | {"status": kept.status, "answer": kept.answer}])


def sweep(session: Session, workspace: str, *, now: datetime) -> None:
    """Forget the answers that are more than a day old."""
    session.execute(delete(_T).where(_T.c.workspace_id == workspace, _T.c.at <= now - KEPT))


def _mine(workspace: str, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _T.c.workspace_id == workspace, _T.c.key == key
