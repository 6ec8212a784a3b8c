"""Batch runs, each named by a digest of its content."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Run
from feedback_nlp.storage.columns import dump_json
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.tables import runs as _T  # noqa: N812 (the table of this module)


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run with what storage knows about it."""

    number: int
    """Position in time."""
    digest: str
    run: Run


def add(session: Session, workspace: str, run: Run) -> str:
    """Store a run as the latest and return its digest; the same run twice is one row."""
    lock(session, workspace, "runs")
    value = _from_run(run)
    digest = blake2b(dump_json(value).encode(), digest_size=16).hexdigest()
    mine = _T.c.workspace_id == workspace
    session.execute(delete(_T).where(mine, _T.c.digest == digest))
    last = session.execute(select(func.max(_T.c.number)).where(mine)).scalar_one() or 0
    row = {"workspace_id": workspace, "digest": digest, "number": last + 1, "run": value}
    session.execute(insert(_T), [row])
    return digest


def latest(session: Session, workspace: str) -> Run | None:
    """Return the run that was added last."""
    query = select(_T.c.run).where(_T.c.workspace_id == workspace)
    value = session.execute(query.order_by(_T.c.number.desc()).limit(1)).scalar_one_or_none()
    return _to_run(value) if value else None


def get(session: Session, workspace: str, digest: str) -> Run | None:
    """Return the run with this digest."""
    query = select(_T.c.run).where(_T.c.workspace_id == workspace, _T.c.digest == digest)
    value = session.execute(query).scalar_one_or_none()
    return _to_run(value) if value else None


def part(session: Session, workspace: str, page: Part) -> list[StoredRun]:
    """Return a part of the runs, the last one first; the key is the number."""
    query = select(_T).where(_T.c.workspace_id == workspace)
    rows = rows_of(session, query, (_T.c.number,), page, newest_first=True)
    return [StoredRun(row.number, row.digest, _to_run(row.run)) for row in rows]


def _from_run(run: Run) -> dict[str, Any]:
    as_of = run.as_of and run.as_of.astimezone(UTC).isoformat()
    return asdict(run) | {"as_of": as_of}


def _to_run(value: dict[str, Any]) -> Run:
    as_of = value["as_of"]
    return Run(**value | {"as_of": as_of and datetime.fromisoformat(as_of)})
