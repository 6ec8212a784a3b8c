"""Priorities and the plan made of them."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import OpenSetup, ReadSession
from api.plan_shapes import plan_out, priorities_out
from api.schemas.plans import PlanOut, PrioritiesIn, PrioritiesOut
from api.schemas.problem import problems
from feedback_nlp.workflows import browse, browse_plan

router = APIRouter(tags=["优先级"])

PrioritiesQuery = Annotated[PrioritiesIn, Query()]


@router.get("/priorities", summary="列出优先级", responses=problems(422, 503))
def index(query: PrioritiesQuery, session: ReadSession, setup: OpenSetup) -> PrioritiesOut:
    """排过的主题，按 RICE 从高到低；每个数附理由和区间，可以只要一个象限的。"""
    page, field = browse.Page(query.limit, query.offset), query.quadrant
    found = browse_plan.list_priorities(session, setup.workspace, page, quadrant=field)
    return priorities_out(found, page)


@router.get("/plan", summary="查看排期", responses=problems(404, 422, 503))
def show(session: ReadSession, setup: OpenSetup) -> PlanOut:
    """最近一次排期：各通道的容量，排上的工单，没有排上的和原因，与上一次相比名次有多稳。"""
    return plan_out(browse_plan.find_plan(session, setup.workspace))
