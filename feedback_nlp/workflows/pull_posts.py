"""Pull: the posts of a feedback community -> stored reviews. Safe to repeat."""

from datetime import datetime
from functools import partial
from typing import Final

from feedback_nlp.channels.tuxiaochao import DEFAULT_CHANNEL, Account, Line, pull
from feedback_nlp.errors import InputError
from feedback_nlp.records import CHINA
from feedback_nlp.storage import reviews
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.imports import Origin
from feedback_nlp.workflows.import_files import SheetImport, Watch
from feedback_nlp.workflows.import_sheet import Target, import_sheet

FORMAT: Final = "tuxiaochao"


def pull_posts(
    target: Target,
    account: Account,
    line: Line,
    *,
    since: datetime | None = None,
    watch: Watch = Watch(),
) -> SheetImport:
    """Pull what is newer than `since`, or than the newest post stored, and store it.

    Raises:
        InputError: the key, the product or the clock is wrong; or nothing is stored yet and
            `since` is not given.
        SourceError: the other side cannot be reached; what came before that is stored.
    """
    # A channel of its own for each product, so that each goes on where it was.
    channel = f"{DEFAULT_CHANNEL} {account.product_id}"
    with reading(target.engine) as session:
        newest = reviews.newest(session, target.workspace, channel=channel)
    begin = since or newest
    if begin is None:
        raise InputError("还没有拉取过，请用 --since 2026-01-01 指明从哪一天开始")
    # A source of its own for each beginning: a later pull does not meet the earlier rejections.
    source = f"{channel} {begin.astimezone(CHINA):%Y-%m-%d}"
    posts = pull(account, since=begin, line=line, channel=channel)
    with watch.stage(f"拉取 {source}", None) as progress:
        report = import_sheet(
            target,
            posts,
            origin=Origin(source, FORMAT, channel, {}),
            progress=progress,
            complain=partial(watch.complain, source),
        )
    return SheetImport(source, report)
