"""Input lines that could not become records, kept so that a person can repair them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from feedback_nlp.records import Rejected
from feedback_nlp.storage.columns import dump_json
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.paging import CHUNK, chunks
from feedback_nlp.storage.planner import refresh_statistics
from feedback_nlp.storage.storable import storable
from feedback_nlp.storage.tables import rejections as _T  # noqa: N812 (the table of this module)

_KEY: Final = (_T.c.source, _T.c.line, _T.c.digest)


@dataclass(frozen=True, slots=True)
class StoredRejection:
    """One rejected line and what became of it."""

    source: str
    line: int
    reason: str
    raw: str
    rejected_at: datetime
    """When it was met first."""
    import_id: int | None
    """The last import that met it; None when it was stored before imports had numbers."""
    corrected_at: datetime | None


def add(
    session: Session,
    workspace: str,
    source: str,
    rejected: Sequence[Rejected],
    *,
    import_id: int,
    now: datetime,
) -> int:
    """Store rejected lines that an import met in `source` and return how many were new.

    A line that is known with the same reason and content only notes that this import met it too;
    a corrected one stays corrected. The lines of one import may come in several calls.
    """
    hold(session, workspace)
    new = 0
    for chunk in chunks({(line.line, _digest(line)): line for line in rejected}.items()):
        numbers = [number for (number, _), _ in chunk]
        known = _known(session, workspace, source, numbers)
        met = [key for key, _ in chunk if key in known and (known[key] or 0) < import_id]
        if met:
            these = (*_mine(workspace, source), tuple_(_T.c.line, _T.c.digest).in_(met))
            session.execute(update(_T).where(*these).values(import_id=import_id))
        rows = [
            {
                "workspace_id": workspace,
                "source": source,
                "line": line.line,
                "digest": key[1],
                "reason": storable(line.reason),
                "raw": line.raw,
                "rejected_at": now,
                "import_id": import_id,
            }
            for key, line in chunk
            if key not in known
        ]
        if rows:
            session.execute(insert(_T), rows)
        new += len(rows)
    refresh_statistics(session, _T)
    return new


def every(
    session: Session,
    workspace: str,
    *,
    source: str | None = None,
    include_corrected: bool = False,
    batch: int = 1_000,
) -> Iterator[StoredRejection]:
    """Walk through the rejected lines, of one source or all, by source, line and content.

    Each page is a query of its own, so the caller may write between the lines.
    """
    size = max(1, min(batch, CHUNK))
    page = select(_T).where(*_mine(workspace, source)).order_by(*_KEY).limit(size)
    if not include_corrected:
        page = page.where(_T.c.corrected_at.is_(None))
    query = page
    while rows := session.execute(query).all():
        yield from map(_to_rejection, rows)
        last = rows[-1]
        query = page.where(tuple_(*_KEY) > (last.source, last.line, last.digest))


def part(
    session: Session, workspace: str, source: str, page: Part, *, import_id: int
) -> list[tuple[StoredRejection, str]]:
    """Return a part of the lines that an import of this source was the last to meet.

    By line and content; beside each the name of its content, the second half of the key.
    """
    query = select(_T).where(*_mine(workspace, source), _T.c.import_id == import_id)
    rows = rows_of(session, query, (_T.c.line, _T.c.digest), page)
    return [(_to_rejection(row), row.digest) for row in rows]


def correct(
    session: Session, workspace: str, places: Sequence[tuple[str, int]], *, now: datetime
) -> int:
    """Mark the open lines at these places (source, line) as corrected and return how many.

    They are kept, as corrected, whatever later imports meet.
    """
    hold(session, workspace)
    by_source: dict[str, set[int]] = defaultdict(set)
    for source, line in places:
        by_source[source].add(line)
    corrected = 0
    for source, lines in by_source.items():
        for chunk in chunks(sorted(lines)):
            these = (
                *_mine(workspace, source),
                _T.c.line.in_(chunk),
                _T.c.corrected_at.is_(None),
            )
            corrected += _count(session, *these)
            session.execute(update(_T).where(*these).values(corrected_at=now))
    return corrected


def count(session: Session, workspace: str, *, source: str | None = None) -> int:
    """Count the rejected lines that nobody has corrected yet, of one source or all."""
    return _count(session, *_mine(workspace, source), _T.c.corrected_at.is_(None))


def count_by_source(session: Session, workspace: str) -> dict[str, int]:
    """Count the rejected lines that nobody has corrected yet, by source, in its order."""
    query = (
        select(_T.c.source, func.count())
        .where(*_mine(workspace, None), _T.c.corrected_at.is_(None))
        .group_by(_T.c.source)
        .order_by(_T.c.source)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def forget_older(session: Session, workspace: str, source: str, *, import_id: int) -> None:
    """Forget the open lines of `source` that no import from `import_id` on has met."""
    hold(session, workspace)
    session.execute(
        delete(_T).where(
            *_mine(workspace, source),
            _T.c.corrected_at.is_(None),
            or_(_T.c.import_id.is_(None), _T.c.import_id < import_id),
        )
    )


def hold(session: Session, workspace: str) -> None:
    """Let only this transaction write rejected lines; take it before the lock of the imports."""
    lock(session, workspace, "rejections")


def _known(
    session: Session, workspace: str, source: str, numbers: Sequence[int]
) -> dict[tuple[int, str], int | None]:
    query = select(_T.c.line, _T.c.digest, _T.c.import_id)
    rows = session.execute(query.where(*_mine(workspace, source), _T.c.line.in_(numbers)))
    return {(row.line, row.digest): row.import_id for row in rows}


def _mine(workspace: str, source: str | None) -> tuple[ColumnElement[bool], ...]:
    mine = _T.c.workspace_id == workspace
    return (mine,) if source is None else (mine, _T.c.source == source)


def _count(session: Session, *these: ColumnElement[bool]) -> int:
    return session.execute(select(func.count()).select_from(_T).where(*these)).scalar_one()


def _to_rejection(row: Row[Any]) -> StoredRejection:
    return StoredRejection(
        source=row.source,
        line=row.line,
        reason=row.reason,
        raw=row.raw,
        rejected_at=row.rejected_at,
        import_id=row.import_id,
        corrected_at=row.corrected_at,
    )


def _digest(line: Rejected) -> str:
    return blake2b(dump_json([line.reason, line.raw]).encode(), digest_size=16).hexdigest()
