"""The command line: parse -> one workflow -> print."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bars
from sqlalchemy import Engine

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.channels.table import DEFAULT_CHANNEL, read_table
from feedback_nlp.errors import (
    ArtefactError,
    ConflictError,
    FeedbackError,
    InputError,
    NotFoundError,
    StorageError,
)
from feedback_nlp.reports.json_files import annotation_dict, dumps
from feedback_nlp.settings import Settings
from feedback_nlp.storage.database import open_database
from feedback_nlp.workflows.analyze import Line, analyze_lines, parse_lines, read_lines
from feedback_nlp.workflows.build_report import build_report
from feedback_nlp.workflows.group_lines import group_lines
from feedback_nlp.workflows.import_reviews import ImportReport, import_reviews
from feedback_nlp.workflows.progress import Progress
from feedback_nlp.workflows.run_files import Setup, plan_stored, run_files
from feedback_nlp.workflows.run_files import score as score_stored

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_REJECTED: Final = 3
EXIT_CODES: Final[dict[type[FeedbackError], int]] = {
    InputError: EXIT_USAGE,
    NotFoundError: EXIT_USAGE,
    ConflictError: EXIT_USAGE,
    ArtefactError: EXIT_FAILED,
    StorageError: EXIT_FAILED,
}

app = typer.Typer(
    help="feedback-nlp：把中文用户反馈变成主题、优先级和工单。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Files = Annotated[
    list[Path],
    typer.Argument(exists=True, dir_okay=False, help="评论文件：.csv 或 .jsonl，可再加 .gz"),
]
Input = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, allow_dash=True, help="文件；- 为标准输入")
]
Out = Annotated[Path, typer.Option(help="输出文件夹，没有就新建")]
Database = Annotated[
    str | None, typer.Option("--db", help="数据库地址；不写则用 FEEDBACK_DATABASE_URL")
]
Model = Annotated[str | None, typer.Option(help="模型名或文件夹；不写则用 FEEDBACK_MODEL")]
Workspace = Annotated[str | None, typer.Option(help="工作区；不写则用 FEEDBACK_WORKSPACE")]
Channel = Annotated[str, typer.Option(help="文件里没有渠道列时用的渠道名")]
NoSplit = Annotated[bool, typer.Option("--no-split", help="不切分，每条输入算一个观点")]


@app.command()
def run(
    files: Files,
    out: Out,
    db: Database = None,
    channel: Channel = DEFAULT_CHANNEL,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """从评论文件一直走到报告：导入、分析、归主题、排优先级、写工单和报告。

    可以放心重跑：中断后再跑会接着做，跑两遍结果不变。数据库默认是 OUT/feedback.db。
    有行被拒绝时退出码为 3。
    """
    with errors_as_exit_codes():
        url = db or f"sqlite:///{out / 'feedback.db'}"
        with _setup(url, model=model, workspace=workspace) as setup:
            report = run_files(setup, files, out=out, now=_now(), channel=channel, stage=stage)
    done = report.data.run
    typer.echo(
        f"评论 {done.reviews} 条，观点 {done.opinions} 个，主题 {done.themes} 个，"
        f"工单 {done.tickets} 张，未归类 {done.unassigned} 个"
    )
    for path in report.paths:
        typer.echo(path)
    _finish_import(report.imports)


@app.command("import")
def import_(
    files: Files,
    db: Database = None,
    channel: Channel = DEFAULT_CHANNEL,
    workspace: Workspace = None,
) -> None:
    """只导入评论，不分析；重复导入同一个文件不会多出评论。有行被拒绝时退出码为 3。"""
    now = _now()
    imports = []
    with errors_as_exit_codes(), _database(db) as engine:
        for file in files:
            with stage(f"导入 {file.name}", None) as progress:
                rows = read_table(file, now=now, channel=channel)
                report = import_reviews(
                    engine,
                    workspace or Settings().workspace,
                    rows,
                    source=file.name,
                    now=now,
                    progress=progress,
                )
            imports.append((file, report))
    _finish_import(imports)


@app.command()
def score(db: Database = None, model: Model = None, workspace: Workspace = None) -> None:
    """分析所有还没有被当前模型分析过的评论。"""
    with errors_as_exit_codes(), _setup(db, model=model, workspace=workspace) as setup:
        typer.echo(f"分析了 {score_stored(setup, stage=stage)} 条评论")


@app.command()
def plan(db: Database = None, model: Model = None, workspace: Workspace = None) -> None:
    """从已分析的评论归纳主题、计算 RICE 并起草工单。"""
    with errors_as_exit_codes(), _setup(db, model=model, workspace=workspace) as setup:
        planned = plan_stored(setup, now=_now())
    typer.echo(f"主题 {len(planned.priorities)} 个，工单草稿 {len(planned.tickets)} 张")


@app.command()
def report(out: Out, db: Database = None, model: Model = None, workspace: Workspace = None) -> None:
    """把数据库里的结果写成报告文件：HTML、Markdown、JSON、CSV 和 Excel。"""
    with errors_as_exit_codes(), _setup(db, model=model, workspace=workspace) as setup:
        _, paths = build_report(
            setup.engine, setup.workspace, setup.taxonomy, model=setup.classifier.version, out=out
        )
    for path in paths:
        typer.echo(path)


@app.command()
def analyze(source: Input, model: Model = None, no_split: NoSplit = False) -> None:  # noqa: FBT002
    """分析文本，每行输入对应一行 JSON 输出；不用数据库。有坏行时退出码为 3。"""
    rejected = False
    with errors_as_exit_codes():
        classifier = load_classifier(model or Settings().model)
        for annotation in analyze_lines(_lines(source), classifier, split=not no_split):
            typer.echo(dumps(annotation_dict(annotation)))
            if annotation.error is not None:
                rejected = True
                typer.echo(f"{source}: {annotation.error}", err=True)
    if rejected:
        raise typer.Exit(EXIT_REJECTED)


@app.command()
def themes(source: Input, model: Model = None) -> None:
    """把每一行当作一个观点归成主题，输出 id、主题编号和主题名；不用数据库。"""
    with errors_as_exit_codes():
        classifier = load_classifier(model or Settings().model)
        grouped = group_lines(list(_lines(source)), classifier, load_taxonomy())
    for line in grouped:
        typer.echo(
            json.dumps({k: v for k, v in asdict(line).items() if k != "error"}, ensure_ascii=False)
        )
        if line.error is not None:
            typer.echo(f"{source}: {line.error}", err=True)
    if any(line.error for line in grouped):
        raise typer.Exit(EXIT_REJECTED)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址；不写则用 FEEDBACK_HOST")] = None,
    port: Annotated[int | None, typer.Option(help="端口；不写则用 FEEDBACK_PORT")] = None,
) -> None:
    """启动 HTTP 接口。"""
    settings = Settings()
    uvicorn.run(
        "api.app:create_app",
        factory=True,
        host=host or settings.host,
        port=port or settings.port,
    )


def main() -> None:
    """Run the command line; results are UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")
    app()


