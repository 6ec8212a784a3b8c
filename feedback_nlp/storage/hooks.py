"""Webhooks: which addresses are told of which events. A removed one stays as a row."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import EventKind, Webhook
from feedback_nlp.storage import notes
from feedback_nlp.storage.storable import check_storable
from feedback_nlp.storage.tables import webhooks as _T  # noqa: N812 (the table of this module)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A webhook, whose it is, and the secret that signs what it is told."""

    workspace: str
    hook: Webhook
    secret: str = field(repr=False)


def add(session: Session, workspace: str, hook: Webhook, *, secret: str) -> Webhook:
    """Store a webhook and return it with its number.

    Raises:
        InputError: an address that no database can keep.
    """
    check_storable("webhook", [("地址", hook.url), ("操作人", hook.author), ("secret", secret)])
    row = {
        "url": hook.url,
        "secret": secret,
        "events": [kind.value for kind in hook.events],
        "author": hook.author,
        "at": hook.at,
    }
    return replace(hook, number=notes.append(session, _T, workspace, row))


def every(session: Session, workspace: str) -> list[Webhook]:
    """Return the webhooks that were not removed, first one first."""
    query = select(_T).where(_T.c.workspace_id == workspace, _T.c.removed_at.is_(None))
    return [_to_hook(row) for row in session.execute(query.order_by(_T.c.id))]


def get(session: Session, workspace: str, number: int) -> Keyed:
    """Return a webhook that was not removed.

    Raises:
        NotFoundError: there is no such webhook.
    """
    query = select(_T).where(
        _T.c.workspace_id == workspace, _T.c.id == number, _T.c.removed_at.is_(None)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(f"没有编号为 {number} 的 webhook")
    return _keyed(row)


def everywhere(session: Session) -> list[Keyed]:
    """Return the webhooks of all workspaces that were not removed: a worker serves them all."""
    query = select(_T).where(_T.c.removed_at.is_(None)).order_by(_T.c.workspace_id, _T.c.id)
    return [_keyed(row) for row in session.execute(query)]


def remove(session: Session, workspace: str, number: int, *, by: str, now: datetime) -> Webhook:
    """Tell this address nothing any more, and return the webhook.

    Raises:
        NotFoundError: there is no such webhook.
    """
    found = get(session, workspace, number).hook
    mine = update(_T).where(_T.c.workspace_id == workspace, _T.c.id == number)
    session.execute(mine.values(removed_by=by, removed_at=now))
    return replace(found, removed_by=by, removed_at=now)


def _keyed(row: Row[Any]) -> Keyed:
    return Keyed(row.workspace_id, _to_hook(row), row.secret)


def _to_hook(row: Row[Any]) -> Webhook:
    return Webhook(
        number=row.id,
        url=row.url,
        events=tuple(EventKind(kind) for kind in row.events),
        author=row.author,
        at=row.at,
        removed_by=row.removed_by,
        removed_at=row.removed_at,
    )
