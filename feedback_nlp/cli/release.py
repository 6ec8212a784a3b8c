"""Releases: noted, listed, rolled back."""

from typing import Annotated, Final

import typer

from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened
from feedback_nlp.cli.options import By, Database, Reason, Workspace
from feedback_nlp.cli.release_lines import noted_lines, release_line, what
from feedback_nlp.cli.rollout import loyalty, watch
from feedback_nlp.names import DIMENSION
from feedback_nlp.records import Group, Signature
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_releases import list_releases
from feedback_nlp.workflows.note_release import (
    NewRelease,
    note_release,
    read_share,
    read_time,
    withdraw_release,
)

app = typer.Typer(help="发布：登记何时哪些用户有了改进，列出，撤回。", no_args_is_help=True)
MOST: Final = 1_000
GROUPS: Final = {group.value: DIMENSION[group] for group in Group}

TicketIds = Annotated[list[str], typer.Argument(help="工单编号，1 到 50 个，如 K-0001")]
At = Annotated[str, typer.Option("--at", help="何时发布，如 2026-10-01 或 '2026-10-01 20:30'")]
Version = Annotated[str | None, typer.Option("--version", help="版本，如 8.2.0")]
Share = Annotated[str, typer.Option(help="放量份额，如 0.1 或 10%；不写为全部用户")]
GroupName = Annotated[
    str | None, typer.Option("--group", help="只给一部分用户：version、region、channel 或 tier")
]
Value = Annotated[str | None, typer.Option(help="哪个版本、地区、渠道或等级，如 广东")]
Weeks = Annotated[float | None, typer.Option(help="实际用了多少人周；只在登记一张工单时写")]
Number = Annotated[int, typer.Argument(help="发布编号，见 release list")]


@app.command()
def add(
    tickets: TicketIds,
    at: At,
    by: By,
    version: Version = None,
    share: Share = "1",
    group: GroupName = None,
    value: Value = None,
    weeks: Weeks = None,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """登记一次发布，工单移到已发布；放量扩大时再登记一次。全量发布以后才验证。"""
    with errors_as_exit_codes():
        clock = now()
        wish = NewRelease(
            tickets=tuple(tickets),
            released_at=read_time(at, now=clock),
            version=version,
            share=read_share(share),
            group=chosen(Group, GROUPS, group, refusal=f"group 不能是“{group}”"),
            value=value,
            weeks=weeks,
        )
        with opened(db) as engine, transaction(engine) as session:
            signature = Signature(by, clock, reason)
            noted = note_release(session, named_workspace(workspace), wish, signature)
    typer.echo(f"已登记发布 {noted.release.number}：{what(noted.release)}")
    for line in noted_lines(noted):
        typer.echo(line)


@app.command("list")
def list_(
    ticket: Annotated[str | None, typer.Option(help="只看这张工单的")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="最多列几次")] = 50,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出发布，最近登记的在前；撤回的也列出，标明何时由谁撤回。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        name = named_workspace(workspace)
        found = list_releases(session, name, Page(limit), ticket_id=ticket)
    for release in found.releases:
        typer.echo(release_line(release))
    rest = f"，以上是最近 {limit} 次" if found.total > limit else ""
    typer.echo(f"共 {found.total} 次发布{rest}")


@app.command()
def withdraw(
    number: Number,
    by: By,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """撤回一次发布（已回滚）；没有别的发布在外的工单回到进行中。记录保留。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        signature = Signature(by, now(), reason)
        noted = withdraw_release(session, named_workspace(workspace), number, signature)
    typer.echo(f"已撤回发布 {number}：{what(noted.release)}")
    for line in noted_lines(noted):
        typer.echo(line)


for command in (watch, loyalty):
    app.command()(command)
