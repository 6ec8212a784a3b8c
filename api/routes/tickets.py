"""Improvement tickets, best first."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.dependencies import OpenSetup, ReadSession
from api.schemas.incoming import TicketsIn
from api.schemas.problem import problems
from api.schemas.tickets import TicketOut, TicketsOut
from api.shapes import ticket_out, tickets_out
from feedback_nlp.workflows import browse

router = APIRouter(prefix="/tickets", tags=["工单"])

TicketId = Annotated[str, Path(max_length=64, description="工单编号", examples=["K-0001"])]
TicketsQuery = Annotated[TicketsIn, Query()]


@router.get("", summary="列出工单", responses=problems(422, 503))
def index(query: TicketsQuery, session: ReadSession, setup: OpenSetup) -> TicketsOut:
    """改进工单，按 RICE 从高到低；可以只要某个状态的。"""
    page = browse.Page(query.limit, query.offset)
    found = browse.list_tickets(session, setup.workspace, page, state=query.state)
    return tickets_out(found, page)


@router.get("/{ticket_id}", summary="查看一张工单", responses=problems(404, 422, 503))
def show(ticket_id: TicketId, session: ReadSession, setup: OpenSetup) -> TicketOut:
    """标题、问题、证据、责任部门、通道、期限、资源、验收标准、状态和优先级。"""
    return ticket_out(browse.find_ticket(session, setup.workspace, ticket_id))
