"""Tickets: listed, shown, moved, assigned, edited, commented on, and the week in review."""

from typing import Annotated, Final

import typer

from feedback_nlp.cli.choices import chosen, day
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened
from feedback_nlp.cli.options import By, Database, Reason, Workspace
from feedback_nlp.cli.ticket_lines import (
    changed_line,
    event_line,
    file_lines,
    progress_lines,
    ticket_line,
)
from feedback_nlp.errors import InputError
from feedback_nlp.names import LANE
from feedback_nlp.records import Lane, Signature, Ticket, TicketState
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.tickets import Wanted
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows import browse_tickets, change_ticket
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.change_ticket import TicketEdit

app = typer.Typer(
    help="工单：列出、查看，移动状态，分派，修改，备注，记录，每周的进展。", no_args_is_help=True
)
MOST: Final = 1_000
DEFAULT: Final = "default"

TicketId = Annotated[str, typer.Argument(help="工单编号，如 K-0001")]
Expect = Annotated[
    int | None, typer.Option(min=0, help="你看到的是第几版；别人改过就不写入，并说明改了什么")
]
Limit = Annotated[int, typer.Option(min=1, max=MOST, help="最多列几张")]
Overdue = Annotated[bool, typer.Option("--overdue", help="只看今天以前到期、还没有发布的")]
OwnerOrNobody = Annotated[str | None, typer.Option("--owner", help='负责人；"" 为没有负责人')]


