"""Accounts: made, listed, disabled; roles and passwords changed."""

import sys
from typing import Annotated

import typer

from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened
from feedback_nlp.cli.options import Database, Operator, RoleName, Workspace
from feedback_nlp.names import ROLE
from feedback_nlp.records import CHINA, Role, Signature, User
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.manage_users import UserWish, list_users, put_user
from feedback_nlp.workflows.note_write import Action, note_write, operator
from feedback_nlp.workflows.passwords import LONGEST_PASSWORD

app = typer.Typer(
    help="帐号：建立、列出、停用，改角色，改密码；人用它登录网页。", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="用户名")]
NewRole = Annotated[str, typer.Argument(help="角色：viewer、analyst、manager 或 admin")]


@app.command()
def add(
    name: Name,
    role: RoleName,
    by: Operator = "命令行",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """建立一个帐号。密码在提示后输入，或从标准输入读第一行；10 到 200 个字符。"""
    with errors_as_exit_codes():
        wish = UserWish(name, _role(role), password=_password())
        user = _put(wish, "user add", by, (db, workspace), new=True)
    typer.echo(f"已建立帐号 {_line(user)}")


@app.command("list")
def list_(db: Database = None, workspace: Workspace = None) -> None:
    """列出帐号：用户名、角色、是否停用、谁在何时改的。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = list_users(session, named_workspace(workspace))
    for user in found:
        typer.echo(_line(user))
    typer.echo(f"共 {len(found)} 个帐号")


@app.command()
def disable(
    name: Name, by: Operator = "命令行", db: Database = None, workspace: Workspace = None
) -> None:
    """停用一个帐号：不能登录，已登录的立即失效；记录保留。改密码会重新启用。"""
    with errors_as_exit_codes():
        user = _put(UserWish(name, active=False), "user disable", by, (db, workspace))
    typer.echo(f"已停用帐号 {_line(user)}")


@app.command()
def role(
    name: Name,
    role: NewRole,
    by: Operator = "命令行",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """改一个帐号的角色，立即生效，不用重新登录。"""
    with errors_as_exit_codes():
        user = _put(UserWish(name, _role(role)), "user role", by, (db, workspace))
    typer.echo(f"已改角色 {_line(user)}")


@app.command()
def password(
    name: Name, by: Operator = "命令行", db: Database = None, workspace: Workspace = None
) -> None:
    """改一个帐号的密码，停用的同时启用；要重新登录。密码在提示后输入，或从标准输入读第一行。"""
    with errors_as_exit_codes():
        wish = UserWish(name, active=True, password=_password())
        user = _put(wish, "user password", by, (db, workspace))
    typer.echo(f"已改密码 {_line(user)}")


def _put(
    wish: UserWish, action: str, by: str, place: tuple[str | None, str | None], *, new: bool = False
) -> User:
    db, workspace = place
    at, where = now(), named_workspace(workspace)
    with opened(db) as engine, transaction(engine) as session:
        user = put_user(session, where, wish, Signature(by, at), new=new)
        done = Action(action, {"name": user.name})
        note_write(session, operator(where, by), done, now=at)
    return user


def _role(word: str) -> Role:
    return chosen(Role, ROLE, word, refusal=f"没有角色“{word}”") or Role.VIEWER


def _password() -> str:
    """Ask for a password; never an argument, which everybody on the machine could read."""
    if _at_terminal():
        asked: str = typer.prompt("密码", hide_input=True, confirmation_prompt="再输一次")
        return asked
    return sys.stdin.readline(LONGEST_PASSWORD + 2).rstrip("\r\n")


def _at_terminal() -> bool:
    return sys.stdin.isatty()


def _line(user: User) -> str:
    state = "" if user.active else "  已停用"
    changed = f"{user.at.astimezone(CHINA):%Y-%m-%d %H:%M} {user.author}"
    return f"{user.name}  {user.role}（{ROLE[user.role]}）{state}  {changed}"
