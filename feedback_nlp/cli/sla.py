"""How fast complaints are answered and resolved, what is late, and who looks into it."""

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened, prepared
from feedback_nlp.cli.options import By, Database, Model, Reason, Workspace
from feedback_nlp.cli.sla_lines import due_lines, list_lines, standing_lines
from feedback_nlp.errors import InputError
from feedback_nlp.names import ANSWERED, KIND
from feedback_nlp.priority.policy_values import read_topic
from feedback_nlp.records import CHINA, Answered, ReviewKind, Signature
from feedback_nlp.sla.limits import Told
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.tabular.times import parse_time
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_sla import (
    MOST_DAYS,
    SLA_DAYS,
    Wanted,
    Which,
    list_sla,
    sla_standing,
)
from feedback_nlp.workflows.escalate import close_escalation
from feedback_nlp.workflows.note_answer import note_answer
from feedback_nlp.workflows.sla_due import sla_due

app = typer.Typer(help="时限：及时率和解决率，超时、快到期和升级的投诉。", no_args_is_help=True)

MOST: Final = 1_000
_END: Final = datetime(2100, 12, 31, tzinfo=UTC)

AsOf = Annotated[str | None, typer.Option("--as-of", help="看这个时刻，不写为现在")]
Days = Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="算最近几天来的，从那个时刻往回数")]
Overdue = Annotated[bool, typer.Option("--overdue", help="超时还没有答复的；不写也是它")]
Soon = Annotated[bool, typer.Option("--soon", help="快到期的")]
Escalated = Annotated[bool, typer.Option("--escalated", help="升级了还没有处理的")]
Limit = Annotated[int, typer.Option(min=1, max=MOST, help="最多列几件")]
Time = Annotated[str, typer.Argument(metavar="TIME", help="何时来的，如 '2026-03-06 17:30'")]
Tier = Annotated[str | None, typer.Option(help="客户等级，如 A")]
Kind = Annotated[str, typer.Option(help="来源：ticket、chat、review、survey 或 post")]
From = Annotated[str, typer.Option("--channel", help="渠道")]
Topic = Annotated[str | None, typer.Option(help="话题代码，如 logistics.speed")]
ReviewId = Annotated[str, typer.Argument(help="评论编号，见 sla list --escalated")]

AnyReview = Annotated[str, typer.Argument(metavar="REVIEW", help="评论编号，见 sla list")]


@app.command()
def show(
    days: Days = SLA_DAYS,
    as_of: AsOf = None,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """列出及时率、解决率、答复用时，按等级、部门、渠道、上限、来源分开；现在超时的有几件。"""
    with errors_as_exit_codes():
        moment = _moment(as_of)
        with (
            prepared(db, model=model, workspace=workspace) as setup,
            reading(setup.engine) as session,
        ):
            found = sla_standing(
                session,
                setup.workspace,
                model=setup.classifier.version,
                now=moment,
                taxonomy=setup.taxonomy,
                days=days,
            )
    for line in standing_lines(found, days=days):
        typer.echo(line)


@app.command("list")
def list_(
    overdue: Overdue = False,  # noqa: FBT002 (a flag)
    soon: Soon = False,  # noqa: FBT002 (a flag)
    escalated: Escalated = False,  # noqa: FBT002 (a flag)
    limit: Limit = 50,
    as_of: AsOf = None,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """逐条列出超时、快到期或升级的投诉和负面评价，最紧急的在前，附原话。"""
    with errors_as_exit_codes():
        asked = {Which.OVERDUE: overdue, Which.SOON: soon, Which.ESCALATED: escalated}
        named = [which for which, is_asked in asked.items() if is_asked] or [Which.OVERDUE]
        if len(named) > 1:
            raise InputError("--overdue、--soon、--escalated 一次只能写一个")
        moment, wanted = _moment(as_of), Wanted(named[0], Page(limit))
        with (
            prepared(db, model=model, workspace=workspace) as setup,
            reading(setup.engine) as session,
        ):
            found = list_sla(
                session,
                setup.workspace,
                wanted,
                model=setup.classifier.version,
                now=moment,
                taxonomy=setup.taxonomy,
            )
    for line in list_lines(found, wanted.which, limit=limit):
        typer.echo(line)


@app.command()
def due(
    time: Time,
    tier: Tier = None,
    kind: Kind = ReviewKind.TICKET.value,
    channel: From = "",
    topic: Topic = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """算一件投诉最晚何时答复、何时解决，用来核对日历和上限；什么也不保存。"""
    with errors_as_exit_codes():
        chosen_kind = chosen(ReviewKind, KIND, kind, refusal=f"没有来源“{kind}”")
        taxonomy = load_taxonomy()
        told = Told(
            kind=chosen_kind or ReviewKind.TICKET,
            channel=channel,
            tier=tier,
            topics=() if topic is None else (read_topic(topic, taxonomy),),
            negative=True,
            complaint=True,
        )
        at = _read("TIME", time, until=_END)
        with opened(db) as engine, reading(engine) as session:
            found = sla_due(session, named_workspace(workspace), told, at=at, taxonomy=taxonomy)
    for line in due_lines(found):
        typer.echo(line)


@app.command()
def answer(
    review_id: AnyReview,
    by: By,
    text: Annotated[str, typer.Option(help="实际的答复；打电话的可以不写")] = "",
    at: Annotated[str | None, typer.Option(help="何时答复的，不写为现在")] = None,
    result: Annotated[str | None, typer.Option(help="satisfied、unsolved 或 unreached")] = None,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """记下一条评论已经答复，算首次答复；程序自己不发消息。结果是 satisfied 的也算解决。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        moment = now()
        done = note_answer(
            session,
            named_workspace(workspace),
            (review_id, text),
            Signature(by, moment, reason),
            at=None if at is None else _read("--at", at, until=moment),
            result=chosen(Answered, ANSWERED, result, refusal=f"没有结果“{result}”"),
        )
    typer.echo(f"已记下：{done.review_id} {done.at.astimezone(CHINA):%Y-%m-%d %H:%M} {done.author}")


@app.command()
def close(
    review_id: ReviewId,
    by: By,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """写下一件升级的投诉已经处理：从此算解决，不再列出。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        signature = Signature(by, now(), reason)
        done = close_escalation(session, named_workspace(workspace), review_id, signature)
    typer.echo(f"已处理：{done.review_id}，{done.closed_by}")


def _moment(as_of: str | None) -> datetime:
    return now() if as_of is None else _read("--as-of", as_of, until=now())


def _read(option: str, text: str, *, until: datetime) -> datetime:
    try:
        return parse_time(text, now=until)
    except ValueError as error:
        raise InputError(f"{option}：{error}") from None