@app.command("list")
def list_(
    state: Annotated[
        str | None, typer.Option(help="只看一个状态，如 进行中 或 in_progress")
    ] = None,
    owner: OwnerOrNobody = None,
    department: Annotated[str | None, typer.Option(help="只看一个责任部门")] = None,
    lane: Annotated[str | None, typer.Option(help="只看一个通道，如 weekly")] = None,
    theme: Annotated[str | None, typer.Option(help="只看一个主题，如 T-0001")] = None,
    overdue: Overdue = False,  # noqa: FBT002
    limit: Limit = 50,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出工单，先到期的在前；还没有发布又过了截止日期的标明逾期。"""
    today = day_of(now())
    with errors_as_exit_codes():
        wanted = Wanted(
            None if state is None else state_of(state),
            owner,
            department,
            chosen(Lane, LANE, lane, refusal=f"没有通道“{lane}”"),
            theme,
            today if overdue else None,
        )
        with opened(db) as engine, reading(engine) as session:
            name = named_workspace(workspace)
            found = browse_tickets.list_tickets(session, name, Page(limit), wanted=wanted)
    for ticket in found.tickets:
        typer.echo(ticket_line(ticket, today))
    rest = f"，以上是前 {limit} 张" if found.total > limit else ""
    typer.echo(f"共 {found.total} 张工单{rest}")


@app.command()
def show(ticket_id: TicketId, db: Database = None, workspace: Workspace = None) -> None:
    """看一张工单的全部：内容、主题、证据、投入、发布、验证、记录，可以移到哪些状态。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = browse_tickets.find_ticket(session, named_workspace(workspace), ticket_id)
    for line in file_lines(found):
        typer.echo(line)


@app.command()
def history(ticket_id: TicketId, db: Database = None, workspace: Workspace = None) -> None:
    """列出一张工单的全部记录，草稿的更新也在内：何时、谁、改了什么、原因。"""
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = browse_tickets.find_ticket(session, named_workspace(workspace), ticket_id)
    for event in found.trail:
        typer.echo(event_line(event))


@app.command()
def move(
    ticket_id: TicketId,
    to: Annotated[str, typer.Argument(help="移到哪个状态，如 进行中 或 in_progress")],
    by: By,
    reason: Reason = "",
    expect: Expect = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """移到另一个状态；不允许的会列出可以移到哪些。移到挂起、不予实施、已验证要写明原因。"""
    with errors_as_exit_codes(), opened(db) as engine:
        state, by_whom = state_of(to), Signature(by, now(), reason)
        with transaction(engine) as session:
            name = named_workspace(workspace)
            moved = change_ticket.move_ticket(
                session, name, ticket_id, state, by_whom, expected=expect
            )
    typer.echo(changed_line(moved, f"已移到“{moved.state}”"))


@app.command()
def assign(
    ticket_id: TicketId,
    by: By,
    owner: OwnerOrNobody = None,
    department: Annotated[str | None, typer.Option(help="责任部门；以后的草稿不再改它")] = None,
    reason: Reason = "",
    expect: Expect = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """分派给一个人、一个部门，或都写。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        assigned = change_ticket.assign_ticket(
            session,
            named_workspace(workspace),
            ticket_id,
            Signature(by, now(), reason),
            owner=owner,
            department=department,
            expected=expect,
        )
    typer.echo(changed_line(assigned, _who(assigned)))


@app.command()
def edit(
    ticket_id: TicketId,
    by: By,
    due: Annotated[str | None, typer.Option(help="截止日期，如 2026-10-01")] = None,
    department: Annotated[str | None, typer.Option(help="责任部门")] = None,
    title: Annotated[str | None, typer.Option(help="标题，1 到 100 个字")] = None,
    target: Annotated[
        str | None, typer.Option(help="验证目标：发布后与发布前之比要低于它，大于 0、不超过 1")
    ] = None,
    reason: Reason = "",
    expect: Expect = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """修改一些字段，以后的草稿不再改它们；写 default 的交还草稿。"""
    with errors_as_exit_codes():
        given = {"due": due, "department": department, "title": title, "target": target}
        wish = _edit({name: text for name, text in given.items() if text is not None})
        with opened(db) as engine, transaction(engine) as session:
            name, by_whom = named_workspace(workspace), Signature(by, now(), reason)
            edited = change_ticket.edit_ticket(
                session, name, ticket_id, wish, by_whom, expected=expect
            )
    shown = f"{_who(edited)}，截止 {edited.due}，验证目标 {edited.target:g}，标题“{edited.title}”"
    typer.echo(changed_line(edited, shown))


@app.command()
def comment(
    ticket_id: TicketId,
    text: Annotated[str, typer.Argument(help="备注，最多 2000 个字，可以换行；个人信息会被遮住")],
    by: By,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """写一条备注，不改变工单。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        name, by_whom = named_workspace(workspace), Signature(by, now())
        written = change_ticket.comment_ticket(session, name, ticket_id, text, by_whom)
    typer.echo(event_line(written))


@app.command()
def progress(
    week: Annotated[
        str | None, typer.Option(help="这一天所在的周，如 2026-10-01；不写则为本周")
    ] = None,
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """看一周的进展，按部门：已完成（是否根治）、未完成和原因、下周计划。"""
    with errors_as_exit_codes():
        wanted = day_of(now()) if week is None else day("--week", week)
        with opened(db) as engine, reading(engine) as session:
            found = browse_tickets.progress(session, named_workspace(workspace), week=wanted)
    for line in progress_lines(found):
        typer.echo(line)


def state_of(word: str) -> TicketState:
    """Return the state with this name, Chinese or English; raises InputError."""
    name = word.strip().upper().replace("-", "_")
    for state in TicketState:
        if name in {state.name, state.value}:
            return state
    choices = "、".join(f"{state}（{state.name.lower()}）" for state in TicketState)
    raise InputError(f"没有状态“{word}”，可选：{choices}")


def _edit(given: dict[str, str]) -> TicketEdit:
    back = frozenset(name for name, text in given.items() if text.strip() == DEFAULT)
    kept = {name: text for name, text in given.items() if name not in back}
    due, target = kept.get("due"), kept.get("target")
    return TicketEdit(
        title=kept.get("title"),
        department=kept.get("department"),
        due=None if due is None else day("--due", due),
        target=None if target is None else _ratio(target),
        defaults=back,
    )


def _ratio(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"--target：“{text}”不是数字，请写成 0.8 这样") from None


def _who(ticket: Ticket) -> str:
    return f"负责人 {ticket.owner or '无'}，责任部门 {ticket.department}"
