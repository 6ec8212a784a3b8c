"""Records of keys, accounts, logins and the audit log -> answers."""

from datetime import datetime
from typing import Final

from api.cursors import Listing, number
from api.schemas.access import (
    AuditEntryOut,
    AuditOut,
    KeyOut,
    KeysOut,
    NewKeyOut,
    SessionOut,
    UserOut,
    UsersOut,
)
from feedback_nlp.records import CHINA, ApiKey, AuditEntry, Caller, User

AUDIT: Final[Listing[AuditEntry]] = Listing("audit", (number,), lambda entry: (entry.number,))


def key_out(key: ApiKey) -> KeyOut:
    """Show a key."""
    return KeyOut(
        number=key.number,
        name=key.name,
        prefix=key.prefix,
        role=key.role,
        per_minute=key.per_minute,
        expires_at=_here(key.expires_at),
        used_at=_here(key.used_at),
        author=key.author,
        at=key.at.astimezone(CHINA),
        revoked_by=key.revoked_by,
        revoked_at=_here(key.revoked_at),
    )


def new_key_out(key: ApiKey, secret: str) -> NewKeyOut:
    """Show a key with its secret, this once."""
    return NewKeyOut(**key_out(key).model_dump(), secret=secret)


def keys_out(keys: list[ApiKey]) -> KeysOut:
    """Show all keys."""
    return KeysOut(keys=[key_out(key) for key in keys])


def user_out(user: User) -> UserOut:
    """Show an account."""
    return UserOut(
        name=user.name,
        role=user.role,
        active=user.active,
        author=user.author,
        at=user.at.astimezone(CHINA),
    )


def users_out(users: list[User]) -> UsersOut:
    """Show all accounts."""
    return UsersOut(users=[user_out(user) for user in users])


def session_out(caller: Caller) -> SessionOut:
    """Show who asks."""
    return SessionOut(
        name=caller.name,
        role=caller.role,
        workspace=caller.workspace,
        credential=caller.credential,
        expires_at=_here(caller.expires_at),
    )


def audit_out(found: list[AuditEntry], limit: int) -> AuditOut:
    """Show a page of what was asked for with one entry more."""
    page, cursor = AUDIT.cut(found, limit)
    entries = [
        AuditEntryOut(
            number=entry.number,
            at=entry.at.astimezone(CHINA),
            actor=entry.actor,
            role=entry.role,
            credential=entry.credential,
            action=entry.action,
            subject=dict(entry.subject),
            request_id=entry.request_id,
        )
        for entry in page
    ]
    return AuditOut(entries=entries, next_cursor=cursor)


def _here(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(CHINA)
