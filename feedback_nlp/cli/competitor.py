"""Commands about products of other companies."""

from collections.abc import Iterator
from typing import Annotated

import typer

from feedback_nlp.cli.alerts import MOST_DAYS
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened, prepared
from feedback_nlp.cli.options import By, Database, Model, Reason, Workspace
from feedback_nlp.names import COMPARED
from feedback_nlp.records import CHINA, Signature
from feedback_nlp.reports.gaps import FOUND, gap_text, level_text, quote_lines, share_text
from feedback_nlp.reports.wording import number
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.compare_products import (
    Asked,
    Basis,
    Comparison,
    Rivalry,
    TopicGap,
    Window,
    compare_products,
)
from feedback_nlp.workflows.mark_competitor import (
    Product,
    list_products,
    mark_competitor,
    unmark_competitor,
)

app = typer.Typer(help="竞品：标记别家的产品，与它们对比。", no_args_is_help=True)

ProductName = Annotated[str, typer.Argument(help="产品名，与评论里的一字不差，见 competitor list")]
Days = Annotated[
    int | None,
    typer.Option(min=1, max=MOST_DAYS, help="只看最近几天，从共同时间的最后一天往回数"),
]
All = Annotated[bool, typer.Option("--all", help="看不出差别的、样本太少的也列出")]


@app.command()
def mark(
    product: ProductName,
    by: By,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """标记：这是别家的产品，评论照常保存和标注，但不计入本品。主题和工单下次 plan 生效。"""
    with errors_as_exit_codes(), opened(db) as engine:
        signature = Signature(by, now(), reason)
        done = mark_competitor(engine, named_workspace(workspace), product, signature)
    typer.echo(f"已标记竞品“{done.name}”，现有 {done.reviews} 条评论；主题和工单下次 plan 生效")
    if not done.reviews:
        typer.echo(
            f"提示：还没有产品名是“{done.name}”的评论；用 competitor list 查看产品名", err=True
        )


@app.command()
def unmark(
    product: ProductName,
    by: By,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """取消标记：这是本品，评论重新计入。主题和工单下次 plan 生效。"""
    with errors_as_exit_codes(), opened(db) as engine:
        signature = Signature(by, now(), reason)
        done = unmark_competitor(engine, named_workspace(workspace), product, signature)
    typer.echo(f"已取消标记“{done.name}”，{done.reviews} 条评论重新计入；下次 plan 生效")


@app.command("list")
def list_(db: Database = None, workspace: Workspace = None) -> None:
    """列出评论里出现过的全部产品名和评论数，竞品在前，写明谁在何时为什么标记。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = list_products(session, named_workspace(workspace))
    for product in found:
        typer.echo(_product_line(product))
    rivals = sum(product.competitor is not None for product in found)
    typer.echo(f"共 {len(found)} 个产品名，其中 {rivals} 个是竞品；没有写产品名的评论算本品")


@app.command()
def compare(
    product: Annotated[str | None, typer.Option(help="只与这个竞品比；不写则与全部竞品比")] = None,
    days: Days = None,
    all_: All = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """与竞品对比：每个话题上抱怨的用户占多大比例，差多少，是不是偶然；附双方原话。"""
    with (
        errors_as_exit_codes(),
        prepared(db, model=model, workspace=workspace) as setup,
        reading(setup.engine) as session,
    ):
        found = compare_products(
            session,
            setup.workspace,
            setup.taxonomy,
            Asked(product, days),
            model=setup.classifier.version,
        )
    for rivalry in found.rivals:
        for line in _rivalry_lines(rivalry, all_=all_):
            typer.echo(line)
    typer.echo(_total(found))


def _product_line(product: Product) -> str:
    reviews = f"{product.name}  {number(product.reviews)} 条评论"
    told = product.competitor
    if told is None:
        return reviews
    day = told.at.astimezone(CHINA).date().isoformat()
    reason = f"：{told.reason}" if told.reason else ""
    return f"{reviews}  竞品（{day} {told.author or '未署名'}{reason}）"


def _rivalry_lines(rivalry: Rivalry, *, all_: bool) -> Iterator[str]:
    ours, theirs = rivalry.ours, rivalry.theirs
    yield (
        f"竞品“{rivalry.product}”，{_window_text(rivalry.window)}："
        f"我们 {number(ours.users)} 位用户（{number(ours.reviews)} 条评论），"
        f"他们 {number(theirs.users)} 位（{number(theirs.reviews)} 条）"
    )
    shown = [row for row in rivalry.topics if all_ or row.gap.contrast in FOUND]
    for row in shown:
        yield from _topic_lines(row)
    if not shown:
        yield "  没有能确认的差别" + ("" if all_ else "；--all 列出全部话题")


def _window_text(window: Window) -> str:
    return {
        Basis.OVERLAP: f"双方都有评论的时间 {window.first} 到 {window.last}",
        Basis.UNDATED: "有一方的评论没有时间，比较全部评论",
        Basis.APART: "双方的评论时间没有重叠，无法比较",
    }[window.basis]


def _topic_lines(row: TopicGap) -> Iterator[str]:
    ours, theirs = row.ours, row.theirs
    yield (
        f"  {COMPARED[row.gap.contrast]}  {row.code} {row.name}  "
        f"我们 {share_text(ours.count, ours.of)}  他们 {share_text(theirs.count, theirs.of)}  "
        f"{gap_text(row.gap)}"
    )
    yield from quote_lines("我们", ours.quotes)
    yield from quote_lines("他们", theirs.quotes)


def _total(found: Comparison) -> str:
    if not found.rivals:
        return "还没有标记竞品；用 competitor list 查看产品名，competitor mark 标记"
    called = sum(row.gap.contrast in FOUND for each in found.rivals for row in each.topics)
    return (
        f"同时比较了 {found.tests} 项，确认 {called} 项有差别；"
        f"区间已按此放宽到 {level_text(found.level)}，q 不超过 0.05 才算有差别"
    )
