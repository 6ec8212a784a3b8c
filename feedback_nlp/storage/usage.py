"""What users did in the product, to be joined with reviews by author and version."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from feedback_nlp.records import UsageEvent
from feedback_nlp.storage import tables
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.reviews import Added
from feedback_nlp.storage.upserts import Store, in_days, upsert, walk

_T: Final = tables.usage_events
_STORE: Final = Store(_T, UsageEvent, "使用记录")
_PLACES: Final = 3

Pair = tuple[str, str | None]
"""Author and version; None stands for all versions together."""


@dataclass(frozen=True, slots=True)
class UsageSummary:
    """What one author did, in one version or in all."""

    events: int
    seconds: float | None
    """Time spent, to the millisecond; None when no event tells."""
    first: datetime
    last: datetime


def add(session: Session, workspace: str, items: Sequence[UsageEvent], *, now: datetime) -> Added:
    """Store events; a known id with other content is replaced, the same changes nothing.

    Raises:
        InputError: a value that no database can keep.
    """
    return upsert(session, workspace, _STORE, items, now=now)


def every(session: Session, workspace: str, *, batch: int = 1_000) -> Iterator[UsageEvent]:
    """Walk through all events, by id."""
    return walk(session, workspace, _STORE, batch=batch)


def time_span(session: Session, workspace: str) -> tuple[datetime | None, datetime | None]:
    """Return the times of the oldest and the newest event; None without any."""
    query = select(func.min(_T.c.happened_at), func.max(_T.c.happened_at))
    oldest, newest = session.execute(query.where(_T.c.workspace_id == workspace)).one()
    return oldest, newest


def users(session: Session, workspace: str, *, first: date, last: date) -> set[str]:
    """Return who used the product from `first` to `last`, both days in China and included."""
    query = (
        select(_T.c.author_id)
        .distinct()
        .where(_T.c.workspace_id == workspace, in_days(_T.c.happened_at, first, last))
    )
    return set(session.execute(query).scalars())


def of_authors(
    session: Session, workspace: str, pairs: Collection[Pair]
) -> dict[Pair, UsageSummary]:
    """Sum up what these authors did in these versions; pairs without any event are left out.

    Events without a version count only where all versions are asked for.
    """
    wanted: dict[str, set[str | None]] = defaultdict(set)
    for author, version in pairs:
        wanted[author].add(version)
    found: dict[Pair, list[Row[Any]]] = defaultdict(list)
    for chunk in chunks(sorted(wanted)):
        for row in _by_version(session, workspace, chunk):
            for version in {None, row.version} & wanted[row.author_id]:
                found[row.author_id, version].append(row)
    return {pair: _summary(found[pair]) for pair in pairs if pair in found}


def _by_version(session: Session, workspace: str, authors: Sequence[str]) -> Sequence[Row[Any]]:
    count, seconds, at = _T.c["count"], _T.c.seconds, _T.c.happened_at
    query: Select[Any] = (
        select(
            _T.c.author_id,
            _T.c.version,
            func.sum(count).label("events"),
            func.sum(seconds).label("seconds"),
            func.min(at).label("first"),
            func.max(at).label("last"),
        )
        .where(_T.c.workspace_id == workspace, _T.c.author_id.in_(authors))
        .group_by(_T.c.author_id, _T.c.version)
    )
    return session.execute(query).all()


def _summary(rows: Sequence[Row[Any]]) -> UsageSummary:
    seconds = [row.seconds for row in rows if row.seconds is not None]
    return UsageSummary(
        events=sum(int(row.events) for row in rows),
        # Rounded, because a database adds up in any order.
        seconds=round(sum(seconds), _PLACES) if seconds else None,
        first=min(row.first for row in rows),
        last=max(row.last for row in rows),
    )
