"""What a company knows besides the words: customers, orders, surveys, exposure; and outcomes."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.schemas.listing import CursorIn, DaysIn, PageOut, Written
from api.schemas.search import Code
from feedback_nlp.records import Segment, Verdict


class CustomersIn(CursorIn):
    """要哪些客户的哪一页。"""

    tier: Written | None = Field(default=None, description="只要这个等级的", examples=["A"])
    region: Written | None = Field(default=None, description="只要这个地区的", examples=["广东"])


class CustomerOut(BaseModel):
    """一位客户。"""

    id: str = Field(description="客户编号，即评论里的 author_id", examples=["U1024"])
    tier: str | None = Field(description="等级", examples=["A"])
    region: str | None = Field(description="地区", examples=["广东"])
    since: date | None = Field(description="从哪一天起是客户")


class CustomersOut(PageOut):
    """客户，按编号。"""

    items: list[CustomerOut]


class CustomerFileOut(CustomerOut):
    """一位客户：分层、评论数。"""

    segment: Segment | None = Field(description="按订单和 RFM 规则的分层；哪一层都不是为 null")
    reviews: int = Field(description="写过的评论数，含被隔离的", examples=[3])


class OrdersIn(CursorIn):
    """要谁的订单的哪一页。"""

    author_id: Written = Field(description="客户编号", examples=["U1024"])


class OrderOut(BaseModel):
    """一张订单。"""

    id: str = Field(description="订单编号")
    author_id: str = Field(description="客户编号", examples=["U1024"])
    ordered_at: datetime = Field(description="下单时间，北京时间")
    amount: float = Field(description="金额，元", examples=[59.9])
    product: str | None = Field(description="产品")
    version: str | None = Field(description="版本")
    region: str | None = Field(description="地区")
    refunded: bool = Field(description="已退款", examples=[False])


class OrdersOut(PageOut):
    """一位客户的订单，最近的在前。"""

    items: list[OrderOut]


class SurveysIn(DaysIn, CursorIn):
    """要哪些问卷的哪一页。"""

    author_id: Written | None = Field(default=None, description="只要这位用户的")


class SurveyOut(BaseModel):
    """一份问卷的评分。"""

    id: str = Field(description="问卷编号")
    channel: str = Field(description="渠道")
    answered_at: datetime | None = Field(description="填写时间，北京时间")
    nps: int | None = Field(description="推荐意愿，0 到 10", examples=[9])
    csat: int | None = Field(description="满意度，1 到 5", examples=[4])
    product: str | None = Field(description="产品")
    version: str | None = Field(description="版本")
    region: str | None = Field(description="地区")
    author_id: str | None = Field(description="用户编号")
    author_tier: str | None = Field(description="客户等级")
    review_id: str | None = Field(description="由开放题得来的评论；没有为 null")


class SurveysOut(PageOut):
    """问卷，最近的在前，没有时间的在最后。"""

    items: list[SurveyOut]


class ExposureIn(DaysIn, CursorIn):
    """要哪些天、哪些分项的曝光量。"""

    product: Written | None = Field(default=None, description="产品")
    version: Written | None = Field(default=None, description="版本")
    region: Written | None = Field(default=None, description="地区")
    channel: Written | None = Field(default=None, description="渠道")


class ExposureRowOut(BaseModel):
    """一天、一个分项有多少人可能遇到问题；某一项为空是不分这一项的合计。"""

    day: date = Field(description="哪一天", examples=["2026-03-01"])
    product: str = Field(description="产品")
    version: str = Field(description="版本")
    region: str = Field(description="地区")
    channel: str = Field(description="渠道")
    orders: int | None = Field(description="订单数；不知道为 null", examples=[12000])
    active_users: int | None = Field(description="活跃用户数；不知道为 null")
    installs: int | None = Field(description="安装数；不知道为 null")


class ExposuresOut(PageOut):
    """曝光量，按日期、产品、版本、地区、渠道。"""

    items: list[ExposureRowOut]


class OutcomesIn(CursorIn):
    """要哪些验证结论的哪一页。"""

    ticket: Code | None = Field(default=None, description="只要这张工单的", examples=["K-0001"])


class OutcomeOut(BaseModel):
    """工单发布以后，记下的验证结论。"""

    number: int = Field(description="编号，越晚越大", examples=[2])
    ticket_id: str = Field(description="工单编号", examples=["K-0001"])
    theme_id: str = Field(description="主题编号", examples=["T-0001"])
    verdict: Verdict = Field(description="结论")
    at: datetime = Field(description="何时，北京时间")
    detail: dict[str, str] = Field(description="依据")


class OutcomesOut(PageOut):
    """验证结论，最近的在前。"""

    items: list[OutcomeOut]
