"""Why an opinion is in its theme."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path

from api.dependencies import OpenSetup, ReadSession
from api.proposal_shapes import explained_out
from api.routes.reviews import ReviewId
from api.schemas.problem import problems
from api.schemas.theme_edits import MAX_START
from api.schemas.theme_proposals import ExplainedOut
from feedback_nlp.workflows.explain_place import explain

router = APIRouter(prefix="/reviews", tags=["主题"])

Start = Annotated[int, Path(ge=0, le=MAX_START, description="观点从第几个字开始", examples=[0])]


@router.get(
    "/{review_id}/opinions/{start}/theme",
    summary="一个观点为什么在它的主题里",
    responses=problems(404, 422, 503),
)
def show(review_id: ReviewId, start: Start, session: ReadSession, setup: OpenSetup) -> ExplainedOut:
    """它怎样归入、当时的相似度；现在看，与哪句原话最相近，同样说到哪些词。未归类：404。"""
    return explained_out(explain(session, setup.workspace, (review_id, start), setup.classifier))
