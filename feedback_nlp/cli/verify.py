"""Verification: run it, look at what it found."""

from typing import Annotated, Final

import typer

from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened, prepared
from feedback_nlp.cli.options import Database, Model, Workspace
from feedback_nlp.cli.release_lines import verification_lines
from feedback_nlp.storage.database import reading
from feedback_nlp.verification.wording import sentence
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_releases import find_verifications
from feedback_nlp.workflows.verify_fixes import check_fixes

app = typer.Typer(help="验证：看一张工单的改进是否有效，以前每次验证的结论。", no_args_is_help=True)
MOST: Final = 1_000


def verify(
    ticket: Annotated[str | None, typer.Option(help="只验证这张工单")] = None,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """验证已发布的改进是否有效，盯住已验证的会不会复发；工单随结论移动。可放心重复。"""
    with errors_as_exit_codes(), prepared(db, model=model, workspace=workspace) as setup:
        version = setup.classifier.version
        found = check_fixes(
            setup.engine, setup.workspace, model=version, now=now(), ticket_id=ticket
        )
    for each in found.verifications:
        typer.echo(f"{each.ticket_id}  {sentence(each)}")
    for skipped in found.skipped:
        typer.echo(f"{skipped.ticket_id}  没有新的结论：{skipped.reason}")
    told = len({each.ticket_id for each in found.verifications})
    typer.echo(f"数据到 {found.as_of}：验证了 {told} 张工单，{len(found.skipped)} 张没有新的结论")


@app.command()
def show(
    ticket_id: Annotated[str, typer.Argument(help="工单编号，如 K-0001")],
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="最多列几天")] = 30,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """看一张工单最近一次验证的结论和全部比法，以及以前每次的结论，最近的在前。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        name = named_workspace(workspace)
        found = find_verifications(session, name, ticket_id, Page(limit))
    for line in verification_lines(found):
        typer.echo(line)
