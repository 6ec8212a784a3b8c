"""People's corrections of labels."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.correction_shapes import CORRECTIONS, corrections_page, labels_out, wish_of
from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.exports import EXPORTED, LinesResponse, answer_lines
from api.repeats import RepeatableRoute
from api.schemas.corrections import CorrectionIn, CorrectionsIn, CorrectionsOut, LabelsOut
from api.schemas.problem import problems
from feedback_nlp.storage import label_corrections
from feedback_nlp.storage.keyset import Part
from feedback_nlp.workflows.correct_opinions import correct_opinion, training_lines

router = APIRouter(prefix="/corrections", tags=["数据"], route_class=RepeatableRoute)


@router.get("", summary="列出改正", responses=problems(422, 503))
def index(
    query: Annotated[CorrectionsIn, Query()], session: ReadSession, setup: OpenSetup
) -> CorrectionsOut:
    """谁在何时为什么把哪个观点的标签改成了什么，当时看到的是什么；最近的在前。"""
    part = Part(query.limit + 1, CORRECTIONS.read(query.cursor))
    name, review_id = setup.workspace, query.review_id
    found = label_corrections.part(session, name, part, review_id=review_id)
    return corrections_page(found, query.limit)


@router.post(
    "",
    status_code=201,
    summary="改正一个观点的标签",
    responses=problems(400, 404, 409, 413, 422, 503),
)
def create(body: CorrectionIn, session: WriteSession, setup: OpenSetup, now: Now) -> LabelsOut:
    """只改写出的那些标签；换模型重新标注后仍然有效。评论的正文刚刚变了：409。"""
    model, topics = setup.classifier.version, setup.taxonomy
    wish = wish_of(body)
    labels = correct_opinion(session, setup.workspace, wish, topics, model=model, now=now)
    return labels_out(body, labels)


@router.get(
    "/export",
    summary="导出改正，用于训练",
    response_class=LinesResponse,
    responses=EXPORTED | problems(422, 503),
)
def export(session: ReadSession, setup: OpenSetup) -> LinesResponse:
    """改正过的观点，每行一个，格式同训练用的 JSONL；同一个观点改过几次的只有最后一次。"""
    lines = training_lines(session, setup.workspace)
    return answer_lines(line.encode() for line in lines)
