"""Edits of themes: `dry_run` shows what one would change, `undo` takes one back."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends

from api.dependencies import Now, OpenSetup, WriteSession
from api.repeats import RepeatableRoute
from api.routes.themes import ThemeId
from api.schemas.problem import problems
from api.schemas.theme_edits import (
    EditIn,
    EffectOut,
    MergeIn,
    MoveIn,
    PlaceIn,
    RenameIn,
    SplitIn,
    UndoIn,
)
from api.theme_shapes import effect_out
from feedback_nlp.records import Signature
from feedback_nlp.workflows import edit_themes, regroup_themes, undo_edit
from feedback_nlp.workflows.edit_desk import Desk, Effect, Place

router = APIRouter(prefix="/themes", tags=["主题"], route_class=RepeatableRoute)

_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = problems(400, 404, 409, 413, 422, 503)


def open_desk(session: WriteSession, setup: OpenSetup) -> Desk:
    """Return a desk in the one write transaction of a request."""
    return Desk(session, setup.workspace, setup.classifier.version)


OpenDesk = Annotated[Desk, Depends(open_desk)]


@router.post("/move", summary="移动观点", responses=_PROBLEMS)
def move(body: MoveIn, desk: OpenDesk, now: Now) -> EffectOut:
    """把几个观点移到另一个主题或未归类，原话相同的一起走，以后也不会自己回来。"""
    places, signature = _places(body.opinions), _signature(body, now)
    return _answer(desk, regroup_themes.move(desk, places, body.to, signature), body)


@router.post("/undo", summary="撤销一次修改", responses=_PROBLEMS)
def undo(body: UndoIn, desk: OpenDesk, now: Now) -> EffectOut:
    """撤销一次修改。后来又改过同一个主题的，要先撤销后来的（409）；撤销本身不能再撤销。"""
    return _answer(desk, undo_edit.undo(desk, _signature(body, now), number=body.number), body)


@router.post("/{theme_id}/rename", summary="给主题改名", responses=_PROBLEMS)
def rename(theme_id: ThemeId, body: RenameIn, desk: OpenDesk, now: Now) -> EffectOut:
    """改名；以后的运行不再改动这个名称。"""
    effect = edit_themes.rename(desk, theme_id, body.name, _signature(body, now))
    return _answer(desk, effect, body)


@router.post("/{theme_id}/merge", summary="合并主题", responses=_PROBLEMS)
def merge(theme_id: ThemeId, body: MergeIn, desk: OpenDesk, now: Now) -> EffectOut:
    """`sources` 的观点都归这个主题；以后与它们相近的也归它。"""
    effect = regroup_themes.merge(desk, theme_id, body.sources, _signature(body, now))
    return _answer(desk, effect, body)


@router.post("/{theme_id}/split", summary="拆分主题", responses=_PROBLEMS)
def split(theme_id: ThemeId, body: SplitIn, desk: OpenDesk, now: Now) -> EffectOut:
    """把几个观点拆成一个新主题，原话相同的一起走，以后也不会自己回来。"""
    places, signature = _places(body.opinions), _signature(body, now)
    effect = regroup_themes.split(desk, theme_id, places, signature, name=body.name)
    return _answer(desk, effect, body)


@router.post("/{theme_id}/close", summary="关闭主题", responses=_PROBLEMS)
def close(theme_id: ThemeId, body: EditIn, desk: OpenDesk, now: Now) -> EffectOut:
    """不再排名和列出；新的观点仍归入它，不会变成新主题冒出来。"""
    return _answer(desk, edit_themes.close(desk, theme_id, _signature(body, now)), body)


@router.post("/{theme_id}/reopen", summary="重开主题", responses=_PROBLEMS)
def reopen(theme_id: ThemeId, body: EditIn, desk: OpenDesk, now: Now) -> EffectOut:
    """重开一个关闭了的主题。"""
    return _answer(desk, edit_themes.reopen(desk, theme_id, _signature(body, now)), body)


def _answer(desk: Desk, effect: Effect, asked: EditIn) -> EffectOut:
    if asked.dry_run:
        desk.session.rollback()
    return effect_out(effect, dry_run=asked.dry_run)


def _signature(asked: EditIn, now: datetime) -> Signature:
    return Signature(asked.author, now, asked.reason)


def _places(opinions: Iterable[PlaceIn]) -> list[Place]:
    return [(each.review_id, each.start) for each in opinions]
