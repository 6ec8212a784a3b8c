"""Commands about rows that were rejected, and about imports."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli.exits import errors_as_exit_codes, one_line
from feedback_nlp.cli.opening import named_workspace, opened
from feedback_nlp.cli.options import Database, Workspace
from feedback_nlp.records import CHINA
from feedback_nlp.workflows.browse_intake import list_imports, list_rejected
from feedback_nlp.workflows.corrections import export_rejected

app = typer.Typer(help="被拒绝的行：查看，导出改正后再导入。", no_args_is_help=True)

Source = Annotated[str | None, typer.Option(help="只看这个来源（完整路径）")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="最多几次")]


@app.command("list")
def list_(source: Source = None, db: Database = None, workspace: Workspace = None) -> None:
    """列出还没有改正的行：来源:行号: 原因。"""
    counts: Counter[str] = Counter()
    with errors_as_exit_codes(), opened(db) as engine:
        for row in list_rejected(engine, named_workspace(workspace), source=source):
            typer.echo(f"{row.source}:{row.line}: {one_line(row.reason)}")
            counts[row.source] += 1
    typer.echo(f"共 {counts.total()} 行，{len(counts)} 个来源")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="写到这个 CSV 文件")],
    source: Source = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """写成 CSV：改正后用 import 再导入，标记列会自动去掉，原来的行记为已补正。"""
    with errors_as_exit_codes(), opened(db) as engine:
        written = export_rejected(engine, named_workspace(workspace), out, source=source)
    typer.echo(f"{out}: {written} 行")


def imports(limit: Limit = 20, db: Database = None, workspace: Workspace = None) -> None:
    """列出最近的导入：时间、来源、格式、结果；没有完成的会标明。"""
    with errors_as_exit_codes(), opened(db) as engine:
        found = list_imports(engine, named_workspace(workspace), limit=limit)
    for each in found:
        counts = each.counts
        typer.echo(
            f"{each.started_at.astimezone(CHINA):%Y-%m-%d %H:%M}  {each.origin.source}  "
            f"{each.origin.format}  新增 {counts.get('added', 0)}，"
            f"更新 {counts.get('revised', 0)}，未变 {counts.get('unchanged', 0)}，"
            f"拒绝 {counts.get('rejected', 0)}"
            + ("" if each.finished_at else "  （没有完成，请再导入一次）")
        )
