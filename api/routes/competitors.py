"""Products of other companies: which they are, and how ours stand beside them."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.comparison_shapes import competitor_out, competitors_out, gaps_out
from api.dependencies import Now, OpenSetup, ReadSession
from api.schemas.competitors import (
    CompetitorOut,
    CompetitorsOut,
    GapsIn,
    GapsOut,
    MarkIn,
)
from api.schemas.policy import SOME_NAME
from api.schemas.problem import problems
from feedback_nlp.records import Signature
from feedback_nlp.workflows import compare_products, mark_competitor

router = APIRouter(prefix="/competitors", tags=["竞品"])

ProductName = Annotated[
    str,
    Path(
        min_length=1,
        max_length=mark_competitor.LONGEST_PRODUCT,
        pattern=SOME_NAME,
        description="产品名，与评论里的一字不差；可以含斜杠",
        examples=["别家买菜"],
    ),
]
MarkQuery = Annotated[MarkIn, Query()]
GapsQuery = Annotated[GapsIn, Query()]


@router.get("", summary="列出产品", responses=problems(503))
def index(session: ReadSession, setup: OpenSetup) -> CompetitorsOut:
    """评论里出现过的和标记过的全部产品，竞品在前。没有写产品名的评论算本品。"""
    return competitors_out(mark_competitor.list_products(session, setup.workspace))


@router.get("/gaps", summary="与竞品对比", responses=problems(404, 422, 503))
def gaps(query: GapsQuery, session: ReadSession, setup: OpenSetup) -> GapsOut:
    """每个话题上双方抱怨的用户占多大比例、差多少、是不是偶然，附双方原话。不是竞品：404。"""
    name, labels, model = setup.workspace, setup.taxonomy, setup.classifier.version
    asked = compare_products.Asked(query.product, query.days)
    return gaps_out(compare_products.compare_products(session, name, labels, asked, model=model))


@router.put("/{product:path}", summary="标记竞品", responses=problems(400, 404, 413, 422, 503))
def mark(product: ProductName, body: MarkIn, setup: OpenSetup, now: Now) -> CompetitorOut:
    """这是别家的产品：评论照常保存和标注，下次 plan 起不计入本品。重复标记以最后一次为准。"""
    signature = Signature(body.author, now, body.reason)
    return competitor_out(
        mark_competitor.mark_competitor(setup.engine, setup.workspace, product, signature)
    )


@router.delete("/{product:path}", summary="取消标记", responses=problems(404, 422, 503))
def unmark(product: ProductName, query: MarkQuery, setup: OpenSetup, now: Now) -> CompetitorOut:
    """这是本品：评论下次 plan 起重新计入。没有标记过：404。"""
    signature = Signature(query.author, now, query.reason)
    return competitor_out(
        mark_competitor.unmark_competitor(setup.engine, setup.workspace, product, signature)
    )
