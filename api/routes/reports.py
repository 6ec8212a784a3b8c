"""The report at a glance: what is stored already, no pass over all reviews."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Final

from fastapi import APIRouter

from api.alert_shapes import alerts_out
from api.dependencies import OpenSetup, ReadSession
from api.schemas.batches import SummaryOut
from api.schemas.problem import problems
from api.shapes import themes_out
from api.ticket_shapes import tickets_out
from feedback_nlp.workflows import browse_alerts, browse_themes, browse_tickets
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_tickets import TicketOrder
from feedback_nlp.workflows.theme_rates import rates_of

router = APIRouter(prefix="/reports", tags=["运行"])

FIRST: Final = Page(limit=20)


@router.get("/summary", summary="报告摘要", responses=problems(422, 503))
def summary(session: ReadSession, setup: OpenSetup) -> SummaryOut:
    """最近一次运行、得分最高的 20 个主题、最近的 20 个预警、得分最高的 20 张工单。

    完整的报告文件由 `feedback-nlp report` 写出，要读遍全部评论。
    """
    name, model = setup.workspace, setup.classifier.version
    ranked = browse_themes.list_themes(session, name, FIRST)
    rates = rates_of(session, name, [each.theme for each in ranked.themes], model=model)
    themes = themes_out(ranked, FIRST, rates)
    alerts = alerts_out(browse_alerts.list_alerts(session, name, FIRST), FIRST)
    best = browse_tickets.list_tickets(session, name, FIRST, order=TicketOrder.RICE)
    return SummaryOut(
        run=themes.run, themes=themes, alerts=alerts, tickets=tickets_out(best, FIRST)
    )
