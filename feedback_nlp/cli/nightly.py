"""The command of the night."""

import os
import socket
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli.bars import stage
from feedback_nlp.cli.batch import WATCH, asked
from feedback_nlp.cli.choices import day as read_day
from feedback_nlp.cli.exits import EXIT_FAILED, errors_as_exit_codes, finish, one_line
from feedback_nlp.cli.nightly_lines import failed_line, night_lines, replay_lines
from feedback_nlp.cli.opening import now, prepared
from feedback_nlp.cli.options import Channel, Database, Format, Maps, Model, Out, Workspace
from feedback_nlp.records import CHINA
from feedback_nlp.storage.job_lock import Holder
from feedback_nlp.workflows.import_files import Watch
from feedback_nlp.workflows.replay_night import is_past, replay_night
from feedback_nlp.workflows.run_night import NightReport, Order, run_night
from feedback_nlp.workflows.setup import Setup

Sources = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FILE|FOLDER]...", help="文件，或文件夹：其中能导入的文件都算，不进子文件夹"
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(help="过去的某一天，如 2026-11-21：只用那天结束时已有的数据；做过的就重放并比较"),
]
Again = Annotated[bool, typer.Option("--again", help="没有新数据也再做一遍")]
NoReport = Annotated[
    bool, typer.Option("--no-report", help="不写报告，只更新数据库和清单；连着补做很多天时更快")
]


def nightly(
    out: Out,
    sources: Sources = None,
    db: Database = None,
    as_of: AsOf = None,
    again: Again = False,  # noqa: FBT002
    no_report: NoReport = False,  # noqa: FBT002
    channel: Channel = None,
    format_: Format = "table",
    maps: Maps = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """每晚一次：导入、分析、归主题、排优先级、验证、查时限、出报告，一次做完；被打断后再执行会接着做。

    同一个工作区同时只跑一个。没有新数据时什么也不做。有行被拒绝时退出码为 3。
    """
    with errors_as_exit_codes():
        intake = asked(format_, channel, maps)
        day = None if as_of is None else read_day("--as-of", as_of)
        with prepared(db, model=model, workspace=workspace) as setup:
            if day is not None and is_past(setup.engine, setup.workspace, day):
                _replay(setup, day, given=bool(sources))
                return
            order = Order(sources or (), out, day, again, intake, not no_report)
            report = run_night(setup, order, clock=now, me=_me(), watch=WATCH)
    _tell(report)


def _me() -> Holder:
    return Holder(f"{now().astimezone(CHINA):%Y-%m-%d %H:%M:%S}", os.getpid(), socket.gethostname())


def _tell(report: NightReport) -> None:
    if report.fault is not None:
        typer.echo(one_line(failed_line(report.night, report.fault)), err=True)
        raise typer.Exit(EXIT_FAILED)
    for line in night_lines(report.night, fresh=report.fresh):
        typer.echo(line)
    if report.fresh:
        typer.echo(report.manifest)
    finish(report.rejected)


def _replay(setup: Setup, day: date, *, given: bool) -> None:
    if given:
        typer.echo("提示：重放只用库里当时已有的数据，没有读给出的文件", err=True)
    replay = replay_night(setup, day, watch=Watch(stage))
    for line in replay_lines(replay):
        typer.echo(line)
    if replay.nights[-1].differing:
        raise typer.Exit(EXIT_FAILED)
