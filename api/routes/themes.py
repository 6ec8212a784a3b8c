"""Themes, best first, and the opinions behind them."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.dependencies import OpenSetup, ReadSession
from api.schemas.incoming import PageIn
from api.schemas.problem import problems
from api.schemas.themes import OpinionsOut, ThemeOut, ThemesOut
from api.shapes import opinions_out, theme_out, themes_out
from feedback_nlp.workflows import browse

router = APIRouter(prefix="/themes", tags=["主题"])

ThemeId = Annotated[str, Path(max_length=64, description="主题编号", examples=["T-0001"])]
PageQuery = Annotated[PageIn, Query()]


@router.get("", summary="列出主题", responses=problems(422, 503))
def index(query: PageQuery, session: ReadSession, setup: OpenSetup) -> ThemesOut:
    """最近一次计划里的主题，按 RICE 从高到低，附未归类的数量和占比。"""
    page = browse.Page(query.limit, query.offset)
    return themes_out(browse.list_themes(session, setup.workspace, page), page)


@router.get("/{theme_id}", summary="查看一个主题", responses=problems(404, 422, 503))
def show(theme_id: ThemeId, session: ReadSession, setup: OpenSetup) -> ThemeOut:
    """名称、关键词、原声、各项计数、每周走势、优先级和每个数的理由。"""
    return theme_out(browse.find_theme(session, setup.workspace, theme_id))


@router.get("/{theme_id}/opinions", summary="主题里的观点", responses=problems(404, 422, 503))
def opinions(
    theme_id: ThemeId, query: PageQuery, session: ReadSession, setup: OpenSetup
) -> OpinionsOut:
    """主题的每个数都出自这些观点；每条观点指向评论和原文里的位置。"""
    page, model = browse.Page(query.limit, query.offset), setup.classifier.version
    found = browse.list_opinions(session, setup.workspace, theme_id, page, model=model)
    return opinions_out(found, page)
