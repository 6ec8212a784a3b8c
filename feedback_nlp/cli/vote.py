"""The review board: a person scores a theme, or takes the scores back."""

from typing import Annotated

import typer

from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened
from feedback_nlp.cli.options import By, Database, Workspace
from feedback_nlp.errors import InputError
from feedback_nlp.records import Criterion, Signature
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.browse_efforts import find_votes
from feedback_nlp.workflows.cast_vote import cast_vote

_SCORE = "0 到 10 分"


def vote(
    theme_id: Annotated[str, typer.Argument(help="主题编号，如 T-0001")],
    by: By,
    feasibility: Annotated[float | None, typer.Option(help=f"可行性，{_SCORE}")] = None,
    novelty: Annotated[float | None, typer.Option(help=f"创新性，{_SCORE}")] = None,
    benefit: Annotated[float | None, typer.Option(help=f"效益预期，{_SCORE}")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="撤回自己打的分")] = False,  # noqa: FBT002
    reason: Annotated[str, typer.Option(help="理由，记入记录；不要写个人信息")] = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """评审：给一个主题打分，每人每项以最近一次为准；不写的项不变。下次 plan 按它算。"""
    given = dict(zip(Criterion, (feasibility, novelty, benefit), strict=True))
    named = {criterion: points for criterion, points in given.items() if points is not None}
    with errors_as_exit_codes():
        if withdraw and named:
            raise InputError("withdraw：撤回时不要打分；只改一项就只写那一项")
        wanted = dict.fromkeys(Criterion) if withdraw else named
        name, by_whom = named_workspace(workspace), Signature(by, now(), reason)
        with opened(db) as engine:
            cast_vote(engine, name, theme_id, wanted, signature=by_whom)
            with reading(engine) as session:
                found = find_votes(session, name, theme_id)
    said = "已撤回" if withdraw else "已记下"
    typer.echo(found.board.reason if found.board else f"主题 {theme_id} 现在没有算数的评分")
    typer.echo(f"{said} {by.strip()} 对 {theme_id} 的评分，下次 plan 按它算")
