"""What people do to themes: every later run keeps to it, and `undo` takes it back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

import typer

from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import now, prepared
from feedback_nlp.cli.options import Database, Model, Reason, ThemeId, Workspace
from feedback_nlp.cli.theme_lines import effect_lines
from feedback_nlp.errors import InputError
from feedback_nlp.names import UNASSIGNED
from feedback_nlp.records import Signature
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows import edit_themes, regroup_themes, undo_edit
from feedback_nlp.workflows.edit_desk import Desk, Effect, Place

Opinions = Annotated[
    list[str],
    typer.Argument(help="观点，写 评论编号:起始位置，如 R-0123456789abcdef:0，见 theme show"),
]
Author = Annotated[str, typer.Option(help="谁改的，记入记录")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只看会改变什么，不保存")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What every edit takes besides its own arguments."""

    author: str
    reason: str
    dry_run: bool
    db: str | None
    model: str | None
    workspace: str | None


def rename(
    theme_id: ThemeId,
    name: Annotated[str, typer.Argument(help="新名称，1 到 40 个字")],
    author: Author = "",
    reason: Reason = "",
    dry_run: DryRun = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """改名；以后的运行不再改动这个名称。"""
    edit(
        lambda desk, signature: edit_themes.rename(desk, theme_id, name, signature),
        Asked(author, reason, dry_run, db, model, workspace),
    )


def merge(
    into: Annotated[str, typer.Argument(help="并入哪个主题，如 T-0001")],
    sources: Annotated[list[str], typer.Argument(help="被并入的主题，一个或多个")],
    author: Author = "",
    reason: Reason = "",
    dry_run: DryRun = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """合并：后面那些主题的观点都归第一个；以后与它们相近的也归它。"""
    edit(
        lambda desk, signature: regroup_themes.merge(desk, into, sources, signature),
        Asked(author, reason, dry_run, db, model, workspace),
    )


def split(
    theme_id: ThemeId,
    opinions: Opinions,
    name: Annotated[str | None, typer.Option(help="新主题的名称；不写则下次 plan 自动取名")] = None,
    author: Author = "",
    reason: Reason = "",
    dry_run: DryRun = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """拆分：把几个观点拆成一个新主题，原话相同的一起走，以后也不再回来。"""
    edit(
        lambda desk, signature: regroup_themes.split(
            desk, theme_id, places_in(opinions), signature, name=name
        ),
        Asked(author, reason, dry_run, db, model, workspace),
    )


def move(
    opinions: Opinions,
    to: Annotated[
        str | None, typer.Option(help=f"移到哪个主题，如 T-0001；{UNASSIGNED} 同 --out")
    ] = None,
    out: Annotated[bool, typer.Option("--out", help=f"移到{UNASSIGNED}")] = False,  # noqa: FBT002
    author: Author = "",
    reason: Reason = "",
    dry_run: DryRun = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """移动：把几个观点移到另一个主题或未归类，原话相同的一起走，以后也不再回来。"""
    edit(
        lambda desk, signature: regroup_themes.move(
            desk, places_in(opinions), _target(to, out=out), signature
        ),
        Asked(author, reason, dry_run, db, model, workspace),
    )


def close(
    theme_id: ThemeId,
    author: Author = "",
    reason: Reason = "",
    dry_run: DryRun = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """关闭：不再排名和列出，新的观点仍归入它，不会变成新主题冒出来。"""
    edit(
        lambda desk, signature: edit_themes.close(desk, theme_id, signature),
        Asked(author, reason, dry_run, db, model, workspace),
    )


def reopen(
    theme_id: ThemeId,
    author: Author = "",
    reason: Reason = "",
    dry_run: DryRun = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """重开一个关闭了的主题。"""
    edit(
        lambda desk, signature: edit_themes.reopen(desk, theme_id, signature),
        Asked(author, reason, dry_run, db, model, workspace),
    )


def undo(
    number: Annotated[
        int | None, typer.Argument(help="撤销第几号修改，见 theme show；不写则为最近一次")
    ] = None,
    author: Author = "",
    reason: Reason = "",
    dry_run: DryRun = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """撤销一次修改；后来又改过同一个主题的，要先撤销后来的。撤销本身不能再撤销。"""
    edit(
        lambda desk, signature: undo_edit.undo(desk, signature, number=number),
        Asked(author, reason, dry_run, db, model, workspace),
    )


def edit(change: Callable[[Desk, Signature], Effect], asked: Asked) -> None:
    """Do it in a transaction of its own, kept unless it is a preview, and write what it did."""
    with (
        errors_as_exit_codes(),
        prepared(asked.db, model=asked.model, workspace=asked.workspace) as setup,
        transaction(setup.engine) as session,
    ):
        desk = Desk(session, setup.workspace, setup.classifier.version)
        effect = change(desk, Signature(asked.author, now(), asked.reason))
        if asked.dry_run:
            session.rollback()
    for line in effect_lines(effect, kept=not asked.dry_run):
        typer.echo(line)
    for warning in effect.warnings:
        typer.echo(f"提示：{warning}", err=True)


def places_in(opinions: Iterable[str]) -> list[Place]:
    """Read places as `theme show` writes them; raises InputError."""
    found = []
    for each in opinions:
        review_id, _, start = each.rpartition(":")
        if not review_id or not (start.isascii() and start.isdecimal()):
            raise InputError(f"opinions：“{each}”应写成 评论编号:起始位置，如 R-0123456789abcdef:0")
        found.append((review_id, int(start)))
    return found


def _target(to: str | None, *, out: bool) -> str | None:
    if out is (to is not None):
        raise InputError("to：写 --to 主题编号，或写 --out 移到未归类，两者写一个")
    return None if to == UNASSIGNED else to
