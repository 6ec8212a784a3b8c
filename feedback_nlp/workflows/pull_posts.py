"""Pull: the posts of a feedback community -> stored reviews. Safe to repeat."""

from datetime import date, datetime
from functools import partial
from typing import Final

from feedback_nlp.channels.tuxiaochao import DEFAULT_CHANNEL, Account, Line, pull, weeks
from feedback_nlp.errors import InputError
from feedback_nlp.records import CHINA
from feedback_nlp.storage import imports
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.imports import Origin
from feedback_nlp.workflows.import_files import SheetImport, Watch
from feedback_nlp.workflows.import_sheet import ImportReport, Target, import_sheet

FORMAT: Final = "tuxiaochao"
_ALL: Final = 1_000_000
"""More imports than a workspace ever has."""


def pull_posts(
    target: Target,
    account: Account,
    line: Line,
    *,
    since: datetime | None = None,
    watch: Watch = Watch(),
) -> SheetImport:
    """Pull the posts from `since` on, or from the week begun last, and store them.

    Every week is an import of its own, oldest first, and the next one begins only when it is
    stored. So all before the week begun last is complete, however a pull ended; a review's time
    would not tell, as comments are newer than their posts. That week is pulled again even if it
    was complete, for posts shown late.

    Raises:
        InputError: the key, the product or the clock is wrong; or nothing was pulled yet and
            `since` is not given.
        SourceError: the other side cannot be reached; what came before that is stored.
    """
    # A channel of its own for each product, so that each goes on where it was.
    channel = f"{DEFAULT_CHANNEL} {account.product_id}"
    begin = since.astimezone(CHINA).date() if since else _week_begun_last(target, channel)
    if begin is None:
        raise InputError("还没有拉取过，请用 --since 2026-01-01 指明从哪一天开始")
    name = _source(channel, begin)
    report = ImportReport()
    with watch.stage(f"拉取 {name}", None) as progress:
        for week in weeks(begin, line.clock().astimezone(CHINA).date()):
            # A source of its own for each week: it does not meet the rejections of another.
            source = _source(channel, week.begin)
            report += import_sheet(
                target,
                pull(account, week, line=line, channel=channel),
                origin=Origin(source, FORMAT, channel, {}),
                progress=progress,
                complain=partial(watch.complain, source),
            )
    return SheetImport(name, report)


def _source(channel: str, begin: date) -> str:
    return f"{channel} {begin.isoformat()}"


def _week_begun_last(target: Target, channel: str) -> date | None:
    with reading(target.engine) as session:
        for each in imports.every(session, target.workspace, limit=_ALL):
            if (each.origin.format, each.origin.channel) == (FORMAT, channel):
                return date.fromisoformat(each.origin.source.rpartition(" ")[2])
    return None
