"""What people do to tickets, and the week in review."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.etags import SeenRevision, expected
from api.repeats import RepeatableRoute
from api.routes.tickets import TicketId
from api.schemas.problem import problems
from api.schemas.ticket_changes import (
    ProgressIn,
    TicketAssignIn,
    TicketCommentIn,
    TicketEditIn,
    TicketMoveIn,
)
from api.schemas.tickets import ProgressOut, TicketEventOut, TicketOut
from api.ticket_shapes import event_out, progress_out, ticket_out
from feedback_nlp.records import Signature
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows import browse_tickets, change_ticket
from feedback_nlp.workflows.change_ticket import TicketEdit

router = APIRouter(tags=["工单"], route_class=RepeatableRoute)

ProgressQuery = Annotated[ProgressIn, Query()]
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = problems(400, 404, 409, 412, 413, 422, 503)
_TICKET: Final = "/tickets/{ticket_id}"


@router.post(f"{_TICKET}/move", summary="移动工单的状态", responses=_PROBLEMS)
def move(
    ticket_id: TicketId,
    body: TicketMoveIn,
    session: WriteSession,
    setup: OpenSetup,
    now: Now,
    in_header: SeenRevision,
) -> TicketOut:
    """移到另一个状态。不允许的移动、别人刚改过：409，并说明可以移到哪些、谁改了什么。

    用 If-Match 代替 `expected_revision` 时，别人刚改过是 412。
    """
    by = Signature(body.author, now, body.reason)
    seen = expected(in_header, body.expected_revision)
    return ticket_out(
        change_ticket.move_ticket(session, setup.workspace, ticket_id, body.to, by, expected=seen)
    )


@router.post(f"{_TICKET}/assign", summary="分派工单", responses=_PROBLEMS)
def assign(
    ticket_id: TicketId,
    body: TicketAssignIn,
    session: WriteSession,
    setup: OpenSetup,
    now: Now,
    in_header: SeenRevision,
) -> TicketOut:
    """分派给一个人、一个部门，或都写；与现在相同的不改变什么。

    别人刚改过：409，用 If-Match 是 412。
    """
    assigned = change_ticket.assign_ticket(
        session,
        setup.workspace,
        ticket_id,
        Signature(body.author, now, body.reason),
        owner=body.owner,
        department=body.department,
        expected=expected(in_header, body.expected_revision),
    )
    return ticket_out(assigned)


@router.patch(_TICKET, summary="修改一张工单", responses=_PROBLEMS)
def edit(
    ticket_id: TicketId,
    body: TicketEditIn,
    session: WriteSession,
    setup: OpenSetup,
    now: Now,
    in_header: SeenRevision,
) -> TicketOut:
    """修改标题、责任部门、截止日期、验证目标，或交还草稿。别人刚改过：409，用 If-Match 是 412。"""
    by = Signature(body.author, now, body.reason)
    seen = expected(in_header, body.expected_revision)
    wish = TicketEdit(body.title, body.department, body.due, body.target, frozenset(body.defaults))
    return ticket_out(
        change_ticket.edit_ticket(session, setup.workspace, ticket_id, wish, by, expected=seen)
    )


@router.post(
    f"{_TICKET}/comments",
    status_code=201,
    summary="写一条备注",
    responses=problems(400, 404, 413, 422, 503),
)
def comment(
    ticket_id: TicketId, body: TicketCommentIn, session: WriteSession, setup: OpenSetup, now: Now
) -> TicketEventOut:
    """写一条备注，个人信息会被遮住；工单的版本不变。"""
    by = Signature(body.author, now)
    return event_out(
        change_ticket.comment_ticket(session, setup.workspace, ticket_id, body.text, by)
    )


@router.get("/progress", summary="一周的进展", responses=problems(422, 503))
def progress(query: ProgressQuery, session: ReadSession, setup: OpenSetup, now: Now) -> ProgressOut:
    """按责任部门：已完成（是否根治）、未完成和原因、下周计划。原因是有人写下的，没有就为 null。"""
    week = query.week or day_of(now)
    return progress_out(browse_tickets.progress(session, setup.workspace, week=week))
