"""What a person should hear of, latest first."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.alert_shapes import alerts_out
from api.dependencies import OpenSetup, ReadSession
from api.schemas.alerts import AlertsIn, AlertsOut
from api.schemas.problem import problems
from feedback_nlp.workflows import browse, browse_alerts

router = APIRouter(prefix="/alerts", tags=["预警"])

AlertsQuery = Annotated[AlertsIn, Query()]


@router.get("", summary="列出预警", responses=problems(422, 503))
def index(query: AlertsQuery, session: ReadSession, setup: OpenSetup) -> AlertsOut:
    """最近几天的预警，仍在持续的和最近的在前：主题突增、新主题，提到安全、未成年人、法律或曝光的评论。"""
    page, days = browse.Page(query.limit, query.offset), query.days
    return alerts_out(browse_alerts.list_alerts(session, setup.workspace, page, days=days), page)
