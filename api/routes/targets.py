"""Targets: set, compared with what is, withdrawn."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.repeats import RepeatableRoute
from api.satisfaction_shapes import target_out, targets_out
from api.schemas.incoming import PageIn
from api.schemas.problem import problems
from api.schemas.targets import TargetIn, TargetOut, TargetsOut, WithdrawIn
from api.schemas.theme_edits import MAX_NUMBER
from feedback_nlp.records import Signature
from feedback_nlp.workflows import set_target
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_targets import list_targets

router = APIRouter(prefix="/targets", tags=["满意度"], route_class=RepeatableRoute)

PageQuery = Annotated[PageIn, Query()]
WithdrawQuery = Annotated[WithdrawIn, Query()]
Number = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="目标编号", examples=[1])]


@router.get("", summary="列出目标，对照实际", responses=problems(422, 503))
def index(query: PageQuery, session: ReadSession, setup: OpenSetup) -> TargetsOut:
    """每个目标的实际值和区间、是否达成、差多少、时间过了多少、差距原因。"""
    page, model = Page(query.limit, query.offset), setup.classifier.version
    return targets_out(list_targets(session, setup.workspace, page, model=model), page)


@router.post("", status_code=201, summary="设定目标", responses=problems(400, 409, 413, 422, 503))
def create(body: TargetIn, session: WriteSession, setup: OpenSetup, now: Now) -> TargetOut:
    """某个指标在一段时间里要达到多少。同一指标、同一时段已有目标：409。"""
    wish = set_target.Wish(body.metric, body.value, body.first, body.last)
    signature = Signature(body.author, now, body.reason)
    return target_out(set_target.set_target(session, setup.workspace, wish, signature))


@router.delete("/{number}", summary="撤回目标", responses=problems(404, 409, 422, 503))
def withdraw(
    number: Number, query: WithdrawQuery, session: WriteSession, setup: OpenSetup, now: Now
) -> TargetOut:
    """撤回后不再列出，记录保留；要写 `author`。已经撤回的：409。"""
    name = setup.workspace
    return target_out(set_target.withdraw_target(session, name, number, by=query.author, now=now))
