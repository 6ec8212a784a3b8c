"""Who sends a request: the holder of a key, or a browser that has logged in."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.records import Caller, LoginKind
from feedback_nlp.storage import api_keys, logins, users
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.tokens import LONGEST_TOKEN, digest_of

NOTED_EVERY: Final = timedelta(hours=1)
"""How exact `used_at` is: not each request is a write."""
LINK: Final = "link"
SESSION: Final = "session"
LOCAL_ADMIN: Final = "本机管理员"
"""Signs what is done behind a one-time link, which belongs to no account."""


def by_key(session: Session, secret: str, *, now: datetime) -> tuple[Caller, bool] | None:
    """Return the holder of a key, and whether its use should be noted; None: not a valid key.

    Looked up by its digest: how long that takes says nothing about the secret.
    """
    found = api_keys.find(session, digest_of(secret)) if len(secret) <= LONGEST_TOKEN else None
    if found is None:
        return None
    workspace, key = found
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        return None
    caller = Caller(
        name=key.name,
        role=key.role,
        workspace=workspace,
        credential=f"key {key.number}",
        expires_at=key.expires_at,
        per_minute=key.per_minute,
    )
    return caller, key.used_at is None or key.used_at <= now - NOTED_EVERY


def by_session(session: Session, token: str, *, now: datetime) -> Caller | None:
    """Return who has logged in with this session, with the present role; None: not valid."""
    found = None
    if len(token) <= LONGEST_TOKEN:
        found = logins.find(session, digest_of(token), LoginKind.SESSION)
    if found is None or found[1].expires_at <= now:
        return None
    workspace, login = found
    if not login.user:
        return Caller(LOCAL_ADMIN, login.role, workspace, LINK, login.expires_at)
    account = users.find(session, workspace, login.user)
    if account is None or not account[0].active:
        return None
    return Caller(login.user, account[0].role, workspace, SESSION, login.expires_at)


def note_use(engine: Engine, caller: Caller, *, now: datetime) -> None:
    """Note that the caller's key is in use, in a transaction of its own."""
    number = int(caller.credential.removeprefix("key "))
    with transaction(engine) as session:
        api_keys.touch(session, caller.workspace, number, now=now, at_least=NOTED_EVERY)
