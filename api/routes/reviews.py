"""Reviews: post them, look one up."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse

from api.arrivals import fit_at_once, read_arrivals
from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.repeats import RepeatableRoute
from api.schemas.annotations import AcceptedOut, PostedPage, ReviewOut
from api.schemas.incoming import ReviewsIn
from api.schemas.problem import problems
from api.shapes import accepted_out, posted_page, review_out
from feedback_nlp.workflows.browse import find_review
from feedback_nlp.workflows.post_reviews import accept_reviews, post_reviews

router = APIRouter(prefix="/reviews", tags=["评论"], route_class=RepeatableRoute)

ReviewId = Annotated[
    str, Path(max_length=64, description="本系统的评论编号", examples=["R-0123456789abcdef"])
]
_ACCEPTED: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": AcceptedOut, "description": "多于 100 条或 10 万字：已保存，稍后标注"}
}


@router.post(
    "",
    summary="提交评论",
    response_description="不超过 100 条、10 万字：已保存并标注",
    response_model=PostedPage,
    responses=_ACCEPTED | problems(400, 413, 422, 503),
)
def post(
    request: Request, body: ReviewsIn, session: WriteSession, setup: OpenSetup, now: Now
) -> PostedPage | JSONResponse:
    """不超过 100 条、合计不超过 10 万字时立即标注；更多时先保存，应答 202，稍后标注。

    立即标注时每条一个结果，顺序与提交一致。
    某一条不合格，只影响那一条：结果里的 `error` 说明原因。重复提交同样的内容，什么也不会改变。
    同渠道、同编号而内容不同，是同一条评论的新版本，旧文另存。
    """
    arrivals, workspace = read_arrivals(body.reviews, now=now), setup.workspace
    if fit_at_once(arrivals):
        posted = post_reviews(
            session, workspace, arrivals, setup.classifier, now=now, privacy=setup.privacy
        )
        page = posted_page(posted)
        request.state.accepted = page.counts.added + page.counts.revised
        return page
    model, privacy = setup.classifier.version, setup.privacy
    accepted = accept_reviews(session, workspace, arrivals, model=model, now=now, privacy=privacy)
    request.state.accepted = accepted.stored.added + accepted.stored.revised
    return JSONResponse(accepted_out(accepted).model_dump(mode="json"), status_code=202)


@router.get("/{review_id}", summary="查看一条评论", responses=problems(404, 422, 503))
def show(review_id: ReviewId, session: ReadSession, setup: OpenSetup) -> ReviewOut:
    """一条评论和它的标注；正在使用的模型还没有标注它时，`annotation` 为 null。"""
    model = setup.classifier.version
    return review_out(find_review(session, setup.workspace, review_id, model=model))
