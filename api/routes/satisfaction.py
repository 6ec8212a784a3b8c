"""What people think of the product, in numbers, and the themes behind these."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import OpenSetup, ReadSession
from api.satisfaction_shapes import drivers_out, satisfaction_out
from api.schemas.problem import problems
from api.schemas.satisfaction import DriversIn, DriversOut, SatisfactionIn, SatisfactionOut
from feedback_nlp.records import Metric
from feedback_nlp.workflows import browse_drivers, browse_satisfaction
from feedback_nlp.workflows.browse import Page

router = APIRouter(prefix="/satisfaction", tags=["满意度"])

SatisfactionQuery = Annotated[SatisfactionIn, Query()]
DriversQuery = Annotated[DriversIn, Query()]


@router.get("", summary="NPS、满意度、评分、负面占比", responses=problems(422, 503))
def index(query: SatisfactionQuery, session: ReadSession, setup: OpenSetup) -> SatisfactionOut:
    """最近一段时间的数值和 95% 区间，与之前相比，以及每周或每月的走势、环比、同比。"""
    metrics = tuple(Metric) if query.metric is None else (query.metric,)
    asked = browse_satisfaction.Asked(query.days, query.by, metrics)
    name, model = setup.workspace, setup.classifier.version
    return satisfaction_out(
        browse_satisfaction.show_satisfaction(session, name, asked, model=model)
    )


@router.get("/drivers", summary="哪些主题影响分数", responses=problems(422, 503))
def drivers(query: DriversQuery, session: ReadSession, setup: OpenSetup) -> DriversOut:
    """去掉提到一个主题的人，分数会好多少；拖累最大的在前，负数是给分数加分的。"""
    page, days = Page(query.limit, query.offset), query.days
    name, model = setup.workspace, setup.classifier.version
    wanted = browse_drivers.Wanted(query.metric, days)
    return drivers_out(browse_drivers.list_drivers(session, name, page, wanted, model=model), page)
