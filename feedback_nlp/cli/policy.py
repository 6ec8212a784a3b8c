"""What a team decides about its priorities: look at it, change it, see who changed what."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final

import typer

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened
from feedback_nlp.cli.options import By, Database, Reason, Workspace
from feedback_nlp.errors import InputError
from feedback_nlp.priority.policy import Changed
from feedback_nlp.records import CHINA, Signature
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.policies import StoredPolicy
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_policy import list_changes, show_policy
from feedback_nlp.workflows.set_policy import set_policy

app = typer.Typer(
    help="政策：等级、分层、话题的权重，各通道的产能，评审权重，RFM 门槛，时限。",
    no_args_is_help=True,
)

MOST: Final = 1_000

Wishes = Annotated[
    list[str],
    typer.Argument(
        metavar="KEY VALUE...", help="设置和值，可写多对，也可写 KEY=VALUE；default 为改回默认值"
    ),
]


@app.command()
def show(db: Database = None, workspace: Workspace = None) -> None:
    """列出全部设置：名称、现在的值、含义；改过的注明默认值。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = show_policy(session, named_workspace(workspace))
    for row in found.settings:
        changed = "" if row.value == row.default else f"（默认 {row.default}）"
        typer.echo(f"{row.key}  {row.value}{changed}  {row.meaning}")
    if found.latest is None:
        typer.echo("从未改过，全部是默认值")
    else:
        typer.echo(f"最近一次修改：{_signed(found.latest)}")


@app.command("set")
def set_(
    wishes: Wishes,
    by: By,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """改一项或几项设置，要么全改，要么都不改。下次 plan 按新的政策算。"""
    with errors_as_exit_codes(), opened(db) as engine:
        changes = set_policy(
            engine,
            named_workspace(workspace),
            pairs_in(wishes),
            load_taxonomy(),
            signature=Signature(by, now(), reason),
        )
    for line in _lines(changes):
        typer.echo(line)
    typer.echo("已保存，下次 plan 按新的政策算" if changes else "与现在的政策相同，没有改动")


@app.command()
def history(
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="最多列几次")] = 50,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出谁在何时为什么改了什么，最近的在前。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = list_changes(session, named_workspace(workspace), Page(limit))
    for stored in found.changes:
        typer.echo(_signed(stored))
        for line in _lines(stored.changes):
            typer.echo(f"    {line}")
    rest = f"，以上是最近 {limit} 次" if found.total > limit else ""
    typer.echo(f"共 {found.total} 次修改{rest}")


def pairs_in(wishes: Iterable[str]) -> list[tuple[str, str]]:
    """Read `KEY VALUE` and `KEY=VALUE`; raises InputError for a key without a value."""
    found = []
    words = iter(wishes)
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            key, value = word, next(words, "")
        if not value:
            raise InputError(f"“{key}”后面没有值；写 KEY VALUE，如 reserve 0.3，改回默认写 default")
        found.append((key, value))
    return found


def _lines(changes: Iterable[Changed]) -> Iterator[str]:
    return (f"{each.key}：{each.before} → {each.after}" for each in changes)


def _signed(stored: StoredPolicy) -> str:
    reason = f"  {stored.reason}" if stored.reason else ""
    return f"{stored.at.astimezone(CHINA):%Y-%m-%d %H:%M}  {stored.author}{reason}"
