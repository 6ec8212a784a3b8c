"""Commands about opinions and what people say against their labels."""

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes, one_line
from feedback_nlp.cli.opening import named_workspace, now, opened, prepared
from feedback_nlp.cli.options import Database, Model, Workspace
from feedback_nlp.names import INTENT, POLARITY, UNCERTAIN
from feedback_nlp.records import CHINA, Intent, Labels, PlainLabels, Polarity
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.label_corrections import StoredCorrection
from feedback_nlp.workflows.correct_opinions import (
    Wish,
    correct_opinion,
    export_corrections,
    list_corrections,
    list_opinions,
)

app = typer.Typer(help="观点：查看标签，改正标签；人改的胜过任何模型。", no_args_is_help=True)

Review = Annotated[str, typer.Argument(help="评论编号，如 R-0123456789abcdef")]
At = Annotated[int, typer.Option(help="观点从第几个字开始，见 opinion list")]


@app.command("list")
def list_(
    review: Review, db: Database = None, model: Model = None, workspace: Workspace = None
) -> None:
    """列出一条评论的观点：位置、标签、是否人工改过、原文，以及标签出自哪个模型。"""
    with (
        errors_as_exit_codes(),
        prepared(db, model=model, workspace=workspace) as setup,
        reading(setup.engine) as session,
    ):
        found = list_opinions(session, setup.workspace, review, model=setup.classifier.version)
    for each in found.annotation.opinions:
        by_hand = "  人工" if (each.start, each.end) in found.corrected else ""
        typer.echo(
            f"{each.start}-{each.end}  {_labels(each.labels)}{by_hand}  {one_line(each.text)}"
        )
    typer.echo(f"共 {len(found.annotation.opinions)} 个观点，模型 {found.annotation.model}")


@app.command()
def correct(
    review: Review,
    at: At,
    polarity: Annotated[str | None, typer.Option(help="情感：neg、neu 或 pos")] = None,
    intent: Annotated[str | None, typer.Option(help=f"意图：{'、'.join(INTENT)}")] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="话题代码，可写多次，最主要的在前")
    ] = None,
    severity: Annotated[int | None, typer.Option(help="严重程度：负面为 1 到 3，其余为 0")] = None,
    reason: Annotated[str, typer.Option(help="原因，记入记录；不要写个人信息")] = "",
    author: Annotated[str, typer.Option(help="谁改的，记入记录")] = "",
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """改正一个观点的标签，只改写出的那些；换模型重新分析后仍然有效。主题和工单下次 plan 生效。"""
    with errors_as_exit_codes():
        said = PlainLabels(
            polarity=chosen(Polarity, POLARITY, polarity, refusal=f"polarity 不能是“{polarity}”"),
            intent=chosen(Intent, INTENT, intent, refusal=f"intent 不能是“{intent}”"),
            topics=tuple(topic or ()),
            severity=severity,
        )
        wish = Wish(review, at, said, author, reason)
        with (
            prepared(db, model=model, workspace=workspace) as setup,
            transaction(setup.engine) as session,
        ):
            labels = correct_opinion(
                session,
                setup.workspace,
                wish,
                setup.taxonomy,
                model=setup.classifier.version,
                now=now(),
            )
    typer.echo(f"已改为：{_labels(labels)}；主题和工单下次 plan 生效")


@app.command()
def corrections(
    export: Annotated[Path | None, typer.Option(help="写成训练用的 JSONL，不列出")] = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出全部改正，先后为序：时间、位置、谁改的、改了什么、对哪个模型的标签、原因。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        name = named_workspace(workspace)
        if export is not None:
            written = export_corrections(session, name, export)
            typer.echo(f"{export}: {written} 行")
            return
        found = list_corrections(session, name)
    for each in found:
        typer.echo(_line(each))
    typer.echo(f"共 {len(found)} 次改正")


def _labels(labels: Labels) -> str:
    chance = getattr(labels.probabilities, labels.polarity)
    unsure = f"（{UNCERTAIN}）" if labels.uncertain else ""
    return (
        f"{POLARITY[labels.polarity]} {chance:.2f}{unsure}，{INTENT[labels.intent]}，"
        f"严重程度 {labels.severity}，{'、'.join(topic.code for topic in labels.topics)}"
    )


def _line(stored: StoredCorrection) -> str:
    one = stored.correction
    said, seen = one.said, one.seen
    changes = [
        f"{name} {_shown(before)} → {_shown(after)}"
        for name, before, after in (
            ("情感", seen.polarity, said.polarity),
            ("意图", seen.intent, said.intent),
            ("话题", seen.topics, said.topics or None),
            ("严重程度", seen.severity, said.severity),
        )
        if after is not None
    ]
    void = "" if stored.present else "（正文已改，不再生效）"
    reason = f"  {one_line(one.reason)}" if one.reason else ""
    return (
        f"{one.at.astimezone(CHINA):%Y-%m-%d %H:%M}  {one.review_id} {one.start}-{one.end}  "
        f"{one_line(one.author) or '未署名'}  {'，'.join(changes)}  {one.model}{void}{reason}"
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "、".join(value)
    return POLARITY.get(str(value)) or INTENT.get(str(value)) or str(value)
