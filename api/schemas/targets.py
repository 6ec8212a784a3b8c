"""Targets, and how they stand."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

import re
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from api.schemas.policy import AuthorIn, SignedIn
from api.schemas.satisfaction import DriverOut, EstimateOut
from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.standing import Standing

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(value: object) -> object:
    # Else a number would be a day too: so many seconds after 1970, even one in quotes.
    if not isinstance(value, date) and not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise PydanticCustomError("day", "应为日期，如 2026-10-01")
    return value


Day = Annotated[date, BeforeValidator(_written)]


class TargetIn(SignedIn):
    """一个目标：某个指标在一段时间里要达到多少。"""

    metric: Metric = Field(
        description="nps、csat 满意度、rating 平均评分、negative_share 负面占比（不高于）"
    )
    value: float = Field(
        strict=True,
        ge=-100,
        le=100,
        allow_inf_nan=False,
        description="目标值：nps -100 到 100，csat 和 negative_share 0 到 1，rating 1 到 5",
        examples=[35],
    )
    first: Day = Field(description="第一天，不早于 2000 年", examples=["2026-10-01"])
    last: Day = Field(description="最后一天，时段最多 5 年", examples=["2026-12-31"])


class WithdrawIn(AuthorIn):
    """谁撤回。"""


class TargetOut(BaseModel):
    """一个目标。"""

    id: int = Field(description="编号", examples=[1])
    metric: Metric = Field(description="指标")
    value: float = Field(description="目标值", examples=[35.0])
    first: date = Field(description="第一天", examples=["2026-10-01"])
    last: date = Field(description="最后一天", examples=["2026-12-31"])
    author: str = Field(description="谁定的", examples=["小李"])
    at: datetime = Field(description="何时定的，北京时间")
    reason: str = Field(description="原因", examples=["年度目标"])


class TargetReportOut(TargetOut):
    """一个目标和实际。"""

    standing: Standing = Field(
        description="met 已达成、missed 未达成、unclear 看不出（区间含目标值）、no_data 尚无数据、"
        "not_started 未开始"
    )
    actual: EstimateOut | None = Field(description="从第一天到最新的数据；没有数据时为 null")
    gap: float | None = Field(
        description="超过目标多少；负数是还差多少，负面占比也是如此", examples=[-3.4]
    )
    elapsed: float = Field(description="时间过了多少，0 到 1，按最新的数据算", examples=[0.57])
    causes: list[DriverOut] = Field(description="差距原因：去掉谁会好得最多，至多 3 个主题")


class TargetsOut(BaseModel):
    """目标，先定的在前。"""

    targets: list[TargetReportOut]
    as_of: date | None = Field(description="最新一份问卷或评论的日子；没有时为 null")
    total: int = Field(description="一共有几个", examples=[3])
    limit: int = Field(description="本页最多几个", examples=[20])
    offset: int = Field(description="跳过了前面几个", examples=[0])
