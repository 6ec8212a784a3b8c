"""What verification found about tickets, as it was written down."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.business_shapes import OUTCOMES, outcomes_page
from api.dependencies import OpenSetup, ReadSession
from api.schemas.business import OutcomesIn, OutcomesOut
from api.schemas.problem import problems
from feedback_nlp.storage import outcomes
from feedback_nlp.storage.keyset import Part

router = APIRouter(prefix="/outcomes", tags=["发布与验证"])


@router.get("", summary="列出验证结论", responses=problems(422, 503))
def index(
    query: Annotated[OutcomesIn, Query()], session: ReadSession, setup: OpenSetup
) -> OutcomesOut:
    """工单发布以后记下的每一个结论和依据，最近的在前；可以只要一张工单的。"""
    part = Part(query.limit + 1, OUTCOMES.read(query.cursor))
    found = outcomes.part(session, setup.workspace, part, ticket_id=query.ticket)
    return outcomes_page(found, query.limit)
