"""Log in with a password or a one-time link, and out again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError
from feedback_nlp.records import Caller, Login, LoginKind, Role
from feedback_nlp.storage import api_keys, logins, users
from feedback_nlp.storage.database import lock, reading, transaction
from feedback_nlp.storage.storable import is_storable
from feedback_nlp.workflows.note_write import Action, note_write
from feedback_nlp.workflows.passwords import hash_password, is_outdated, is_right
from feedback_nlp.workflows.recognise import LINK, LOCAL_ADMIN, SESSION
from feedback_nlp.workflows.tokens import LONGEST_TOKEN, Token, digest_of, make_token

SESSION_LASTS: Final = timedelta(hours=12)
LINK_LASTS: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who wants to log in where."""

    workspace: str
    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has begun."""

    caller: Caller
    token: Token


def log_in(engine: Engine, attempt: Attempt, action: Action, *, now: datetime) -> Opened | None:
    """Begin a session; None: no such active account, or a wrong password, nobody learns which.

    The password is checked between two transactions: that takes a while on purpose.
    """
    found = None
    if is_storable(attempt.name) and is_storable(attempt.workspace):
        with reading(engine) as session:
            found = users.find(session, attempt.workspace, attempt.name)
    right = is_right(attempt.password, found[1] if found else None)
    if found is None or not right or not found[0].active:
        return None
    user, stored = found
    better = hash_password(attempt.password) if is_outdated(stored) else None
    with transaction(engine) as session:
        lock(session, attempt.workspace, "users")
        if users.find(session, attempt.workspace, user.name) != found:
            return None  # changed while we compared
        if better is not None:
            users.rehash(session, attempt.workspace, user.name, password=better)
        ends = now + SESSION_LASTS
        caller = Caller(user.name, user.role, attempt.workspace, SESSION, ends)
        return _begin(session, caller, action, now=now)


def follow_link(engine: Engine, token: str, action: Action, *, now: datetime) -> Opened | None:
    """Begin a session by a one-time link; None: used, expired or never given."""
    if len(token) > LONGEST_TOKEN:
        return None
    digest = digest_of(token)
    with transaction(engine) as session:
        found = logins.find(session, digest, LoginKind.LINK)
        if found is None or not logins.remove(session, found[0], digest):
            return None
        workspace, link = found
        if link.expires_at <= now:
            return None
        caller = Caller(LOCAL_ADMIN, link.role, workspace, LINK, now + SESSION_LASTS)
        return _begin(session, caller, action, now=now)


def log_out(session: Session, caller: Caller, token: str) -> None:
    """End a session. Needs a write transaction."""
    logins.remove(session, caller.workspace, digest_of(token))


def open_door(engine: Engine, workspace: str, *, local: bool, now: datetime) -> Token | None:
    """Make sure before a server starts that somebody can enter, and nobody else.

    Returns the token of a one-time link for the administrator of this machine where the server
    listens to this machine only (`local`) and the workspace knows nobody yet.

    Raises:
        InputError: others can reach the server, and there is neither an account nor a key.
    """
    with reading(engine) as session:
        known = any(user.active for user in users.every(session, workspace)) or any(
            key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
            for key in api_keys.every(session, workspace)
        )
    if known:
        return None
    if not local:
        raise InputError(
            f"工作区“{workspace}”还没有用户，也没有密钥，不能在别人连得到的地址上启动；请先执行 "
            "feedback-nlp user add 名字 --role admin（或 feedback-nlp key add），"
            "或只监听本机：--host 127.0.0.1"
        )
    token = make_token()
    link = Login(LoginKind.LINK, "", Role.ADMIN, now, now + LINK_LASTS)
    with transaction(engine) as session:
        logins.add(session, workspace, link, digest=token.digest)
    return token


def _begin(session: Session, caller: Caller, action: Action, *, now: datetime) -> Opened:
    token = make_token()
    # What a link opens belongs to no account, also when one of this name comes later.
    user = caller.name if caller.credential == SESSION else ""
    login = Login(LoginKind.SESSION, user, caller.role, now, now + SESSION_LASTS)
    logins.add(session, caller.workspace, login, digest=token.digest)
    note_write(session, caller, action, now=now)
    return Opened(caller, token)
