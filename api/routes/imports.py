"""What was imported, and the lines that were refused."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.dependencies import OpenSetup, ReadSession
from api.intake_shapes import IMPORTS, import_out, imports_page, refused_listing, rejections_page
from api.schemas.intake import ImportOut, ImportsOut, RejectionsOut
from api.schemas.listing import CursorIn
from api.schemas.problem import problems
from api.schemas.theme_edits import MAX_NUMBER
from feedback_nlp.storage import imports
from feedback_nlp.storage.keyset import Part
from feedback_nlp.workflows.browse_intake import find_import, rejections_of

router = APIRouter(prefix="/imports", tags=["数据"])

Number = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="导入编号", examples=[12])]
PageQuery = Annotated[CursorIn, Query()]


@router.get("", summary="列出导入记录", responses=problems(422, 503))
def index(query: PageQuery, session: ReadSession, setup: OpenSetup) -> ImportsOut:
    """何时读了哪个文件，用了哪些列，各种结果各有几行；最近的在前。"""
    part = Part(query.limit + 1, IMPORTS.read(query.cursor))
    return imports_page(imports.part(session, setup.workspace, part), query.limit)


@router.get("/{number}", summary="查看一次导入", responses=problems(404, 422, 503))
def show(number: Number, session: ReadSession, setup: OpenSetup) -> ImportOut:
    """一次导入；没有做完的 `finished_at` 为 null。"""
    return import_out(find_import(session, setup.workspace, number))


@router.get("/{number}/rejections", summary="没能导入的行", responses=problems(404, 422, 503))
def rejected(
    number: Number, query: PageQuery, session: ReadSession, setup: OpenSetup
) -> RejectionsOut:
    """这次导入里没能导入的行、原因和原来的内容；后来又导入过同一份文件的，记在后一次。"""
    listing = refused_listing(number)
    part = Part(query.limit + 1, listing.read(query.cursor))
    found = rejections_of(session, setup.workspace, number, part)
    return rejections_page(found, query.limit, listing)
