"""What some users complain of more than all others."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.comparison_shapes import segments_out
from api.dependencies import Now, OpenSetup, ReadSession
from api.schemas.problem import problems
from api.schemas.segments import SegmentsIn, SegmentsOut
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.compare_segments import Question, compare_segments

router = APIRouter(prefix="/segments", tags=["分群"])

SegmentsQuery = Annotated[SegmentsIn, Query()]


@router.get("", summary="分群比较", responses=problems(422, 503))
def index(query: SegmentsQuery, session: ReadSession, setup: OpenSetup, now: Now) -> SegmentsOut:
    """按版本、地区、客户等级、RFM 分层或渠道分开看：哪些用户在哪些话题上抱怨得特别多或特别少。"""
    question = Question(query.by, query.themes, query.days)
    name, labels, model = setup.workspace, setup.taxonomy, setup.classifier.version
    today, page = day_of(now), Page(query.limit, query.offset)
    found = compare_segments(session, name, labels, question, model=model, today=today)
    return segments_out(found, page, everything=query.all)
