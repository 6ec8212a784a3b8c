"""The command line: parse -> one workflow -> print."""

import errno
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
from feedback_nlp.channels.table import DEFAULT_CHANNEL
from feedback_nlp.errors import (
    ArtefactError,
    ConflictError,
    FeedbackError,
    InputError,
    NotFoundError,
    StorageError,
)
from feedback_nlp.reports.json_files import annotation_dict, dumps
from feedback_nlp.settings import read_settings
from feedback_nlp.storage.database import open_database
from feedback_nlp.workflows.analyze import Line, analyze_lines, parse_lines, read_lines
from feedback_nlp.workflows.group_lines import group_lines
from feedback_nlp.workflows.import_reviews import ImportReport
from feedback_nlp.workflows.input_files import check_files
from feedback_nlp.workflows.progress import Progress, no_stages
from feedback_nlp.workflows.run_files import (
    Setup,
    import_files,
    plan_stored,
    report_stored,
    run_files,
)
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
_FAULTS: Final = {
    errno.EACCES: "没有访问权限",
    errno.EEXIST: "已有同名文件，不是文件夹",
    errno.ENOSPC: "磁盘已满",
}

app = typer.Typer(
    help="feedback-nlp：把中文用户反馈变成主题、优先级和工单。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Files = Annotated[list[Path], typer.Argument(help="评论文件：.csv 或 .jsonl，可再加 .gz")]
Input = Annotated[Path, typer.Argument(help="文件；- 为标准输入")]
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
        check_files(files)
        out.mkdir(parents=True, exist_ok=True)  # now, not after all the work
        with _setup(db or _database_in(out), model=model, workspace=workspace) as setup:
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
    with errors_as_exit_codes():
        name = workspace or read_settings().workspace
        with _database(db) as engine:
            imports = import_files(engine, name, files, now=_now(), channel=channel, stage=stage)
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
        planned = plan_stored(setup, now=_now(), stage=stage)
    typer.echo(f"主题 {len(planned.priorities)} 个，工单草稿 {len(planned.tickets)} 张")


@app.command()
def report(out: Out, db: Database = None, model: Model = None, workspace: Workspace = None) -> None:
    """把数据库里的结果写成报告文件：HTML、Markdown、JSON、CSV 和 Excel。"""
    with errors_as_exit_codes(), _setup(db, model=model, workspace=workspace) as setup:
        _, paths = report_stored(setup, out=out, stage=stage)
    for path in paths:
        typer.echo(path)


@app.command()
def analyze(source: Input, model: Model = None, no_split: NoSplit = False) -> None:  # noqa: FBT002
    """分析文本，每行输入对应一行 JSON 输出；不用数据库。有坏行时退出码为 3。"""
    rejected = 0
    # On a terminal the answers themselves show how far it is.
    bars = no_stages if sys.stdout.isatty() else stage
    with errors_as_exit_codes():
        lines = _lines(source)
        classifier = load_classifier(model or read_settings().model)
        with bars("分析", None) as progress:
            for line, annotation in analyze_lines(lines, classifier, split=not no_split):
                typer.echo(dumps(annotation_dict(annotation)))
                rejected += _complain(source, line.number, line.reason)
                progress(1)
    _finish(rejected)


@app.command()
def themes(source: Input, model: Model = None) -> None:
    """把每一行当作一个观点归成主题，输出 id、主题编号和主题名；不用数据库。有坏行时退出码为 3。"""
    rejected = 0
    with errors_as_exit_codes():
        lines = _lines(source)
        classifier = load_classifier(model or read_settings().model)
        with stage("归纳主题", None):
            grouped = group_lines(list(lines), classifier, load_taxonomy())
    for each in grouped:
        typer.echo(dumps({"id": each.line.id, "theme": each.theme, "name": each.name}))
        rejected += _complain(source, each.line.number, each.line.reason)
    _finish(rejected)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址；不写则用 FEEDBACK_HOST")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="端口；不写则用 FEEDBACK_PORT")
    ] = None,
) -> None:
    """启动 HTTP 接口。"""
    # Tried first: once the server runs, a fault here would be its traceback and its exit code.
    with errors_as_exit_codes(), _setup(None, model=None, workspace=None):
        settings = read_settings()
    host, port = host or settings.host, port or settings.port
    try:
        uvicorn.run("api.app:create_app", factory=True, host=host, port=port)
    except SystemExit as left:  # its own codes mean something else here: 3 is "rejected lines"
        raise typer.Exit(EXIT_FAILED if left.code else 0) from left


def main() -> None:
    """Run the command line; results are UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        # A file name may hold bytes that are no text.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    app()


@contextmanager
def errors_as_exit_codes() -> Iterator[None]:
    """Turn our errors, and files that cannot be used, into one line and the promised exit code."""
    try:
        yield
    except FeedbackError as error:
        typer.echo(f"错误：{_one_line(str(error))}", err=True)
        raise typer.Exit(EXIT_CODES[type(error)]) from error
    except BrokenPipeError:
        raise  # The reader of our output has left; typer ends quietly.
    except OSError as error:
        reason = _FAULTS.get(error.errno or 0, error.strerror)
        typer.echo(f"错误：{error.filename}: {reason}", err=True)
        raise typer.Exit(EXIT_FAILED) from error


@contextmanager
def stage(name: str, total: int | None) -> Iterator[Progress]:
    """Show one stage as a progress bar on stderr; silent when stderr is not a terminal."""
    console = Console(stderr=True)
    shown = Bars(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),  # a file may be called [red].csv
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        disable=not console.is_terminal,
        redirect_stdout=False,  # else results would be printed among the bars, not to stdout
        redirect_stderr=False,
    )
    with shown as bars:
        task = bars.add_task(name, total=total)
        yield lambda done: bars.advance(task, done)


@contextmanager
def _database(url: str | None) -> Iterator[Engine]:
    engine = open_database(url or read_settings().database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _setup(url: str | None, *, model: str | None, workspace: str | None) -> Iterator[Setup]:
    settings = read_settings()
    classifier = load_classifier(model or settings.model)
    with _database(url) as engine:
        yield Setup(engine, workspace or settings.workspace, classifier, load_taxonomy())


def _database_in(out: Path) -> str:
    if "?" in str(out):
        raise InputError(f"{out}: 数据库地址里不能有“?”，请换一个文件夹，或用 --db 指定数据库")
    return f"sqlite:///{out / 'feedback.db'}"


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
        rejected += sum(_complain(file, line.line, line.reason) for line in done.rejected)
    _finish(rejected)


def _finish(rejected: int) -> None:
    if rejected:
        raise typer.Exit(EXIT_REJECTED)


def _complain(file: Path, line: int, reason: str | None) -> bool:
    """Say on stderr what is wrong with a line, if anything."""
    if reason is not None:
        typer.echo(f"{file}:{line}: {_one_line(reason)}", err=True)
    return reason is not None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _now() -> datetime:
    return datetime.now(UTC)
