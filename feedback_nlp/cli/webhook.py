"""Webhooks: added, listed, removed; what they were told."""

from typing import Annotated, Final

import typer

from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes, one_line
from feedback_nlp.cli.opening import named_workspace, now, opened
from feedback_nlp.cli.options import By, Database, Workspace
from feedback_nlp.names import EVENT
from feedback_nlp.records import CHINA, Delivery, EventKind, Signature
from feedback_nlp.settings import read_settings
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.keyset import Part
from feedback_nlp.workflows import manage_hooks

app = typer.Typer(
    help="Webhook：有事时告诉别的系统；加、列出、删除，看发了没有，再发一次。", no_args_is_help=True
)

Number = Annotated[int, typer.Argument(help="webhook 编号，见 webhook list")]
Url = Annotated[str, typer.Argument(help="https 网址，不能指向内部网络")]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", help="哪些事，如 ticket.changed，可写多次；不写为全部"),
]
EventId = Annotated[str, typer.Argument(help="消息编号，见 webhook deliveries")]
Limit = Annotated[int, typer.Option(min=1, max=1_000, help="最多列出几次投递")]
_SHOWN: Final = 20


@app.command()
def add(
    url: Url, by: By, event: Events = None, db: Database = None, workspace: Workspace = None
) -> None:
    """加一个网址：从现在起发生的事由常驻的 work 发给它。密钥只显示这一次。"""
    with errors_as_exit_codes():
        guard = read_settings().webhook_guard
        events = tuple(
            kind
            for each in event or []
            if (kind := chosen(EventKind, EVENT, each, refusal=f"没有事件“{each}”"))
        )
        manage_hooks.check_target(url, guard)
        with opened(db) as engine, transaction(engine) as session:
            wish = manage_hooks.NewHook(url, events)
            name, signature = named_workspace(workspace), Signature(by, now())
            made = manage_hooks.add_hook(session, name, wish, signature, guard=guard)
    typer.echo(f"已添加 webhook {made.hook.number}：{made.hook.url}")
    typer.echo(f"密钥（只显示这一次）：{made.secret}")


@app.command("list")
def list_(db: Database = None, workspace: Workspace = None) -> None:
    """列出 webhook：网址，发哪些事，谁在何时加的。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = manage_hooks.list_hooks(session, named_workspace(workspace))
    for each in found:
        names = " ".join(each.events)
        at = f"{each.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        typer.echo(f"{each.number}\t{each.url}\t{names}\t{each.author}\t{at}")
    typer.echo(f"共 {len(found)} 个 webhook")


@app.command()
def remove(number: Number, by: By, db: Database = None, workspace: Workspace = None) -> None:
    """删除一个 webhook；还没送达的也不再发。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        name = named_workspace(workspace)
        manage_hooks.remove_hook(session, name, number, Signature(by, now()))
    typer.echo(f"已删除 webhook {number}")


@app.command()
def deliveries(
    number: Number, limit: Limit = _SHOWN, db: Database = None, workspace: Workspace = None
) -> None:
    """列出发给一个 webhook 的事，新的在前：送达、等待还是放弃，为什么失败。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = manage_hooks.list_deliveries(
            session, named_workspace(workspace), number, Part(limit)
        )
    for each in found:
        typer.echo(one_line(f"{each.event_id} {_told(each)}"))


@app.command()
def retry(
    number: Number, event_id: EventId, db: Database = None, workspace: Workspace = None
) -> None:
    """再发一次，已放弃和已送达的都可以；由常驻的 work 发出。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        name = named_workspace(workspace)
        manage_hooks.deliver_again(session, name, number, event_id, now=now())
    typer.echo(f"{event_id} 将由 work 尽快再发")


def _told(each: Delivery) -> str:
    if each.next_at is not None:
        due = f"{each.next_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
        state = f"等待，{due} 发送"
    elif each.delivered_at is not None:
        state = f"{each.delivered_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S} 送达"
    else:
        state = "已放弃"
    fault = f"：{each.fault}" if each.fault else ""
    return f"{state}，试过 {each.attempts} 次{fault}"
