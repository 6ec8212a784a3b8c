"""Filled-in questionnaires."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.business_shapes import SURVEYS, surveys_page
from api.dependencies import OpenSetup, ReadSession
from api.schemas.business import SurveysIn, SurveysOut
from api.schemas.problem import problems
from feedback_nlp.storage import surveys
from feedback_nlp.storage.keyset import Part

router = APIRouter(prefix="/surveys", tags=["客户"])


@router.get("", summary="列出问卷", responses=problems(422, 503))
def index(
    query: Annotated[SurveysIn, Query()], session: ReadSession, setup: OpenSetup
) -> SurveysOut:
    """问卷的评分，最近的在前，没有时间的在最后；可以只要某些日子、某位用户的。"""
    part = Part(query.limit + 1, SURVEYS.read(query.cursor))
    days, author = (query.since, query.until), query.author_id
    found = surveys.part(session, setup.workspace, part, author_id=author, days=days)
    return surveys_page(found, query.limit)
