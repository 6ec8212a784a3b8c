"""Replies: whom to tell that a problem is fixed, what to say, what was sent."""

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import reply_care
from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened, prepared
from feedback_nlp.cli.options import By, Database, Model, Reason, Workspace
from feedback_nlp.cli.reply_care import Limit
from feedback_nlp.cli.reply_lines import audience_lines, draft_lines, sent_line
from feedback_nlp.errors import InputError
from feedback_nlp.names import ANSWERED, REPLY_STYLE
from feedback_nlp.records import Answered, Signature
from feedback_nlp.replies.drafts import Style
from feedback_nlp.reports.reply_tables import replies_csv
from feedback_nlp.reports.write import write_atomically
from feedback_nlp.storage import sends
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_replies import DraftPage, draft_replies, to_tell
from feedback_nlp.workflows.note_sent import Sending, note_sent
from feedback_nlp.workflows.release_notes import release_note

app = typer.Typer(
    help="回复：谁的问题解决了、怎样告诉他们，记录、回访、退订、文案模板。", no_args_is_help=True
)

TicketId = Annotated[str, typer.Argument(help="工单编号，如 K-0001")]
Early = Annotated[
    bool, typer.Option("--early", help="已发布、还没有验证时也列出；文案只说已发布新版本")
]
StyleName = Annotated[
    str | None,
    typer.Option("--kind", help="都写成 app_store（公开回复）或 service（客服话术）；不写则看渠道"),
]
ReviewIds = Annotated[
    list[str] | None, typer.Option("--review", help="回复了哪条评论；可写多次，与 --all 选一个")
]
Skip = Annotated[bool, typer.Option("--skip-opted-out", help="略过不愿收到消息的用户，不写则拒绝")]
ALL = Page(limit=1_000_000_000)


@app.command("list")
def list_(
    ticket_id: TicketId,
    early: Early = False,  # noqa: FBT002
    limit: Limit = 50,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """列出要通知的用户：每人一行，等级高的、严重的、最近的在前；写明谁没有列入、为什么。"""
    with (
        errors_as_exit_codes(),
        prepared(db, model=model, workspace=workspace) as setup,
        reading(setup.engine) as session,
    ):
        name, version = setup.workspace, setup.classifier.version
        found = to_tell(session, name, ticket_id, Page(limit), model=version, early=early)
    for line in audience_lines(found):
        typer.echo(line)


@app.command()
def draft(
    ticket_id: TicketId,
    kind: StyleName = None,
    early: Early = False,  # noqa: FBT002
    limit: Limit = 50,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """给每位用户起草一条回复：应用商店和电商是公开回复，其余是客服话术；低分的先致歉。"""
    with errors_as_exit_codes():
        found = _drafts(ticket_id, kind, Page(limit), early, (db, model, workspace))
    for line in draft_lines(found):
        typer.echo(line)


@app.command()
def export(
    ticket_id: TicketId,
    out: Annotated[Path, typer.Option(help="写到这个 CSV 文件，Excel 可以直接打开")],
    kind: StyleName = None,
    early: Early = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """把全部草稿写成 CSV：评论编号、渠道、对方系统里的编号、用户、原话、回复。"""
    with errors_as_exit_codes():
        found = _drafts(ticket_id, kind, ALL, early, (db, model, workspace))
        write_atomically(out, replies_csv(ticket_id, found.drafts))
    typer.echo(f"{out}: {len(found.drafts)} 条")


@app.command()
def sent(
    ticket_id: TicketId,
    by: By,
    review: ReviewIds = None,
    all_: Annotated[bool, typer.Option("--all", help="名单里的用户都通知过了")] = False,  # noqa: FBT002
    text: Annotated[str | None, typer.Option(help="实际发出的文字；不写则按草稿记")] = None,
    channel: Annotated[str | None, typer.Option(help="从哪里发的；不写则为评论的渠道")] = None,
    result: Annotated[str | None, typer.Option(help="satisfied、unsolved 或 unreached")] = None,
    kind: StyleName = None,
    skip_opted_out: Skip = False,  # noqa: FBT002
    early: Early = False,  # noqa: FBT002
    reason: Reason = "",
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """记下已经通知了谁；程序自己不发消息。同一次修复每位用户只通知一次。"""
    with errors_as_exit_codes():
        if bool(review) == all_:
            raise InputError("请用 --review 指明回复了哪些评论，或用 --all 表示名单里的都通知了")
        answered = chosen(Answered, ANSWERED, result, refusal=f"没有结果“{result}”")
        reviews = None if all_ else tuple(review or ())
        sending = Sending(
            ticket_id, reviews, text, channel, answered, early, skip_opted_out, _style(kind)
        )
        with (
            prepared(db, model=model, workspace=workspace) as setup,
            transaction(setup.engine) as session,
        ):
            noted = note_sent(
                session,
                setup.workspace,
                sending,
                Signature(by, now(), reason),
                taxonomy=setup.taxonomy,
                model=setup.classifier.version,
            )
    skipped = f"，略过 {noted.left_out} 位不愿收到消息的" if noted.left_out else ""
    if noted.again:
        typer.echo(f"刚才已经记过这 {len(noted.sent)} 位用户，没有重复记")
    else:
        typer.echo(f"已记下通知了 {len(noted.sent)} 位用户{skipped}；第 7 天和第 30 天回访")


@app.command()
def log(
    ticket: Annotated[str | None, typer.Option(help="只看这张工单")] = None,
    limit: Limit = 50,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出发过的消息和回访，最近的在前：时间、谁记的、工单、渠道、评论、结果、文字。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        name = named_workspace(workspace)
        found = sends.every(session, name, limit=limit, ticket_id=ticket)
        total = sends.count(session, name, ticket_id=ticket)
    for each in found:
        typer.echo(sent_line(each))
    shown = f"，以上是最近 {len(found)} 条" if total > len(found) else ""
    typer.echo(f"共 {total} 条{shown}")


@app.command()
def notes(
    version: Annotated[str, typer.Option(help="版本，与 release list 里的一字不差")],
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """写一个版本的更新说明：列出它解决的主题，不含任何一位用户的原话。"""
    with (
        errors_as_exit_codes(),
        prepared(db, model=model, workspace=workspace) as setup,
        reading(setup.engine) as session,
    ):
        name, labels = setup.workspace, setup.taxonomy
        note = release_note(session, name, version, taxonomy=labels, model=setup.classifier.version)
    typer.echo(note.text)


app.command()(reply_care.callbacks)
app.command()(reply_care.called)
app.command("opt-out")(reply_care.opt_out_)
app.command("opt-in")(reply_care.opt_in_)
app.command("opt-outs")(reply_care.opt_outs_)
app.add_typer(reply_care.templates, name="template")


def _drafts(
    ticket_id: str,
    kind: str | None,
    page: Page,
    early: bool,  # noqa: FBT001 (passed on as it was asked for)
    where: tuple[str | None, str | None, str | None],
) -> DraftPage:
    db, model, workspace = where
    style = _style(kind)
    with (
        prepared(db, model=model, workspace=workspace) as setup,
        reading(setup.engine) as session,
    ):
        return draft_replies(
            session,
            setup.workspace,
            ticket_id,
            page,
            taxonomy=setup.taxonomy,
            model=setup.classifier.version,
            early=early,
            style=style,
        )


def _style(kind: str | None) -> Style | None:
    return chosen(Style, REPLY_STYLE, kind, refusal=f"没有“{kind}”这种回复")
