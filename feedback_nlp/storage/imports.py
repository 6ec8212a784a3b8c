"""Imports: what was read when, through which channel and column map, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.storage import rejections
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.storable import check_storable
from feedback_nlp.storage.tables import imports as _T  # noqa: N812 (the table of this module)

_NOUN: Final = "imports"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from; kept with the import."""

    source: str
    """Full path, with `!` before a sheet or member: the key of rejected lines."""
    format: str
    channel: str
    mapping: Mapping[str, str]
    """Header -> field."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """One reading of one source."""

    id: int
    origin: Origin
    counts: Mapping[str, int]
    """What became of the rows so far, in the words of the import workflow."""
    started_at: datetime
    finished_at: datetime | None
    """None while it runs, and for ever when it was killed."""


def begin(session: Session, workspace: str, origin: Origin, *, now: datetime) -> int:
    """Note that an import starts and return its number, above that of every earlier one.

    Raises:
        InputError: source, format or channel hold characters that no database can keep.
    """
    named = (("来源", origin.source), ("格式", origin.format), ("渠道", origin.channel))
    check_storable("导入", named)
    lock(session, workspace, _NOUN)
    last = session.execute(select(func.max(_T.c.id)).where(_T.c.workspace_id == workspace))
    number = (last.scalar_one() or 0) + 1
    row = {
        "workspace_id": workspace,
        "id": number,
        "source": origin.source,
        "format": origin.format,
        "channel": origin.channel,
        "mapping": dict(origin.mapping),
        "notes": origin.notes,
        "counts": {},
        "started_at": now,
    }
    session.execute(insert(_T), [row])
    return number


def count_up(session: Session, workspace: str, import_id: int, counts: Mapping[str, int]) -> None:
    """Add `counts` to those of an import.

    Raises:
        NotFoundError: no import has this number.
    """
    lock(session, workspace, _NOUN)
    known = dict(_found(session, workspace, import_id).counts)
    total = known | {name: known.get(name, 0) + more for name, more in counts.items()}
    mine = update(_T).where(_T.c.workspace_id == workspace, _T.c.id == import_id)
    session.execute(mine.values(counts=total))


def finish(session: Session, workspace: str, import_id: int, *, now: datetime) -> None:
    """Mark an import as complete and forget the rejected lines of its source that it did not meet.

    Only a complete import may forget, so one that is killed loses nothing. Where several imports
    of one source ran at once, the one that began last decides, whichever ends last: lines that
    only an earlier one met go too.

    Raises:
        NotFoundError: no import has this number.
    """
    rejections.hold(session, workspace)
    lock(session, workspace, _NOUN)
    source = _found(session, workspace, import_id).origin.source
    mine = update(_T).where(_T.c.workspace_id == workspace, _T.c.id == import_id)
    session.execute(mine.values(finished_at=now))
    newest = select(func.max(_T.c.id)).where(
        _T.c.workspace_id == workspace, _T.c.source == source, _T.c.finished_at.is_not(None)
    )
    last = session.execute(newest).scalar_one()
    rejections.forget_older(session, workspace, source, import_id=last)


def get(session: Session, workspace: str, import_id: int) -> Import | None:
    """Return one import."""
    query = select(_T).where(_T.c.workspace_id == workspace, _T.c.id == import_id)
    row = session.execute(query).one_or_none()
    return _to_import(row) if row else None


def every(session: Session, workspace: str, *, limit: int) -> list[Import]:
    """Return the imports, newest first, at most `limit`."""
    query = select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.id.desc()).limit(limit)
    return [_to_import(row) for row in session.execute(query)]


def part(session: Session, workspace: str, page: Part) -> list[Import]:
    """Return a part of the imports, newest first; the key is the number."""
    query = select(_T).where(_T.c.workspace_id == workspace)
    rows = rows_of(session, query, (_T.c.id,), page, newest_first=True)
    return [_to_import(row) for row in rows]


def _found(session: Session, workspace: str, import_id: int) -> Import:
    found = get(session, workspace, import_id)
    if found is None:
        raise NotFoundError(f"没有编号为 {import_id} 的导入记录")
    return found


def _to_import(row: Row[Any]) -> Import:
    return Import(
        id=row.id,
        origin=Origin(row.source, row.format, row.channel, row.mapping, tuple(row.notes)),
        counts=row.counts,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
