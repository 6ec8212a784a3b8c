"""Tokens of browsers, kept as digests: links that work once, and sessions."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CursorResult, Row, delete, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Login, LoginKind, Role
from feedback_nlp.storage import tables

_T: Final = tables.logins


def add(session: Session, workspace: str, login: Login, *, digest: str) -> None:
    """Store a token; those of this workspace that have expired by then go."""
    sweep(session, workspace, now=login.at)
    row = {
        "digest": digest,
        "kind": login.kind.value,
        "user_name": login.user,
        "role": login.role.value,
        "at": login.at,
        "expires_at": login.expires_at,
    }
    session.execute(insert(_T).values(workspace_id=workspace, **row))


def sweep(session: Session, workspace: str, *, now: datetime) -> None:
    """Delete what has expired."""
    session.execute(delete(_T).where(_T.c.workspace_id == workspace, _T.c.expires_at <= now))


def find(session: Session, digest: str, kind: LoginKind) -> tuple[str, Login] | None:
    """Return the workspace and the login of a token; expired ones as well.

    The only look-up of logins that names no workspace: it answers which one it is.
    """
    query = select(_T).where(_T.c.digest == digest, _T.c.kind == kind.value)
    row = session.execute(query).one_or_none()
    return None if row is None else (row.workspace_id, _to_login(row))


def remove(session: Session, workspace: str, digest: str) -> bool:
    """End a login; returns whether it was there, so that of two only one uses a link."""
    mine = delete(_T).where(_T.c.workspace_id == workspace, _T.c.digest == digest)
    ended = session.execute(mine)
    return isinstance(ended, CursorResult) and ended.rowcount > 0


def remove_all(session: Session, workspace: str, user: str) -> None:
    """End every login of one account."""
    session.execute(delete(_T).where(_T.c.workspace_id == workspace, _T.c.user_name == user))


def _to_login(row: Row[Any]) -> Login:
    return Login(LoginKind(row.kind), row.user_name, Role(row.role), row.at, row.expires_at)
