"""API keys: made, listed, revoked."""

from datetime import UTC, datetime, time
from typing import Annotated

import typer

from feedback_nlp.cli.choices import chosen, day
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened
from feedback_nlp.cli.options import Database, Operator, RoleName, Workspace
from feedback_nlp.names import ROLE
from feedback_nlp.records import CHINA, ApiKey, Role, Signature
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.manage_keys import (
    MOST_PER_MINUTE,
    KeyWish,
    add_key,
    list_keys,
    revoke_key,
)
from feedback_nlp.workflows.note_write import Action, note_write, operator

app = typer.Typer(help="密钥：建立、列出、吊销；程序用它调用接口。", no_args_is_help=True)

Name = Annotated[str, typer.Option(help="谁用它，如 客服系统；也是它在记录里的署名")]
PerMinute = Annotated[
    int | None,
    typer.Option(
        min=1, max=MOST_PER_MINUTE, help="每分钟最多几次请求；不写则按 FEEDBACK_RATE_PER_MINUTE"
    ),
]
Expires = Annotated[
    str | None, typer.Option(help="到这一天（北京时间）为止，不含这一天，如 2027-01-01")
]
Number = Annotated[int, typer.Argument(help="密钥编号，见 key list")]


@app.command()
def add(
    name: Name,
    role: RoleName,
    per_minute: PerMinute = None,
    expires: Expires = None,
    by: Operator = "命令行",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """建立一个密钥。标准输出只有密钥本身，只显示这一次，请立即存好。"""
    at, where = now(), named_workspace(workspace)
    with errors_as_exit_codes():
        wanted = chosen(Role, ROLE, role, refusal=f"没有角色“{role}”") or Role.VIEWER
        wish = KeyWish(name, wanted, per_minute, _end(expires))
        with opened(db) as engine, transaction(engine) as session:
            made, token = add_key(session, where, wish, Signature(by, at))
            action = Action("key add", {"number": str(made.number)})
            note_write(session, operator(where, by), action, now=at)
    typer.echo(token.text)
    typer.echo(f"已建立{_line(made)}；密钥只显示这一次", err=True)


@app.command("list")
def list_(db: Database = None, workspace: Workspace = None) -> None:
    """列出密钥：编号、开头几个字符、角色、最近一次使用；吊销了的也在内。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = list_keys(session, named_workspace(workspace))
    for key in found:
        typer.echo(_line(key))
    typer.echo(f"共 {len(found)} 个密钥")


@app.command()
def revoke(
    number: Number, by: Operator = "命令行", db: Database = None, workspace: Workspace = None
) -> None:
    """吊销一个密钥，立即失效；记录保留。"""
    at, where = now(), named_workspace(workspace)
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        gone = revoke_key(session, where, number, Signature(by, at))
        action = Action("key revoke", {"number": str(number)})
        note_write(session, operator(where, by), action, now=at)
    typer.echo(f"已吊销{_line(gone)}")


def _end(expires: str | None) -> datetime | None:
    if expires is None:
        return None
    return datetime.combine(day("--expires", expires), time(), CHINA).astimezone(UTC)


def _line(key: ApiKey) -> str:
    told = [f"密钥 {key.number}  {key.prefix}…  {key.name}  {key.role}（{ROLE[key.role]}）"]
    if key.per_minute is not None:
        told.append(f"每分钟最多 {key.per_minute} 次")
    if key.expires_at is not None:
        told.append(f"到 {_moment(key.expires_at)} 为止")
    if key.used_at is not None:
        told.append(f"最近使用 {_moment(key.used_at)}")
    if key.revoked_at is not None:
        told.append(f"{_moment(key.revoked_at)} 由 {key.revoked_by} 吊销")
    return "  ".join(told)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