@contextmanager
def errors_as_exit_codes() -> Iterator[None]:
    """Turn our errors into one line on stderr and the promised exit code."""
    try:
        yield
    except FeedbackError as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(EXIT_CODES[type(error)]) from error


@contextmanager
def stage(name: str, total: int | None) -> Iterator[Progress]:
    """Show one stage as a progress bar on stderr; silent when stderr is not a terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
    )
    console = Console(stderr=True)
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(name, total=total)
        yield lambda done: bars.advance(task, done)


@contextmanager
def _database(url: str | None) -> Iterator[Engine]:
    engine = open_database(url or Settings().database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _setup(url: str | None, *, model: str | None, workspace: str | None) -> Iterator[Setup]:
    settings = Settings()
    classifier = load_classifier(model or settings.model)
    with _database(url) as engine:
        yield Setup(engine, workspace or settings.workspace, classifier, load_taxonomy())


def _lines(source: Path) -> Iterable[Line]:
    if str(source) != "-":
        return read_lines(source)
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")  # type: ignore[union-attr]
    return parse_lines(sys.stdin)


def _finish_import(imports: Iterable[tuple[Path, ImportReport]]) -> None:
    rejected = 0
    for file, done in imports:
        typer.echo(
            f"{file}: 新增 {done.added}，更新 {done.revised}，未变 {done.unchanged}，"
            f"拒绝 {len(done.rejected)}"
        )
        for line in done.rejected:
            typer.echo(f"{file}:{line.line}: {line.reason}", err=True)
        rejected += len(done.rejected)
    if rejected:
        raise typer.Exit(EXIT_REJECTED)


def _now() -> datetime:
    return datetime.now(UTC)
