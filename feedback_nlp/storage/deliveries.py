"""What each webhook is to be told, once each: claimed by one worker, tried again, given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import Delivery, EventKind
from feedback_nlp.storage.bulk import insert_rows
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.tables import deliveries as _T  # noqa: N812 (the table of this module)

_NOUN = "deliveries"


def begin(session: Session, workspace: str) -> None:
    """Keep others from adding deliveries, before what is missing is read."""
    lock(session, workspace, _NOUN)


def add(session: Session, workspace: str, made: Sequence[Delivery]) -> None:
    """Store deliveries that are new. Call `begin` first, then read, then this."""
    insert_rows(session, _T, [_values(workspace, each) for each in made])


def claim(
    session: Session, workspace: str, webhook: int, *, now: datetime, until: datetime
) -> Delivery | None:
    """Return the delivery of a webhook that is due first; nobody else gets it before `until`.

    Commit before posting: a worker that dies in between leaves it due again at `until`.
    """
    due = (
        select(_T)
        .where(_T.c.workspace_id == workspace, _T.c.webhook_id == webhook, _T.c.next_at <= now)
        .order_by(_T.c.next_at, _T.c.at, _T.c.event_id)
        .limit(1)
    )
    row = session.execute(due).one_or_none()
    if row is None:
        return None
    taken = (
        update(_T)
        .where(_is(workspace, webhook, row.event_id), _T.c.next_at == row.next_at)
        .values(next_at=until)
        .returning(_T.c.event_id)
    )
    # Another worker was faster: it goes on with this webhook.
    return _to_delivery(row) if session.execute(taken).one_or_none() else None


def note(
    session: Session, workspace: str, done: Delivery, *, claimed: datetime | None = None
) -> None:
    """Store what became of an attempt.

    With `claimed`, only while it is still ours until then: the webhook may have been removed
    meanwhile, or a person may have asked for it once more.
    """
    values: Mapping[str, Any] = {
        "attempts": done.attempts,
        "next_at": done.next_at,
        "delivered_at": done.delivered_at,
        "status": done.status,
        "fault": done.fault,
    }
    mine = update(_T).where(_is(workspace, done.webhook, done.event_id))
    if claimed is not None:
        mine = mine.where(_T.c.next_at == claimed)
    session.execute(mine.values(values))


def put_off(session: Session, workspace: str, webhook: int, *, until: datetime) -> None:
    """Ask a receiver that did not answer for nothing before `until`."""
    waiting = update(_T).where(
        _T.c.workspace_id == workspace, _T.c.webhook_id == webhook, _T.c.next_at < until
    )
    session.execute(waiting.values(next_at=until))


def give_up(session: Session, workspace: str, webhook: int) -> None:
    """Tell a webhook nothing of what still waits."""
    waiting = update(_T).where(
        _T.c.workspace_id == workspace, _T.c.webhook_id == webhook, _T.c.next_at.is_not(None)
    )
    session.execute(waiting.values(next_at=None))


def again(
    session: Session, workspace: str, webhook: int, event_id: str, *, now: datetime
) -> Delivery:
    """Make a delivery due at once, whatever became of it, and return it.

    Raises:
        NotFoundError: this webhook was never to be told of this event.
    """
    mine = update(_T).where(_is(workspace, webhook, event_id)).values(next_at=now).returning(_T)
    row = session.execute(mine).one_or_none()
    if row is None:
        raise NotFoundError(f"webhook {webhook} 没有编号为 {event_id} 的投递")
    return _to_delivery(row)


def part(session: Session, workspace: str, webhook: int, page: Part) -> list[Delivery]:
    """Return a part of the deliveries of a webhook, newest first; the key is (at, event id)."""
    query = select(_T).where(_T.c.workspace_id == workspace, _T.c.webhook_id == webhook)
    rows = rows_of(session, query, (_T.c.at, _T.c.event_id), page, newest_first=True)
    return [_to_delivery(row) for row in rows]


def newest(session: Session, workspace: str, webhook: int, kind: EventKind) -> datetime | None:
    """Return when the newest event of a kind happened that this webhook is or was told of."""
    query = select(func.max(_T.c.at)).where(
        _T.c.workspace_id == workspace, _T.c.webhook_id == webhook, _T.c.kind == kind.value
    )
    found: datetime | None = session.execute(query).scalar_one()
    return found


def count_by_result(session: Session, workspace: str) -> dict[str, int]:
    """Count the deliveries that arrived, wait and were given up."""
    result = case(
        (_T.c.next_at.is_not(None), "waiting"),
        (_T.c.delivered_at.is_not(None), "delivered"),
        else_="given_up",
    )
    query = select(result, func.count()).where(_T.c.workspace_id == workspace).group_by(result)
    return {row[0]: row[1] for row in session.execute(query)}


def _is(workspace: str, webhook: int, event_id: str) -> ColumnElement[bool]:
    return (
        (_T.c.workspace_id == workspace)
        & (_T.c.webhook_id == webhook)
        & (_T.c.event_id == event_id)
    )


def _values(workspace: str, each: Delivery) -> dict[str, Any]:
    return {
        "workspace_id": workspace,
        "webhook_id": each.webhook,
        "event_id": each.event_id,
        "kind": each.kind.value,
        "content": dict(each.content),
        "at": each.at,
        "attempts": each.attempts,
        "next_at": each.next_at,
    }


def _to_delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        webhook=row.webhook_id,
        event_id=row.event_id,
        kind=EventKind(row.kind),
        content=row.content,
        at=row.at,
        attempts=row.attempts,
        next_at=row.next_at,
        delivered_at=row.delivered_at,
        status=row.status,
        fault=row.fault,
    )
