"""Commands of the straight line: run, import, score, plan and report."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer

from feedback_nlp import channels
from feedback_nlp.cli.bars import stage
from feedback_nlp.cli.exits import complain, errors_as_exit_codes, finish
from feedback_nlp.cli.opening import now, prepared, target_in
from feedback_nlp.cli.options import (
    Channel,
    Database,
    Delimiter,
    Encoding,
    Files,
    Format,
    Maps,
    Model,
    Out,
    SheetName,
    Workspace,
)
from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.tabular.columns import parse_mapping
from feedback_nlp.tabular.sheets import ReadOptions
from feedback_nlp.workflows.import_files import Intake, SheetImport, Watch, import_files
from feedback_nlp.workflows.input_files import check_files
from feedback_nlp.workflows.run_files import plan_stored, report_stored, run_files
from feedback_nlp.workflows.run_files import score as score_stored

SaveMap = Annotated[
    bool, typer.Option("--save-map", help="把 --map 存为这个渠道的默认对应，以后不必再写")
]


def run(
    files: Files,
    out: Out,
    db: Database = None,
    channel: Channel = None,
    format_: Format = "table",
    maps: Maps = None,
    sheet: SheetName = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """从评论文件一直走到报告：导入、分析、归主题、排优先级、写工单和报告。

    可以放心重跑：中断后再跑会接着做，跑两遍结果不变。数据库默认是 OUT/feedback.db。
    有行被拒绝时退出码为 3。
    """
    with errors_as_exit_codes():
        options = ReadOptions(encoding, delimiter, sheet)
        intake = asked(format_, channel, maps, options=options)
        check_files(files)
        out.mkdir(parents=True, exist_ok=True)  # now, not after all the work
        with prepared(db or _database_in(out), model=model, workspace=workspace) as setup:
            report = run_files(setup, files, out=out, now=now(), intake=intake, watch=WATCH)
    done = report.data.run
    typer.echo(
        f"评论 {done.reviews} 条，观点 {done.opinions} 个，主题 {done.themes} 个，"
        f"工单 {done.tickets} 张，未归类 {done.unassigned} 个"
    )
    for path in report.paths:
        typer.echo(path)
    finish_import(report.imports)


def import_(
    files: Files,
    db: Database = None,
    channel: Channel = None,
    format_: Format = "table",
    maps: Maps = None,
    save_map: SaveMap = False,  # noqa: FBT002
    sheet: SheetName = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    workspace: Workspace = None,
) -> None:
    """只导入，不分析；重复导入同一个文件不会多出评论。有行被拒绝时退出码为 3。"""
    with errors_as_exit_codes():
        options = ReadOptions(encoding, delimiter, sheet)
        intake = asked(format_, channel, maps, save=save_map, options=options)
        with target_in(db, workspace) as target:
            imports = import_files(target, files, intake=intake, watch=WATCH)
    finish_import(imports)


def score(db: Database = None, model: Model = None, workspace: Workspace = None) -> None:
    """分析所有还没有被当前模型分析过的评论。"""
    with errors_as_exit_codes(), prepared(db, model=model, workspace=workspace) as setup:
        typer.echo(f"分析了 {score_stored(setup, stage=stage)} 条评论")


def plan(db: Database = None, model: Model = None, workspace: Workspace = None) -> None:
    """检查重复和垃圾评论，归纳主题、计算 RICE 并起草工单。"""
    with errors_as_exit_codes(), prepared(db, model=model, workspace=workspace) as setup:
        planned = plan_stored(setup, now=now(), stage=stage)
    typer.echo(f"主题 {len(planned.priorities)} 个，工单草稿 {len(planned.tickets)} 张")


def report(out: Out, db: Database = None, model: Model = None, workspace: Workspace = None) -> None:
    """把数据库里的结果写成报告文件：HTML、Markdown、JSON、CSV 和 Excel。"""
    with errors_as_exit_codes(), prepared(db, model=model, workspace=workspace) as setup:
        _, paths = report_stored(setup, out=out, stage=stage)
    for path in paths:
        typer.echo(path)


def asked(
    format_: str,
    channel: str | None = None,
    maps: Iterable[str] | None = None,
    *,
    save: bool = False,
    options: ReadOptions = ReadOptions(),
) -> Intake:
    """Turn the options of a command into what an import needs."""
    known = channels.named(format_).fields
    return Intake(format_, channel, parse_mapping(list(maps or ()), known), save, options)


def finish_import(imports: Iterable[SheetImport]) -> None:
    """Say what became of each sheet, and end with 3 when any line was rejected."""
    rejected = 0
    for each in imports:
        done = each.report
        line = (
            f"{each.name}: 新增 {done.added}，更新 {done.revised}，未变 {done.unchanged}，"
            f"拒绝 {done.rejected}"
        )
        line += f"，按删除请求不收 {done.refused}" if done.refused else ""
        line += f"，疑似乱码 {done.garbled}" if done.garbled else ""
        line += f"，补正 {each.corrected}" if each.corrected else ""
        typer.echo(line)
        for note in each.notes:
            typer.echo(f"{each.name}: 提示：{note}", err=True)
        rejected += done.rejected
    finish(rejected)


def _complain(sheet: str, line: Rejected) -> None:
    complain(sheet, line.line, line.reason)


WATCH: Final = Watch(stage, _complain)
"""Bars and complaints on stderr."""


def _database_in(out: Path) -> str:
    if "?" in str(out):
        raise InputError(f"{out}: 数据库地址里不能有“?”，请换一个文件夹，或用 --db 指定数据库")
    return f"sqlite:///{out / 'feedback.db'}"
