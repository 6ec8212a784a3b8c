"""The command of the worker."""

import os
import signal
import socket
from functools import partial
from threading import Event
from types import FrameType
from typing import Annotated

import typer

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.cli.exits import errors_as_exit_codes, one_line
from feedback_nlp.cli.opening import now, opened
from feedback_nlp.cli.options import Database, Model
from feedback_nlp.notifiers.webhook import poster
from feedback_nlp.records import CHINA
from feedback_nlp.settings import Settings, read_settings
from feedback_nlp.storage.job_lock import Holder
from feedback_nlp.workflows.deliver_hooks import deliver_due
from feedback_nlp.workflows.work import Duty, Pace, Shift
from feedback_nlp.workflows.work import work as work_on

Only = Annotated[str | None, typer.Option("--workspace", help="只管这个工作区；不写则管所有的")]
Once = Annotated[bool, typer.Option("--once", help="没有等待的评论时就结束")]


def work(
    db: Database = None,
    model: Model = None,
    workspace: Only = None,
    once: Once = False,  # noqa: FBT002
) -> None:
    """常驻：新评论到了几秒内就分析；可以开几个，同一条不会分析两遍。

    Ctrl+C 或 SIGTERM 后做完手上的一批就结束。
    数据库暂时不可用时等它恢复。每批写一行到标准输出，没有用户的话。
    """
    stop = Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    with errors_as_exit_codes():
        settings = read_settings()
        classifier = load_classifier(model or settings.model)
        with opened(db) as engine:
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, leave)
            shift = Shift(engine, classifier, _me(), workspace, _duties(settings, workspace), _tell)
            work_on(shift, Pace(now, stop.wait, settings.work_interval_s), once=once)


def _duties(settings: Settings, workspace: str | None) -> tuple[Duty, ...]:
    """Return what a worker does besides scoring."""
    return (partial(deliver_due, post=poster(settings.webhook_guard), workspace=workspace),)


def _me() -> Holder:
    return Holder(f"{now().astimezone(CHINA):%Y-%m-%d %H:%M:%S}", os.getpid(), socket.gethostname())


def _tell(line: str) -> None:
    typer.echo(one_line(line))
