"""What some users complain of more than all others."""

from collections.abc import Iterator
from typing import Annotated

import typer

from feedback_nlp.cli.alerts import MOST_DAYS
from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import now, prepared
from feedback_nlp.cli.options import Database, Model, Workspace
from feedback_nlp.compare.cuts import Dimension
from feedback_nlp.compare.gaps import LEAST_USERS
from feedback_nlp.errors import InputError
from feedback_nlp.names import CUT, DIMENSION
from feedback_nlp.reports.gaps import (
    FOUND,
    gap_text,
    level_text,
    quote_lines,
    share_text,
    value_text,
)
from feedback_nlp.reports.wording import NAME_LENGTH, clip, number
from feedback_nlp.storage.database import reading
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.compare_segments import Cut, CutRow, Question, compare_segments

By = Annotated[str, typer.Option(help=f"按什么分：{'、'.join(DIMENSION)}")]
Themes = Annotated[bool, typer.Option("--themes", help="除了话题，也比较每个在列的主题")]
Days = Annotated[
    int | None,
    typer.Option(min=1, max=MOST_DAYS, help="只看最近几天，从最新一条评论那天往回数"),
]
All = Annotated[bool, typer.Option("--all", help="看不出差别的、样本太少的也列出")]


def segments(
    by: By,
    themes: Themes = False,  # noqa: FBT002
    days: Days = None,
    all_: All = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """按版本、地区、等级、RFM 分层或渠道分开看：哪些用户在哪些话题上抱怨得特别多或特别少。"""
    with errors_as_exit_codes():
        dimension = chosen(Dimension, DIMENSION, by, refusal=f"by 不能是“{by}”")
        if dimension is None:
            raise InputError("by：请写出按什么分")
        question = Question(dimension, themes, days)
        with (
            prepared(db, model=model, workspace=workspace) as setup,
            reading(setup.engine) as session,
        ):
            found = compare_segments(
                session,
                setup.workspace,
                setup.taxonomy,
                question,
                model=setup.classifier.version,
                today=day_of(now()),
            )
    for line in _lines(found, all_=all_):
        typer.echo(line)


def _lines(found: Cut, *, all_: bool) -> Iterator[str]:
    yield _head(found)
    by = found.question.by
    for part in found.parts:
        if all_ or part.is_compared:
            few = "" if part.is_compared else "（没有比较）"
            yield (
                f"  {value_text(by, part.value)}  {number(part.users)} 位用户，"
                f"{number(part.reviews)} 条评论{few}"
            )
    for row in found.rows:
        if all_ or row.gap.contrast in FOUND:
            yield from _row_lines(found, row)
    yield _total(found)


def _head(found: Cut) -> str:
    days = "" if found.first is None else f"，{found.first} 到 {found.last}"
    left = sum(not part.is_compared for part in found.parts)
    small = f"；{left} 个值没有比较（不到 {LEAST_USERS} 位用户，或值太多）" if left else ""
    unknown = f"；{number(found.unknown)} 条评论不知道属于哪一边" if found.unknown else ""
    return f"按{DIMENSION[found.question.by]}比较{days}{small}{unknown}"


def _row_lines(found: Cut, row: CutRow) -> Iterator[str]:
    value = value_text(found.question.by, row.value)
    yield (
        f"{CUT[row.gap.contrast]}  {value}  {row.key} {clip(row.name, NAME_LENGTH)}  "
        f"{share_text(row.count, row.of)}  其他 {share_text(row.rest, row.rest_of)}  "
        f"{gap_text(row.gap)}"
    )
    yield from quote_lines("原话", row.quotes)


def _total(found: Cut) -> str:
    called = sum(row.gap.contrast in FOUND for row in found.rows)
    if not found.tests:
        return f"没有可以比较的：至少要有两个值，各有 {LEAST_USERS} 位以上的用户"
    return (
        f"同时比较了 {found.tests} 项，确认 {called} 项有差别；"
        f"区间已按此放宽到 {level_text(found.level)}，q 不超过 0.05 才算有差别"
    )
