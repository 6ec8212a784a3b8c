"""The command that fetches posts from a feedback community."""

import time
from datetime import datetime
from typing import Annotated, Final

import httpx2
import typer

from feedback_nlp.channels.tuxiaochao import Account, Line
from feedback_nlp.cli.batch import WATCH, finish_import
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import now, target_in
from feedback_nlp.cli.options import Database, Workspace
from feedback_nlp.errors import InputError
from feedback_nlp.settings import Settings, read_settings
from feedback_nlp.tabular.times import parse_time
from feedback_nlp.workflows.pull_posts import pull_posts

TIMEOUT_S: Final = 30.0

Since = Annotated[
    str | None, typer.Option(help="从这一天开始，如 2026-01-01；不写则接着上次拉到的那一周")
]


def pull(since: Since = None, db: Database = None, workspace: Workspace = None) -> None:
    """从腾讯兔小巢拉取用户帖子并导入；产品编号和密钥见 FEEDBACK_TUXIAOCHAO_*。可放心重复。"""
    with errors_as_exit_codes():
        account = _account(read_settings())
        begin = None if since is None else _moment(since)
        with httpx2.Client(timeout=TIMEOUT_S) as client, target_in(db, workspace) as target:
            line = Line(client, now, time.sleep)
            report = pull_posts(target, account, line, since=begin, watch=WATCH)
    finish_import([report])


def _account(settings: Settings) -> Account:
    key = settings.tuxiaochao_key.get_secret_value()
    if not settings.tuxiaochao_product or not key:
        raise InputError("请先设置 FEEDBACK_TUXIAOCHAO_PRODUCT 和 FEEDBACK_TUXIAOCHAO_KEY")
    return Account(settings.tuxiaochao_product, key, settings.tuxiaochao_url)


def _moment(since: str) -> datetime:
    try:
        return parse_time(since, now=now())
    except ValueError as error:
        raise InputError(f"--since: {error}") from error
