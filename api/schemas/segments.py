"""Questions and answers about what some users complain of more than others."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.competitors import MOST_DAYS, GapOut
from api.schemas.incoming import PageIn
from api.schemas.themes import QuoteOut
from feedback_nlp.compare.cuts import Dimension


class SegmentsIn(PageIn):
    """按什么分，比较什么。"""

    by: Dimension = Field(
        description="version 版本、region 地区、tier 客户等级、segment RFM 分层、channel 渠道"
    )
    themes: bool = Field(default=False, description="为真时，除了话题也比较每个在列的主题")
    days: int | None = Field(
        default=None,
        ge=1,
        le=MOST_DAYS,
        description="只看最近几天，从最新一条评论那天往回数；不写则为全部，没有时间的也在内",
    )
    all: bool = Field(default=False, description="为真时，看不出差别的、样本太少的也返回")


class PartOut(BaseModel):
    """维度的一个值。"""

    value: str = Field(description="值", examples=["3.2.0"])
    users: int = Field(description="用户数", examples=[412])
    reviews: int = Field(description="评论数", examples=[430])
    compared: bool = Field(description="为假没有比较：用户太少，或比它用户多的值太多")


class SegmentRowOut(GapOut):
    """一个值的用户减其他用户。higher 是偏高，lower 是偏低。"""

    value: str = Field(description="值", examples=["3.2.0"])
    topic: str | None = Field(
        description="话题代码；这一行是主题时为 null", examples=["performance.crash"]
    )
    theme: str | None = Field(description="主题编号；这一行是话题时为 null", examples=["T-0042"])
    name: str = Field(description="话题或主题的名称", examples=["闪退故障"])
    count: int = Field(description="这个值里抱怨的用户数", examples=[61])
    of: int = Field(description="这个值的用户数", examples=[412])
    rest_count: int = Field(description="其他用户里抱怨的人数", examples=[120])
    rest_of: int = Field(description="其他用户数，只算知道值的", examples=[3022])
    quotes: list[QuoteOut] = Field(description="最近的原话，最多 3 句，各出自一位用户")


class SegmentsOut(BaseModel):
    """一个维度的比较，一起校正。偏高的在前，差得多的在前。"""

    by: Dimension = Field(description="按什么分")
    first: date | None = Field(description="从哪天起；评论都没有时间时为 null")
    last: date | None = Field(description="到哪天为止；评论都没有时间时为 null")
    values: list[PartOut] = Field(description="全部值，用户多的在前")
    unknown: int = Field(description="不知道值的评论数，两边都不算", examples=[12])
    tests: int = Field(description="同时比较了多少项，样本太少的不算", examples=[210])
    level: float = Field(
        description="区间的置信水平：挑出的差别里，区间不含真值的不超过 5%", examples=[0.9995]
    )
    rows: list[SegmentRowOut]
    total: int = Field(description="一共有几行", examples=[7])
    limit: int = Field(description="本页最多几行", examples=[20])
    offset: int = Field(description="跳过了前面几行", examples=[0])
