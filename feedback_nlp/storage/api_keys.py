"""API keys: digests of their secrets. A key is never deleted: it is revoked."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import ApiKey, Role
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.api_keys

_LARGEST: Final = 2**31 - 1
"""What the column of numbers can hold."""


def add(session: Session, workspace: str, key: ApiKey, *, digest: str) -> ApiKey:
    """Store a key and return it with its number; the number it came with does not count.

    Raises:
        InputError: name or author hold what no database can keep.
    """
    check_storable("密钥", (("name", key.name), ("author", key.author)))
    row = {
        "name": key.name,
        "digest": digest,
        "prefix": key.prefix,
        "role": key.role.value,
        "per_minute": key.per_minute,
        "expires_at": key.expires_at,
        "author": key.author,
        "at": key.at,
    }
    return replace(key, number=notes.append(session, _T, workspace, row))


def revoke(session: Session, workspace: str, number: int, *, by: str, now: datetime) -> ApiKey:
    """Revoke a key and return it.

    Raises:
        InputError: `by` holds what no database can keep.
        NotFoundError: there is no such key.
        ConflictError: it was revoked before.
    """
    check_storable(f"密钥 {number}", (("by", by),))
    lock(session, workspace, _T.name)
    found = None
    if 0 < number <= _LARGEST:
        found = session.execute(select(_T).where(_is(workspace, number))).one_or_none()
    if found is None:
        raise NotFoundError(f"没有编号为 {number} 的密钥")
    if found.revoked_at is not None:
        raise ConflictError(f"密钥 {number} 已由 {found.revoked_by} 吊销")
    session.execute(update(_T).where(_is(workspace, number)).values(revoked_by=by, revoked_at=now))
    return replace(_to_key(found), revoked_by=by, revoked_at=now)


def touch(
    session: Session, workspace: str, number: int, *, now: datetime, at_least: timedelta
) -> None:
    """Note that a key is in use, unless that was noted less than `at_least` ago."""
    stale = or_(_T.c.used_at.is_(None), _T.c.used_at <= now - at_least)
    session.execute(update(_T).where(_is(workspace, number), stale).values(used_at=now))


def find(session: Session, digest: str) -> tuple[str, ApiKey] | None:
    """Return the workspace and the key of a secret; revoked and expired ones as well.

    The only look-up of keys that names no workspace: it answers which one it is.
    """
    row = session.execute(select(_T).where(_T.c.digest == digest)).one_or_none()
    return None if row is None else (row.workspace_id, _to_key(row))


def every(session: Session, workspace: str) -> list[ApiKey]:
    """Return all keys in the order they were made, revoked ones as well."""
    query = select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.id)
    return [_to_key(row) for row in session.execute(query)]


def _is(workspace: str, number: int) -> ColumnElement[bool]:
    return (_T.c.workspace_id == workspace) & (_T.c.id == number)


def _to_key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        number=row.id,
        name=row.name,
        prefix=row.prefix,
        role=Role(row.role),
        author=row.author,
        at=row.at,
        per_minute=row.per_minute,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_by=row.revoked_by,
        revoked_at=row.revoked_at,
    )
