"""Reviews that do not count for now: list them, let them back in, hold others."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.dependencies import Now, OpenSetup, ReadSession, WriteSession
from api.intake_shapes import QUARANTINE, quarantine_page, quarantined_out
from api.repeats import RepeatableRoute
from api.routes.reviews import ReviewId
from api.schemas.intake import (
    DecidedOut,
    HoldIn,
    QuarantinedOut,
    QuarantineIn,
    QuarantinePageOut,
    ReleaseIn,
)
from api.schemas.problem import problems
from feedback_nlp.storage.keyset import Part
from feedback_nlp.storage.quarantine import Decision
from feedback_nlp.workflows.browse_intake import find_held, held_part
from feedback_nlp.workflows.decide_quarantine import decide_here, undecide_here

router = APIRouter(prefix="/quarantine", tags=["数据"], route_class=RepeatableRoute)

_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = problems(400, 404, 413, 422, 503)


@router.get("", summary="列出隔离区", responses=problems(422, 503))
def index(
    query: Annotated[QuarantineIn, Query()], session: ReadSession, setup: OpenSetup
) -> QuarantinePageOut:
    """重复、模板和垃圾评论：原因、依据、原文；`all=true` 时也有人工恢复了的和从不隔离的。"""
    part = Part(query.limit + 1, QUARANTINE.read(query.cursor))
    model, reason, name = setup.classifier.version, query.reason, setup.workspace
    found = held_part(session, name, part, model=model, reason=reason, released=query.all)
    return quarantine_page(found, query.limit)


@router.post("/release", summary="恢复评论", responses=_PROBLEMS)
def release(body: ReleaseIn, session: WriteSession, setup: OpenSetup, now: Now) -> DecidedOut:
    """这些评论从此计入统计，规则不再改变这个决定；要么全部恢复，要么都不。下次 plan 生效。"""
    decision = Decision(held=False, by=body.author, note=body.reason)
    decide_here(session, setup.workspace, body.review_ids, decision, now=now)
    return DecidedOut(reviews=len(set(body.review_ids)))


@router.post("/hold", summary="隔离评论", responses=_PROBLEMS)
def hold(body: HoldIn, session: WriteSession, setup: OpenSetup, now: Now) -> DecidedOut:
    """这些评论从此不计入统计，涉及严重问题的除外；要么全部隔离，要么都不。下次 plan 生效。"""
    decision = Decision(True, body.author, body.reason, body.quarantine_reason)  # noqa: FBT003 (held)
    decide_here(session, setup.workspace, body.review_ids, decision, now=now)
    return DecidedOut(reviews=len(set(body.review_ids)))


@router.post("/undecide", summary="交还规则决定", responses=_PROBLEMS)
def undecide(body: ReleaseIn, session: WriteSession, setup: OpenSetup) -> DecidedOut:
    """收回人的决定，这些评论又由规则决定；没有人决定过的不改变什么。"""
    undecide_here(session, setup.workspace, body.review_ids)
    return DecidedOut(reviews=len(set(body.review_ids)))


@router.get("/{review_id}", summary="查看一条隔离记录", responses=problems(404, 422, 503))
def show(review_id: ReviewId, session: ReadSession, setup: OpenSetup) -> QuarantinedOut:
    """一条评论为什么被隔离、谁怎样决定、现在是否不计入统计。"""
    model = setup.classifier.version
    return quarantined_out(find_held(session, setup.workspace, review_id, model=model))
