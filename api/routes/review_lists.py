"""Reviews that somebody looks for, by page or all of them."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import OpenSetup, ReadSession
from api.exports import EXPORTED, LinesResponse, answer_lines
from api.schemas.problem import problems
from api.schemas.search import FoundReviewsOut, ReviewsPageIn, ReviewsSoughtIn
from api.search_shapes import json_lines, review_item, reviews_listing, reviews_page, reviews_sought
from feedback_nlp.storage.keyset import Part
from feedback_nlp.workflows.search_reviews import every_review, find_reviews

router = APIRouter(prefix="/reviews", tags=["评论"])


@router.get("", summary="查找评论", responses=problems(422, 503))
def index(
    query: Annotated[ReviewsPageIn, Query()], session: ReadSession, setup: OpenSetup
) -> FoundReviewsOut:
    """按时间、渠道、产品、版本、极性、主题、正文里的词等查找；含标注、人的改正、隔离和竞品标记。"""
    listing, model = reviews_listing(query.sort), setup.classifier.version
    part = Part(query.limit + 1, listing.read(query.cursor))
    sought = reviews_sought(query)
    found = find_reviews(session, setup.workspace, sought, part, model=model)
    return reviews_page(found, query.limit, listing)


@router.get(
    "/export",
    summary="导出评论",
    response_class=LinesResponse,
    responses=EXPORTED | problems(422, 503),
)
def export(query: Annotated[ReviewsSoughtIn, Query()], setup: OpenSetup) -> LinesResponse:
    """符合条件的全部评论，每行一条，格式同列表。边读边发；其间新来的可能在内，不会重复。"""
    sought, model = reviews_sought(query), setup.classifier.version
    portions = every_review(setup.engine, setup.workspace, sought, model=model)
    return answer_lines(json_lines(map(review_item, portion) for portion in portions))
