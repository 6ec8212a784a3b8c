"""Effort of themes and tickets: estimate it, take that back, say what it really took."""

from typing import Annotated

import typer

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened
from feedback_nlp.cli.options import By, Database, Reason, ThemeId, Workspace
from feedback_nlp.names import EFFORT_SOURCE
from feedback_nlp.records import CHINA, EffortKind, EffortNote, Signature
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.browse_efforts import find_effort
from feedback_nlp.workflows.note_effort import clear_effort, estimate_effort, note_actual_effort

app = typer.Typer(help="投入：估计一个主题要多少人周，记下工单实际用了多少。", no_args_is_help=True)

TicketId = Annotated[str, typer.Argument(help="工单编号，如 K-0001")]
Weeks = Annotated[float, typer.Argument(help="人周，0.05 到 520")]


@app.command("set")
def set_(
    theme_id: ThemeId,
    weeks: Weeks,
    by: By,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """估计一个主题要多少人周，胜过团队历史和类别默认；再写一次就改掉。下次 plan 按它算。"""
    name, by_whom = named_workspace(workspace), Signature(by, now(), reason)
    with errors_as_exit_codes(), opened(db) as engine:
        estimate_effort(engine, name, theme_id, weeks, signature=by_whom)
    typer.echo(f"已记下 {theme_id} 估计要 {weeks:g} 人周，下次 plan 按它算")


@app.command()
def clear(
    theme_id: ThemeId,
    by: By,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """撤回一个主题的估计；下次 plan 改按团队历史或类别默认算。"""
    name, by_whom = named_workspace(workspace), Signature(by, now(), reason)
    with errors_as_exit_codes(), opened(db) as engine:
        clear_effort(engine, name, theme_id, signature=by_whom)
    typer.echo(f"已撤回 {theme_id} 的估计，下次 plan 按团队历史或类别默认算")


@app.command()
def actual(
    ticket_id: TicketId,
    weeks: Weeks,
    by: By,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """记下一张工单实际用了多少人周；同类主题满 2 张后，下次 plan 按中位数算。"""
    name, by_whom = named_workspace(workspace), Signature(by, now(), reason)
    with errors_as_exit_codes(), opened(db) as engine:
        note = note_actual_effort(engine, name, ticket_id, weeks, signature=by_whom)
    typer.echo(
        f"已记下 {ticket_id}（主题 {note.theme_id}）实际用了 {weeks:g} 人周，"
        "下次 plan 计入同类主题的团队历史"
    )


@app.command()
def history(theme_id: ThemeId, db: Database = None, workspace: Workspace = None) -> None:
    """列出一个主题和它的工单记过的投入，先记的在前；最后一行是现在算数的和理由。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = find_effort(session, named_workspace(workspace), theme_id, load_taxonomy())
    for note in found.notes:
        typer.echo(_line(note))
    effort = found.effort
    if effort is None:
        typer.echo(f"主题 {theme_id} 的话题 {found.theme.topic} 不在现在的类别表里，投入无从得知")
    else:
        typer.echo(f"算数的是{EFFORT_SOURCE[effort.source]}：{effort.reason}")


def _line(note: EffortNote) -> str:
    weeks = None if note.weeks is None else f"{note.weeks:g} 人周"
    if note.kind is EffortKind.ESTIMATE:
        said = "撤回估计" if weeks is None else f"估计 {weeks}"
    else:
        said = f"{note.ticket_id} 实际用了 {weeks}"
    reason = f"  {note.reason}" if note.reason else ""
    return f"{note.at.astimezone(CHINA):%Y-%m-%d %H:%M}  {note.author}  {said}{reason}"
