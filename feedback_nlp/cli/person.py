"""Commands about the data of one person."""

import json
from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli.bars import stage
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened
from feedback_nlp.cli.options import By, Database, Workspace
from feedback_nlp.errors import InputError
from feedback_nlp.settings import read_settings
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person
from feedback_nlp.storage.retention import Policy
from feedback_nlp.workflows.apply_retention import apply_retention, due_now
from feedback_nlp.workflows.erase_person import erase_person
from feedback_nlp.workflows.export_person import export_person, find_person, identify

app = typer.Typer(help="一个人的数据：查找、导出、删除。", no_args_is_help=True)

Authors = Annotated[
    list[str] | None, typer.Option("--author", help="用户编号，与来源一致；可写多次")
]
Reviews = Annotated[
    list[str] | None, typer.Option("--review", help="没有用户编号的评论编号；可写多次")
]
Reason = Annotated[str, typer.Option(help="原因，记入删除记录；不要写个人信息")]
Yes = Annotated[bool, typer.Option("--yes", help="确认删除；不写则只列出会删除什么")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只列出到期的数量，不删除")]


@app.command()
def find(
    author: Authors = None,
    review: Reviews = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出各表里属于这个人的行数。"""
    with errors_as_exit_codes(), opened(db) as engine:
        found = find_person(engine, named_workspace(workspace), _person(author, review))
    _show(found.counts)


@app.command()
def export(
    author: Authors = None,
    review: Reviews = None,
    out: Annotated[Path | None, typer.Option(help="写到这个文件；不写则到标准输出")] = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """把这个人的全部数据写成一个 JSON 对象。"""
    with errors_as_exit_codes():
        with opened(db) as engine:
            found = export_person(engine, named_workspace(workspace), _person(author, review))
        text = json.dumps(found.document, ensure_ascii=False, indent=2)
        if out is None:
            typer.echo(text)
            return
        out.write_text(text + "\n", encoding="utf-8")
    _show(found.counts)
    typer.echo(out)


@app.command()
def erase(
    by: By,
    reason: Reason,
    author: Authors = None,
    review: Reviews = None,
    yes: Yes = False,  # noqa: FBT002
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """删除这个人的全部数据，以后也不再导入。主题的数量在下次 plan 后更新。"""
    with errors_as_exit_codes(), opened(db) as engine:
        name, person = named_workspace(workspace), _person(author, review)
        if not yes:
            _show(find_person(engine, name, person).counts)
            typer.echo("什么也没有删除；确认删除请加 --yes")
            return
        key = read_settings().pseudonym_key.get_secret_value()
        done = erase_person(engine, name, person, ErasureOrder(by, reason, now(), key))
    _show(done.counts)
    typer.echo("已删除；主题的数量在下次 plan 后更新")
    if not done.files_cleared:
        typer.echo("数据库文件里可能还有残留字节，见 docs/personal-data.md", err=True)


def retention(
    dry_run: DryRun = False,  # noqa: FBT002
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """按 FEEDBACK_RETENTION_* 删除到期的数据；没有设置的一直保留。"""
    with errors_as_exit_codes():
        settings = read_settings()
        policy = Policy(
            review_days=settings.retention_review_days,
            original_days=settings.retention_original_days,
            rejection_days=settings.retention_rejection_days,
            usage_days=settings.retention_usage_days,
        )
        with opened(db) as engine:
            name = named_workspace(workspace)
            if dry_run:
                report = due_now(engine, name, policy, now=now())
            else:
                with stage("删除到期数据", None) as progress:
                    report = apply_retention(engine, name, policy, now=now(), progress=progress)
    _show(report.counts)


def _person(authors: list[str] | None, reviews: list[str] | None) -> Person:
    if not authors and not reviews:
        raise InputError("请用 --author 或 --review 指明是谁")
    key = read_settings().pseudonym_key.get_secret_value()
    return identify(authors or (), reviews or (), key=key)


def _show(counts: tuple[tuple[str, int], ...]) -> None:
    for table, rows in counts:
        typer.echo(f"{table}: {rows}")
    typer.echo(f"共 {sum(rows for _, rows in counts)} 行")
