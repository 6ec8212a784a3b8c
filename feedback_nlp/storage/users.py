"""Accounts: one row each, changed in place; who changed what stands in the audit log."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.records import Role, User
from feedback_nlp.storage import tables
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.users


def put(session: Session, workspace: str, user: User, *, password: str) -> None:
    """Store an account with the hash of its password, in place of the one of this name.

    Raises:
        InputError: name or author hold what no database can keep.
    """
    check_storable("帐号", (("name", user.name), ("author", user.author)))
    row = {
        "password": password,
        "role": user.role.value,
        "active": user.active,
        "author": user.author,
        "at": user.at,
    }
    if find(session, workspace, user.name) is None:
        session.execute(insert(_T).values(workspace_id=workspace, name=user.name, **row))
    else:
        session.execute(update(_T).where(_is(workspace, user.name)).values(**row))


def rehash(session: Session, workspace: str, name: str, *, password: str) -> None:
    """Keep the same password under another hash."""
    session.execute(update(_T).where(_is(workspace, name)).values(password=password))


def find(session: Session, workspace: str, name: str) -> tuple[User, str] | None:
    """Return an account and the hash of its password; None without one."""
    row = session.execute(select(_T).where(_is(workspace, name))).one_or_none()
    return None if row is None else (_to_user(row), row.password)


def every(session: Session, workspace: str) -> list[User]:
    """Return all accounts by name."""
    query = select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.name)
    return [_to_user(row) for row in session.execute(query)]


def _is(workspace: str, name: str) -> ColumnElement[bool]:
    return (_T.c.workspace_id == workspace) & (_T.c.name == name)


def _to_user(row: Row[Any]) -> User:
    return User(row.name, Role(row.role), row.active, row.at, row.author)
