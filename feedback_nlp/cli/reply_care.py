"""Commands that `reply` adds: calls after a message was sent, opt-outs, wordings."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened, prepared
from feedback_nlp.cli.options import By, Database, Model, Reason, Workspace
from feedback_nlp.cli.reply_lines import call_lines, history_lines, wording_lines
from feedback_nlp.errors import InputError
from feedback_nlp.names import ANSWERED, TEMPLATE
from feedback_nlp.records import CHINA, Answered, Signature, TemplateKind
from feedback_nlp.settings import read_settings
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.callbacks import Called, list_callbacks, note_callback
from feedback_nlp.workflows.opt_out import Who, Wished, list_opt_outs, opt_in, opt_out
from feedback_nlp.workflows.reply_wordings import list_wordings, set_wording, wording_history

templates = typer.Typer(help="回复的文案模板：查看、修改、恢复、修改记录。", no_args_is_help=True)

User = Annotated[str | None, typer.Argument(help="用户编号，与来源一致；没有编号的用 --review")]
OfReview = Annotated[str | None, typer.Option("--review", help="这位用户的一条评论的编号")]
Limit = Annotated[int, typer.Option(min=1, max=1_000, help="最多列几个")]
KindName = Annotated[str, typer.Argument(help="哪一种模板，见 reply template show")]


def callbacks(
    as_of: Annotated[
        str | None, typer.Option(help="按哪一天算，如 2026-12-01；不写则为今天")
    ] = None,
    ticket: Annotated[str | None, typer.Option(help="只看这张工单")] = None,
    limit: Limit = 50,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """列出到期的回访：通知后第 7 天和第 30 天，过期最久的在前；最后是满意的比例。"""
    with errors_as_exit_codes():
        day = now().astimezone(CHINA).date() if as_of is None else _day(as_of)
        with (
            prepared(db, model=model, workspace=workspace) as setup,
            reading(setup.engine) as session,
        ):
            found = list_callbacks(
                session,
                setup.workspace,
                day,
                Page(limit),
                taxonomy=setup.taxonomy,
                model=setup.classifier.version,
                ticket_id=ticket,
            )
    for line in call_lines(found):
        typer.echo(line)


def called(
    review_id: Annotated[str, typer.Argument(metavar="REVIEW", help="评论编号，见 callbacks")],
    day: Annotated[int, typer.Option(help="第几天的回访：7 或 30")],
    result: Annotated[str, typer.Option(help="satisfied、unsolved 或 unreached")],
    by: By,
    ticket: Annotated[str | None, typer.Option(help="工单编号；通知过几张时必须写")] = None,
    text: Annotated[str, typer.Option(help="用户怎么说，会脱敏；可以不写")] = "",
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """记下一次回访的结果：满意、还没解决、没联系上。没联系上的可以再记。"""
    with errors_as_exit_codes():
        answer = chosen(Answered, ANSWERED, result, refusal=f"没有结果“{result}”")
        said = Called(review_id, day, answer or Answered.UNREACHED, ticket, text)
        with opened(db) as engine, transaction(engine) as session:
            signature = Signature(by, now(), reason)
            sent = note_callback(session, named_workspace(workspace), said, signature)
    shown = ANSWERED[sent.result] if sent.result else ""
    typer.echo(f"已记下 {sent.ticket_id} 第 {day} 天的回访：{shown}")


def opt_out_(
    by: By,
    user: User = None,
    review: OfReview = None,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """这位用户不愿收到消息：从此不在任何名单和回访里。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        signature, key = Signature(by, now(), reason), _key()
        name, who = named_workspace(workspace), Who(user, review)
        done = opt_out(session, name, who, signature, key=key)
    typer.echo(f"已记下这位用户不愿收到消息（{_known(done)}）")
    if not done.reviews:
        typer.echo("提示：还没有这个编号的用户的评论；请核对编号", err=True)


def opt_in_(
    by: By,
    user: User = None,
    review: OfReview = None,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """这位用户又愿意收到消息了。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        signature, key = Signature(by, now(), reason), _key()
        name, who = named_workspace(workspace), Who(user, review)
        done = opt_in(session, name, who, signature, key=key)
    typer.echo(f"已恢复：这位用户可以收到消息（{_known(done)}）")


def opt_outs_(limit: Limit = 50, db: Database = None, workspace: Workspace = None) -> None:
    """列出不愿收到消息的用户：编号、何时、谁记的、原因。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = list_opt_outs(session, named_workspace(workspace), Page(limit))
    for wish in found.wishes:
        day = wish.at.astimezone(CHINA).date().isoformat()
        reason = f"  {wish.reason}" if wish.reason else ""
        typer.echo(f"{wish.user}  {day}  {wish.author}{reason}")
    shown = f"，以上是前 {len(found.wishes)} 位" if found.total > len(found.wishes) else ""
    typer.echo(f"共 {found.total} 位{shown}")


@templates.command()
def show(
    kind: Annotated[str | None, typer.Argument(help="只看这一种；不写则全部")] = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出文案模板：用途、最多几个字、是自带的还是谁改的、内容。"""
    with errors_as_exit_codes():
        only = None if kind is None else _kind(kind)
        with opened(db) as engine, reading(engine) as session:
            found = list_wordings(session, named_workspace(workspace))
    for wording in found:
        if only in {None, wording.kind}:
            for line in wording_lines(wording):
                typer.echo(line)


@templates.command("set")
def set_(
    kind: KindName,
    by: By,
    text: Annotated[str | None, typer.Option(help="内容；可用的占位符见文档")] = None,
    file: Annotated[Path | None, typer.Option(help="从这个文件读内容，UTF-8")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="恢复为自带的模板")] = False,  # noqa: FBT002
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """修改一种模板，或恢复为自带的；占位符写错、太长、作了许诺的都不收。"""
    with errors_as_exit_codes():
        wanted = _kind(kind)
        if sum((text is not None, file is not None, reset)) != 1:
            raise InputError("请用 --text 或 --file 写内容，或用 --reset 恢复，只写一个")
        content = _content(file) if file else text
        with opened(db) as engine, transaction(engine) as session:
            name, signature = named_workspace(workspace), Signature(by, now(), reason)
            done = set_wording(session, name, wanted, content, signature)
    typer.echo("已保存" if done.changed else "与现在的模板相同，没有改动")
    for line in wording_lines(done.wording):
        typer.echo(line)


@templates.command()
def history(kind: KindName, db: Database = None, workspace: Workspace = None) -> None:
    """列出一种模板的修改，最近的在前。"""
    with errors_as_exit_codes():
        wanted = _kind(kind)
        with opened(db) as engine, reading(engine) as session:
            found = wording_history(session, named_workspace(workspace), wanted)
    for change in found:
        for line in history_lines(change):
            typer.echo(line)
    typer.echo(f"共 {len(found)} 次修改")


def _kind(word: str) -> TemplateKind:
    return chosen(TemplateKind, TEMPLATE, word, refusal=f"没有模板“{word}”") or TemplateKind.SERVICE


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"--file：{file} 不是 UTF-8 编码的文本") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"--as-of：“{text}”不是日期，请写成 2026-12-01 这样") from None


def _key() -> str:
    return read_settings().pseudonym_key.get_secret_value()


def _known(done: Wished) -> str:
    return f"{done.reviews} 条评论"
