"""Themes, best first, and the opinions behind them."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.dependencies import OpenSetup, ReadSession
from api.schemas.incoming import PageIn
from api.schemas.problem import problems
from api.schemas.theme_edits import HistoryOut, MembersOut, ThemesIn
from api.schemas.theme_trend import TrendIn, TrendOut
from api.schemas.themes import OpinionsOut, ThemeOut, ThemesOut
from api.shapes import opinions_out, theme_out, themes_out
from api.theme_shapes import history_out, members_out, trend_out
from feedback_nlp.workflows import browse, browse_themes
from feedback_nlp.workflows.theme_rates import rates_of, trend_of

router = APIRouter(prefix="/themes", tags=["主题"])

ThemeId = Annotated[str, Path(max_length=64, description="主题编号", examples=["T-0001"])]
PageQuery = Annotated[PageIn, Query()]
ThemesQuery = Annotated[ThemesIn, Query()]
TrendQuery = Annotated[TrendIn, Query()]


@router.get("", summary="列出主题", responses=problems(422, 503))
def index(query: ThemesQuery, session: ReadSession, setup: OpenSetup) -> ThemesOut:
    """主题按 RICE 从高到低，还没有排过的在后，附未归类的数量和占比；不写 `state` 时是在列的。"""
    page, listed = browse.Page(query.limit, query.offset), query.state
    found = browse_themes.list_themes(session, setup.workspace, page, listed=listed)
    shown, model = [ranked.theme for ranked in found.themes], setup.classifier.version
    return themes_out(found, page, rates_of(session, setup.workspace, shown, model=model))


@router.get("/{theme_id}", summary="查看一个主题", responses=problems(404, 422, 503))
def show(theme_id: ThemeId, session: ReadSession, setup: OpenSetup) -> ThemeOut:
    """名称、关键词、原声、各项计数、每周走势、优先级和每个数的理由。"""
    found, model = browse.find_theme(session, setup.workspace, theme_id), setup.classifier.version
    return theme_out(found, rates_of(session, setup.workspace, [found.theme], model=model))


@router.get("/{theme_id}/opinions", summary="主题里的观点", responses=problems(404, 422, 503))
def opinions(
    theme_id: ThemeId, query: PageQuery, session: ReadSession, setup: OpenSetup
) -> OpinionsOut:
    """主题的每个数都出自这些观点；每条观点指向评论和原文里的位置。"""
    page, model = browse.Page(query.limit, query.offset), setup.classifier.version
    found = browse.list_opinions(session, setup.workspace, theme_id, page, model=model)
    return opinions_out(found, page)


@router.get(
    "/{theme_id}/members", summary="主题里的观点怎样归入", responses=problems(404, 422, 503)
)
def members(
    theme_id: ThemeId, query: PageQuery, session: ReadSession, setup: OpenSetup
) -> MembersOut:
    """每个观点为什么在这个主题里：当时的相似度、第二相近的主题，还是人放进来的。"""
    page, model = browse.Page(query.limit, query.offset), setup.classifier.version
    found = browse_themes.list_members(session, setup.workspace, theme_id, page, model=model)
    return members_out(found, page)


@router.get("/{theme_id}/trend", summary="主题的走势", responses=problems(404, 422, 503))
def trend(theme_id: ThemeId, query: TrendQuery, session: ReadSession, setup: OpenSetup) -> TrendOut:
    """按天或按周的评论数和比率，从数据的最后一天往回数；含为零的日子。"""
    name, model = setup.workspace, setup.classifier.version
    found = trend_of(session, name, theme_id, step=query.by, days=query.days, model=model)
    return trend_out(found)


@router.get("/{theme_id}/history", summary="主题的历史", responses=problems(404, 422, 503))
def history(
    theme_id: ThemeId, query: PageQuery, session: ReadSession, setup: OpenSetup
) -> HistoryOut:
    """何时发现，谁在何时为什么改过它；牵涉到它的合并、拆分、移动和撤销也在内。"""
    page = browse.Page(query.limit, query.offset)
    return history_out(browse_themes.list_history(session, setup.workspace, theme_id, page), page)
