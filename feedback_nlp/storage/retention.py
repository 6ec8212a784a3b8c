"""How long things are kept, and what is due to go."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, func, select
from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError
from feedback_nlp.storage import tables
from feedback_nlp.storage.erasing import erase_reviews, prepare

_R: Final = tables.reviews
MAX_DAYS: Final = 36_500
_AGED: Final = {
    "original_days": (tables.original_texts, tables.original_texts.c.kept_at),
    "rejection_days": (tables.rejections, tables.rejections.c.rejected_at),
    "usage_days": (tables.usage_events, tables.usage_events.c.happened_at),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """Days after which things are deleted; None keeps them for ever."""

    review_days: int | None = None
    """Since the review was written, or imported when nobody knows when it was written."""
    original_days: int | None = None
    """Since the unmasked text was stored."""
    rejection_days: int | None = None
    usage_days: int | None = None

    def __post_init__(self) -> None:
        """Refuse a policy that would delete what is still to come; raises InputError."""
        for name in self.__slots__:
            days = getattr(self, name)
            if days is not None and not 1 <= days <= MAX_DAYS:
                raise InputError(
                    f"保留天数应为 1 到 {MAX_DAYS}，{name} 却是 {days}；不限期请不要设置"
                )


def due(session: Session, workspace: str, policy: Policy, *, now: datetime) -> dict[str, int]:
    """Count what `sweep` would delete, per table, without what hangs on the reviews. Reads only."""
    counts: Counter[str] = Counter()
    for table, old in _due(workspace, policy, now):
        query = select(func.count()).select_from(table).where(old)
        counts[table.name] += session.execute(query).scalar_one()
    return dict(+counts)


def sweep(
    session: Session, workspace: str, policy: Policy, *, now: datetime, limit: int = 1_000
) -> dict[str, int]:
    """Delete at most `limit` rows of each kind that are due; empty when nothing is left.

    Reviews go with everything that hangs on them, as in `people.erase`, but without a tombstone:
    a later import may bring them back until the next sweep. Repeat until nothing is due; each
    call is complete in itself, so a sweep that was killed goes on where it was.
    """
    counts: Counter[str] = Counter()
    prepare(session, workspace)
    for table, old in _due(workspace, policy, now):
        query = select(*table.primary_key.columns).where(old).limit(limit)
        keys = [tuple(row) for row in session.execute(query)]
        if keys and table is _R:
            counts.update(erase_reviews(session, workspace, [key for _, key in keys]))
        elif keys:
            _delete(session, table, keys)
            counts[table.name] += len(keys)
    return dict(+counts)


def _delete(session: Session, table: Table, keys: Sequence[tuple[object, ...]]) -> None:
    # One by one: SQLite uses no index for a list of tuples.
    names = [column.name for column in table.primary_key]
    row = and_(*(table.c[name] == bindparam(f"of_{name}") for name in names))
    bound = [{f"of_{name}": each for name, each in zip(names, key, strict=True)} for key in keys]
    session.connection().execute(delete(table).where(row), bound)


def _due(
    workspace: str, policy: Policy, now: datetime
) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield what is too old, each condition one that an index answers."""
    if policy.review_days is not None:
        limit = now - timedelta(days=policy.review_days)
        mine, written = _R.c.workspace_id == workspace, _R.c.created_at
        yield _R, mine & (written < limit)
        yield _R, mine & written.is_(None) & (_R.c.imported_at < limit)
    for name, (table, moment) in _AGED.items():
        days = getattr(policy, name)
        if days is not None:
            yield table, (table.c.workspace_id == workspace) & (moment < now - timedelta(days=days))
