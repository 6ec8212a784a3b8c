"""Commands about reviews that do not count for now."""

from typing import Annotated, Final

import typer

from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened, prepared
from feedback_nlp.cli.options import By, Database, Model, Workspace
from feedback_nlp.names import QUARANTINE
from feedback_nlp.records import QuarantineReason
from feedback_nlp.reports.wording import QUOTE_LENGTH, clip
from feedback_nlp.storage.quarantine import Decision
from feedback_nlp.workflows.browse_intake import Held, list_quarantine
from feedback_nlp.workflows.decide_quarantine import decide, undecide

app = typer.Typer(help="隔离区：重复、模板和垃圾评论，可查看、可恢复。", no_args_is_help=True)

_NEVER_HELD: Final = "其中涉及严重问题（严重度 3）的仍计入统计，从不隔离"

Ids = Annotated[list[str], typer.Argument(help="评论编号，如 R-0123456789abcdef")]
Note = Annotated[str, typer.Option(help="说明，记入记录")]
Reason = Annotated[str | None, typer.Option(help=f"原因：{'、'.join(QUARANTINE)}")]
All = Annotated[bool, typer.Option("--all", help="也列出人工恢复了的、因涉及严重问题而不隔离的")]


@app.command("list")
def list_(
    reason: Reason = None,
    all_: All = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """列出被隔离的评论：编号、原因、依据、原文。"""
    with errors_as_exit_codes():
        wanted = _reason(reason)
        with prepared(db, model=model, workspace=workspace) as setup:
            found = list_quarantine(
                setup.engine,
                setup.workspace,
                model=setup.classifier.version,
                reason=wanted,
                released=all_,
            )
    for each in found:
        typer.echo(_line(each))
    typer.echo(f"共 {len(found)} 条")


@app.command()
def release(
    ids: Ids, by: By, note: Note = "", db: Database = None, workspace: Workspace = None
) -> None:
    """恢复：这些评论从此计入统计，规则不再改变这个决定。下次 plan 生效。"""
    _decide(ids, Decision(held=False, by=by, note=note), db, workspace)
    typer.echo(f"已恢复 {len(ids)} 条评论，下次 plan 生效")


@app.command()
def hold(
    ids: Ids,
    by: By,
    reason: Reason = None,
    note: Note = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """隔离：这些评论从此不计入统计；规则没有发现的要写 --reason。下次 plan 生效。

    涉及严重问题（严重度 3）的评论从不隔离，人工决定也不例外。
    """
    with errors_as_exit_codes():
        decision = Decision(held=True, by=by, note=note, reason=_reason(reason))
    _decide(ids, decision, db, workspace)
    typer.echo(f"已记录对 {len(ids)} 条评论的隔离决定，下次 plan 生效；{_NEVER_HELD}")


@app.command()
def reset(ids: Ids, db: Database = None, workspace: Workspace = None) -> None:
    """撤销人工决定，重新交给规则。"""
    with errors_as_exit_codes(), opened(db) as engine:
        undecide(engine, named_workspace(workspace), ids)
    typer.echo(f"已撤销 {len(ids)} 条评论的人工决定")


def _decide(ids: list[str], decision: Decision, db: str | None, workspace: str | None) -> None:
    with errors_as_exit_codes(), opened(db) as engine:
        decide(engine, named_workspace(workspace), ids, decision, now=now())


def _reason(name: str | None) -> QuarantineReason | None:
    return chosen(QuarantineReason, QUARANTINE, name, refusal=f"没有隔离原因“{name}”")


def _line(held: Held) -> str:
    row = held.row
    decided = {None: "", True: "，人工隔离", False: "，人工恢复"}[row.held]
    spared = "" if row.effective or row.held is False else "，涉及严重问题，不隔离"
    original = f"，同 {row.original}" if row.original else ""
    evidence = f"：{row.detail}" if row.detail else ""
    reason = QUARANTINE[row.reason.value]
    return (
        f"{row.review_id}  {reason}{decided}{spared}{original}{evidence}  "
        f"{clip(held.text, QUOTE_LENGTH)}"
    )
