"""Opinions that somebody looks for, by page or all of them."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import OpenSetup, ReadSession
from api.exports import EXPORTED, LinesResponse, answer_lines
from api.schemas.problem import problems
from api.schemas.search import FoundOpinionsOut, OpinionsPageIn, OpinionsSoughtIn
from api.search_shapes import (
    json_lines,
    opinion_item,
    opinions_listing,
    opinions_page,
    opinions_sought,
)
from feedback_nlp.storage.keyset import Part
from feedback_nlp.workflows.search_reviews import every_opinion, find_opinions

router = APIRouter(prefix="/opinions", tags=["评论"])


@router.get("", summary="查找观点", responses=problems(422, 503))
def index(
    query: Annotated[OpinionsPageIn, Query()], session: ReadSession, setup: OpenSetup
) -> FoundOpinionsOut:
    """每条观点有评论编号、原文里的位置、标注、概率和主题。`theme=none`：可以归入主题而没有归入的。"""
    listing, model = opinions_listing(query.sort), setup.classifier.version
    part = Part(query.limit + 1, listing.read(query.cursor))
    sought = opinions_sought(query)
    found = find_opinions(session, setup.workspace, sought, part, model=model)
    return opinions_page(found, query.limit, listing)


@router.get(
    "/export",
    summary="导出观点",
    response_class=LinesResponse,
    responses=EXPORTED | problems(422, 503),
)
def export(query: Annotated[OpinionsSoughtIn, Query()], setup: OpenSetup) -> LinesResponse:
    """符合条件的全部观点，每行一条，格式同列表。边读边发；其间新来的可能在内，不会重复。"""
    sought, model = opinions_sought(query), setup.classifier.version
    portions = every_opinion(setup.engine, setup.workspace, sought, model=model)
    return answer_lines(json_lines(map(opinion_item, portion) for portion in portions))
