"""API keys: make, list, revoke."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError
from feedback_nlp.records import ApiKey, Role, Signature
from feedback_nlp.storage import api_keys
from feedback_nlp.workflows.signing import LONGEST_AUTHOR, is_line, signed
from feedback_nlp.workflows.tokens import KEY_MARK, Token, make_token

MOST_PER_MINUTE: Final = 100_000
LAST_YEAR: Final = 9_000
"""Later ones leave the calendar in some time zone."""
LONGEST_KEY_NAME: Final = LONGEST_AUTHOR


@dataclass(frozen=True, slots=True)
class KeyWish:
    """What a key is for and what it may do."""

    name: str
    role: Role
    per_minute: int | None = None
    expires_at: datetime | None = None


def add_key(
    session: Session, workspace: str, wish: KeyWish, signature: Signature
) -> tuple[ApiKey, Token]:
    """Make a key and return it with its secret, which nobody can ask for again.

    Needs a write transaction.

    Raises:
        InputError: name, limit or expiry cannot be used; the message names the field.
    """
    name = wish.name.strip()
    if not 0 < len(name) <= LONGEST_KEY_NAME or not is_line(name):
        raise InputError(f"name：请写明谁用这个密钥，1 到 {LONGEST_KEY_NAME} 个字，写在一行里")
    if wish.per_minute is not None and not 1 <= wish.per_minute <= MOST_PER_MINUTE:
        raise InputError(f"per_minute：每分钟的请求数要在 1 到 {MOST_PER_MINUTE} 之间")
    by = signed(signature)
    if wish.expires_at is not None and wish.expires_at.year >= LAST_YEAR:
        raise InputError(f"expires_at：太远了，请写 {LAST_YEAR} 年以前；不到期就不写")
    if wish.expires_at is not None and wish.expires_at <= by.at:
        raise InputError(f"expires_at：{wish.expires_at.isoformat()} 已经过去，请写将来的时间")
    token = make_token(KEY_MARK)
    key = ApiKey(
        number=0,
        name=name,
        prefix=token.prefix,
        role=wish.role,
        author=by.author,
        at=by.at,
        per_minute=wish.per_minute,
        expires_at=wish.expires_at,
    )
    return api_keys.add(session, workspace, key, digest=token.digest), token


def revoke_key(session: Session, workspace: str, number: int, signature: Signature) -> ApiKey:
    """Revoke a key; it stops at once. Needs a write transaction.

    Raises:
        InputError: nobody says who does it.
        NotFoundError: there is no such key.
        ConflictError: it was revoked before.
    """
    by = signed(signature)
    return api_keys.revoke(session, workspace, number, by=by.author, now=by.at)


def list_keys(session: Session, workspace: str) -> list[ApiKey]:
    """Return all keys in the order they were made, revoked ones as well."""
    return api_keys.every(session, workspace)
