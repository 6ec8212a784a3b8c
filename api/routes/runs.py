"""Batch runs and nights: what was read, which versions decided, what came of it."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.batch_shapes import NIGHTS, RUNS, night_out, nights_page, run_out, runs_page
from api.dependencies import OpenSetup, ReadSession
from api.schemas.batches import FoundRunOut, NightOut, NightsOut, RunsOut
from api.schemas.listing import CursorIn
from api.schemas.problem import problems
from api.schemas.theme_edits import MAX_NUMBER
from feedback_nlp.storage import nights, runs
from feedback_nlp.storage.keyset import Part
from feedback_nlp.workflows.browse_business import find_night, find_run

router = APIRouter(tags=["运行"])

PageQuery = Annotated[CursorIn, Query()]
RunId = Annotated[str, Path(max_length=64, description="运行编号")]
Number = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="夜间任务编号", examples=[7])]


@router.get("/runs", summary="列出运行", responses=problems(422, 503))
def index(query: PageQuery, session: ReadSession, setup: OpenSetup) -> RunsOut:
    """每次出报告的运行：模型、词典、聚类方案的版本，读了多少，得到多少；最近的在前。"""
    part = Part(query.limit + 1, RUNS.read(query.cursor))
    return runs_page(runs.part(session, setup.workspace, part), query.limit)


@router.get("/runs/{run_id}", summary="查看一次运行", responses=problems(404, 422, 503))
def show(run_id: RunId, session: ReadSession, setup: OpenSetup) -> FoundRunOut:
    """一次出报告的运行。"""
    return run_out(run_id, find_run(session, setup.workspace, run_id))


@router.get("/nights", summary="列出夜间任务", responses=problems(422, 503))
def night_index(query: PageQuery, session: ReadSession, setup: OpenSetup) -> NightsOut:
    """每一夜的清单：文件、各步、结果；最近的在前。"""
    part = Part(query.limit + 1, NIGHTS.read(query.cursor))
    return nights_page(nights.part(session, setup.workspace, part), query.limit)


@router.get("/nights/{number}", summary="查看一次夜间任务", responses=problems(404, 422, 503))
def night(number: Number, session: ReadSession, setup: OpenSetup) -> NightOut:
    """一夜的清单：文件、各步、结果。"""
    return night_out(find_night(session, setup.workspace, number))
