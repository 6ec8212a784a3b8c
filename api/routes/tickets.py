"""Improvement tickets: lists, one with all that is known of it."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.dependencies import OpenSetup, ReadSession
from api.etags import tell_revision
from api.schemas.problem import problems
from api.schemas.ticket_changes import MAX_ID, TicketsIn
from api.schemas.tickets import TicketFileOut, TicketsOut
from api.ticket_shapes import file_out, tickets_out
from feedback_nlp.storage.tickets import Wanted
from feedback_nlp.workflows import browse_tickets
from feedback_nlp.workflows.browse import Page

router = APIRouter(prefix="/tickets", tags=["工单"])

TicketId = Annotated[str, Path(max_length=MAX_ID, description="工单编号", examples=["K-0001"])]
TicketsQuery = Annotated[TicketsIn, Query()]


@router.get("", summary="列出工单", responses=problems(422, 503))
def index(query: TicketsQuery, session: ReadSession, setup: OpenSetup) -> TicketsOut:
    """改进工单，按 RICE 从高到低，或先到期的在前；可以只要某个状态、负责人、部门、通道等的。"""
    page, asked = Page(query.limit, query.offset), query.model_dump()
    filters = ("state", "owner", "department", "lane", "overdue_on")
    wanted = Wanted(**{name: asked[name] for name in filters}, theme_id=query.theme)
    found = browse_tickets.list_tickets(
        session, setup.workspace, page, wanted=wanted, order=query.order
    )
    return tickets_out(found, page)


@router.get("/{ticket_id}", summary="查看一张工单", responses=problems(404, 422, 503))
def show(
    ticket_id: TicketId, session: ReadSession, setup: OpenSetup, answer: Response
) -> TicketFileOut:
    """内容、优先级、可以移到的状态、全部记录和备注、实际投入、发布、验证结论。

    `ETag` 以版本开头，修改时可以放在 If-Match 里。
    """
    found = browse_tickets.find_ticket(session, setup.workspace, ticket_id)
    tell_revision(answer, found.ticket.revision)
    return file_out(found)
