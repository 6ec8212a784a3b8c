"""Accounts: make one, change its role or password, disable it."""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import Role, Signature, User
from feedback_nlp.storage import logins, users
from feedback_nlp.storage.database import lock
from feedback_nlp.workflows.passwords import hash_password
from feedback_nlp.workflows.recognise import LOCAL_ADMIN
from feedback_nlp.workflows.signing import LONGEST_AUTHOR, is_line, signed

LONGEST_USER: Final = LONGEST_AUTHOR


@dataclass(frozen=True, slots=True)
class UserWish:
    """What an account should be; None leaves a field as it is."""

    name: str
    role: Role | None = None
    active: bool | None = None
    password: str | None = field(default=None, repr=False)


def put_user(
    session: Session,
    workspace: str,
    wish: UserWish,
    signature: Signature,
    *,
    new: bool | None = None,
) -> User:
    """Change an account, or make it; `new` says that it must not be there, or must be.

    Needs a write transaction. A new password and disabling end the sessions of the account; a
    new role counts at once.

    Raises:
        InputError: a new account lacks its role or its password, or a field cannot be used.
        ConflictError: the account is there and should be new.
        NotFoundError: it is not there and should be.
    """
    name = _checked(wish.name)
    by = signed(signature)
    # Slow on purpose, so before the first statement, which takes the write lock of SQLite.
    password = None if wish.password is None else hash_password(wish.password)
    lock(session, workspace, "users")
    found = users.find(session, workspace, name)
    if found is not None and new:
        raise ConflictError(f"已有帐号“{name}”；改角色用 user role，改密码用 user password")
    if found is None and new is False:
        raise NotFoundError(f"没有帐号“{name}”；用 user list 查看")
    if found is None and (wish.role is None or password is None):
        raise InputError(f"没有帐号“{name}”；新建帐号要写明 role 和 password")
    before, stored = found or (User(name, Role.VIEWER, active=True, at=by.at, author=""), "")
    user = User(
        name=name,
        role=wish.role or before.role,
        active=before.active if wish.active is None else wish.active,
        at=by.at,
        author=by.author,
    )
    users.put(session, workspace, user, password=password or stored)
    if found is None:  # from now on there are accounts: the one-time link has done its work
        logins.remove_all(session, workspace, "")
    if password is not None or not user.active:
        logins.remove_all(session, workspace, name)
    return user


def list_users(session: Session, workspace: str) -> list[User]:
    """Return all accounts by name, disabled ones as well."""
    return users.every(session, workspace)


def _checked(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= LONGEST_USER or not is_line(name):
        raise InputError(f"name：用户名要有 1 到 {LONGEST_USER} 个字，写在一行里")
    if name == LOCAL_ADMIN:
        raise InputError(f"name：“{LOCAL_ADMIN}”是一次性链接的署名，请换一个用户名")
    return name
