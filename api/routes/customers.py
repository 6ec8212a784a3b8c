"""Customers and their orders."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.business_shapes import CUSTOMERS, ORDERS, customer_file, customers_page, orders_page
from api.dependencies import Now, OpenSetup, ReadSession
from api.schemas.business import CustomerFileOut, CustomersIn, CustomersOut, OrdersIn, OrdersOut
from api.schemas.problem import problems
from feedback_nlp.storage import customers, orders
from feedback_nlp.storage.keyset import Part
from feedback_nlp.workflows.browse_business import find_customer

router = APIRouter(tags=["客户"])

CustomerId = Annotated[str, Path(max_length=200, description="客户编号", examples=["U1024"])]


@router.get("/customers", summary="列出客户", responses=problems(422, 503))
def index(
    query: Annotated[CustomersIn, Query()], session: ReadSession, setup: OpenSetup
) -> CustomersOut:
    """客户和他们的等级，按编号。"""
    part = Part(query.limit + 1, CUSTOMERS.read(query.cursor))
    name, tier, region = setup.workspace, query.tier, query.region
    return customers_page(
        customers.part(session, name, part, tier=tier, region=region), query.limit
    )


@router.get("/customers/{customer_id}", summary="查看一位客户", responses=problems(404, 422, 503))
def show(
    customer_id: CustomerId, session: ReadSession, setup: OpenSetup, now: Now
) -> CustomerFileOut:
    """等级，按订单的最后一天和 RFM 规则的分层，写过几条评论。"""
    return customer_file(find_customer(session, setup.workspace, customer_id, now=now))


@router.get("/orders", summary="一位客户的订单", responses=problems(422, 503))
def order_index(
    query: Annotated[OrdersIn, Query()], session: ReadSession, setup: OpenSetup
) -> OrdersOut:
    """`author_id` 的订单，最近的在前；没有这位客户时为空。"""
    part = Part(query.limit + 1, ORDERS.read(query.cursor))
    return orders_page(orders.part(session, setup.workspace, query.author_id, part), query.limit)
