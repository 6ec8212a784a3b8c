"""Input lines that could not become reviews, kept so that a person can repair them."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Rejected
from feedback_nlp.storage.columns import dump_json
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.tables import rejections as _T  # noqa: N812 (the table of this module)


def begin(session: Session, workspace: str, source: str) -> None:
    """Forget what earlier imports of `source` rejected: what they left is being read again.

    Call it once, before the first `add` of an import.
    """
    lock(session, workspace, "rejections")
    session.execute(delete(_T).where(_T.c.workspace_id == workspace, _T.c.source == source))


def add(
    session: Session, workspace: str, source: str, rejected: Sequence[Rejected], *, now: datetime
) -> int:
    """Store rejected lines of `source` (a file name) and return how many were new.

    The same line with the same reason and content is stored once. The lines of one import may
    come in several calls.
    """
    lock(session, workspace, "rejections")
    new = 0
    for chunk in chunks({(line.line, _digest(line)): line for line in rejected}.items()):
        known = {
            (row.line, row.digest)
            for row in session.execute(
                select(_T.c.line, _T.c.digest).where(
                    _T.c.workspace_id == workspace,
                    _T.c.source == source,
                    _T.c.line.in_([number for (number, _), _ in chunk]),
                )
            )
        }
        rows = [
            {
                "workspace_id": workspace,
                "source": source,
                "line": line.line,
                "digest": key[1],
                "reason": line.reason,
                "raw": line.raw,
                "rejected_at": now,
            }
            for key, line in chunk
            if key not in known
        ]
        if rows:
            session.execute(insert(_T), rows)
        new += len(rows)
    return new


def every(session: Session, workspace: str, *, source: str | None = None) -> list[Rejected]:
    """Return the rejected lines, of one source or all, by source, line and content."""
    query = select(_T).where(_T.c.workspace_id == workspace)
    if source is not None:
        query = query.where(_T.c.source == source)
    rows = session.execute(query.order_by(_T.c.source, _T.c.line, _T.c.digest))
    return [Rejected(row.line, row.reason, row.raw) for row in rows]


def count(session: Session, workspace: str, *, source: str | None = None) -> int:
    """Count the rejected lines, of one source or all."""
    query = select(func.count()).select_from(_T).where(_T.c.workspace_id == workspace)
    if source is not None:
        query = query.where(_T.c.source == source)
    return session.execute(query).scalar_one()


def _digest(line: Rejected) -> str:
    return blake2b(dump_json([line.reason, line.raw]).encode(), digest_size=16).hexdigest()
