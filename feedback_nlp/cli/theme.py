"""Commands about themes: look at them here; what else can be done has files of its own."""

from collections.abc import Iterable
from typing import Annotated, Final

import typer

from feedback_nlp.cli import theme_edits, theme_proposals, theme_reasons
from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, opened, prepared
from feedback_nlp.cli.options import Database, Model, ThemeId, Workspace
from feedback_nlp.cli.theme_lines import (
    event_line,
    member_line,
    quote_line,
    theme_line,
    theme_lines,
)
from feedback_nlp.names import THEME_STATE
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.browse import Page, find_theme
from feedback_nlp.workflows.browse_themes import Listed, list_history, list_members, list_themes

app = typer.Typer(
    help="主题：查看来历，改名、合并、拆分、移动、关闭、重开、撤销，处理建议。",
    no_args_is_help=True,
)

LISTED: Final = THEME_STATE | {"all": "全部"}
MOST: Final = 1_000
MOST_EVENTS: Final = 10_000


@app.command("list")
def list_(
    state: Annotated[
        str, typer.Option(help=f"只看哪种状态：{'、'.join(LISTED)}")
    ] = Listed.OPEN.value,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="最多列几个")] = 50,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出主题，按 RICE 从高到低，没有排过的在后：名次、编号、名称、观点、用户、负面占比、时间。"""
    with errors_as_exit_codes():
        listed = chosen(Listed, LISTED, state, refusal=f"state 不能是“{state}”") or Listed.OPEN
        with opened(db) as engine, reading(engine) as session:
            found = list_themes(session, named_workspace(workspace), Page(limit), listed=listed)
    for ranked in found.themes:
        typer.echo(theme_line(ranked))
    rest = f"，以上是前 {limit} 个" if found.total > limit else ""
    typer.echo(f"共 {found.total} 个主题{rest}")


@app.command()
def show(
    theme_id: ThemeId,
    members: Annotated[int, typer.Option(min=0, max=MOST, help="列出几个观点")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="跳过前面几个观点")] = 0,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """看一个主题的全部：数量、优先级、原声、每个观点怎样归入的、谁在何时为什么改过它。"""
    page = Page(members, offset)
    with (
        errors_as_exit_codes(),
        prepared(db, model=model, workspace=workspace) as setup,
        reading(setup.engine) as session,
    ):
        name, version = setup.workspace, setup.classifier.version
        ranked = find_theme(session, name, theme_id)
        part = list_members(session, name, theme_id, page, model=version)
        history = list_history(session, name, theme_id, Page(MOST_EVENTS))
    _echo(theme_lines(ranked))
    _echo(["原声：", *map(quote_line, ranked.theme.quotes)])
    if ranked.theme.boundary_quotes:
        _echo(["边上的原声：", *map(quote_line, ranked.theme.boundary_quotes)])
    _echo(
        [f"观点（共 {part.total} 个，从第 {offset + 1} 个起）：", *map(member_line, part.members)]
    )
    _echo(["历史：", *map(event_line, history.events)])


for command in (
    theme_edits.rename,
    theme_edits.merge,
    theme_edits.split,
    theme_edits.move,
    theme_edits.close,
    theme_edits.reopen,
    theme_edits.undo,
    theme_reasons.why,
    theme_proposals.proposals,
    theme_proposals.accept,
    theme_proposals.reject,
):
    app.command()(command)


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
