"""Priorities with their reasons, and what is done when."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes, one_line
from feedback_nlp.cli.opening import named_workspace, opened
from feedback_nlp.cli.options import Database, ThemeId, Workspace
from feedback_nlp.errors import ConflictError
from feedback_nlp.names import LANE, QUADRANT
from feedback_nlp.records import Load, Quadrant, Slot, Waiting
from feedback_nlp.reports.content import rounded
from feedback_nlp.reports.planned import gap_sentence, order_sentence
from feedback_nlp.reports.sections import figures, interval
from feedback_nlp.reports.wording import NAME_LENGTH, clip, number, percent
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.browse import Page, find_theme
from feedback_nlp.workflows.browse_plan import (
    FoundPlan,
    Prioritised,
    find_plan,
    list_priorities,
    prioritised,
)

app = typer.Typer(
    help="优先级：按 RICE 列出主题，看每个数的理由，看各通道排了什么。", no_args_is_help=True
)
MOST: Final = 1_000

InQuadrant = Annotated[str | None, typer.Option("--quadrant", help="只看一个象限")]
Limit = Annotated[int, typer.Option(min=1, max=MOST, help="最多列几个")]


@app.command("list")
def list_(
    quadrant: InQuadrant = None,
    limit: Limit = 50,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出排过的主题：名次、编号、名称、得分和 80% 区间、排在前 3 的可能、四象限。"""
    with errors_as_exit_codes():
        field = chosen(Quadrant, QUADRANT, quadrant, refusal=f"quadrant 不能是“{quadrant}”")
        with opened(db) as engine, reading(engine) as session:
            found = list_priorities(
                session, named_workspace(workspace), Page(limit), quadrant=field
            )
    for planned in found.themes:
        typer.echo(_line(planned))
    rest = f"，以上是前 {limit} 个" if found.total > limit else ""
    typer.echo(f"共 {found.total} 个主题{rest}")


@app.command()
def show(theme_id: ThemeId, db: Database = None, workspace: Workspace = None) -> None:
    """看一个主题的优先级：每个数和它的理由，名次有多稳、怎样会变。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        ranked = find_theme(session, named_workspace(workspace), theme_id)
        if heir := ranked.theme.merged_into:
            raise ConflictError(f"主题 {theme_id} 已并入 {heir}，请看 {heir}")
    planned = prioritised(ranked)
    if planned is None:
        typer.echo(f"{theme_id} 还没有排过优先级")
        return
    typer.echo(_line(planned))
    for figure in figures(rounded(planned.priority)):
        typer.echo(f"  {figure.name} {figure.shown}：{one_line(figure.reason)}")


@app.command()
def schedule(db: Database = None, workspace: Workspace = None) -> None:
    """看各通道的容量、排进去的工单和没有排进去的原因。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = find_plan(session, named_workspace(workspace))
    for line in _schedule_lines(found):
        typer.echo(line)


def _line(planned: Prioritised) -> str:
    shown = rounded(planned.priority)
    field = QUADRANT[shown.quadrant] if shown.quadrant else "-"
    return (
        f"{planned.rank}  {planned.theme.id}「{one_line(clip(planned.theme.name, NAME_LENGTH))}」  "
        f"{number(shown.score)}（{interval(shown)}）  前 3：{percent(shown.top3)}  {field}"
    )


def _schedule_lines(found: FoundPlan) -> Iterator[str]:
    record = found.record
    day = "没有主题" if not record.scores else "评论没有日期"
    if record.as_of is not None:
        day = f"到 {record.as_of.isoformat()}"
    yield f"第 {record.number} 次排期，{day}"
    yield order_sentence(record.change, found.names) + gap_sentence(record.schedule)
    for load in record.schedule.loads:
        yield _load_line(load)
        yield from (
            _ticket_line(slot, found) for slot in record.schedule.slots if slot.lane is load.lane
        )
    if record.schedule.waiting:
        yield f"没有排进去的 {len(record.schedule.waiting)} 张："
        yield from (_ticket_line(each, found) for each in record.schedule.waiting)


def _load_line(load: Load) -> str:
    return (
        f"{LANE[load.lane]}（到 {load.until.isoformat()}）：已排 {number(load.used)} / "
        f"{number(load.capacity)} 人周"
    )


def _ticket_line(each: Slot | Waiting, found: FoundPlan) -> str:
    title = one_line(clip(found.titles.get(each.ticket_id, ""), NAME_LENGTH))
    return f"  {each.ticket_id}「{title}」 {number(each.weeks)} 人周  {one_line(each.reason)}"
