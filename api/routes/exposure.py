"""How many people could have met a problem."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Query

from api.business_shapes import EXPOSURE, exposure_page
from api.dependencies import OpenSetup, ReadSession
from api.schemas.business import ExposureIn, ExposuresOut
from api.schemas.problem import problems
from feedback_nlp.storage import exposure
from feedback_nlp.storage.exposure import Cut
from feedback_nlp.storage.keyset import Part

router = APIRouter(prefix="/exposure", tags=["客户"])


@router.get("", summary="列出曝光量", responses=problems(422, 503))
def index(
    query: Annotated[ExposureIn, Query()], session: ReadSession, setup: OpenSetup
) -> ExposuresOut:
    """每天、每个分项的订单数、活跃用户数、安装数，万投比的分母；分项为空的是合计。"""
    part = Part(query.limit + 1, EXPOSURE.read(query.cursor))
    asked = (query.product, query.version, query.region, query.channel)
    cut = Cut(*(value or "" for value in asked))
    days = (query.since, query.until)
    found = exposure.part(session, setup.workspace, part, cut, days=days)
    return exposure_page(found, query.limit)
