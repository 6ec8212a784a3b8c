"""Questions and answers about products of other companies."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.policy import SignedIn
from api.schemas.themes import QuoteOut
from feedback_nlp.compare.gaps import Contrast
from feedback_nlp.workflows.compare_products import Basis
from feedback_nlp.workflows.mark_competitor import LONGEST_PRODUCT

MOST_DAYS: Final = 36_500


class MarkIn(SignedIn):
    """谁为什么标记。"""


class GapsIn(BaseModel):
    """与谁比，比哪些天。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product: str | None = Field(
        default=None,
        min_length=1,
        max_length=LONGEST_PRODUCT,
        description="只与这个竞品比；不写则与全部竞品比",
    )
    days: int | None = Field(
        default=None,
        ge=1,
        le=MOST_DAYS,
        description="只看最近几天，从共同时间的最后一天往回数；不写则为全部共同时间",
    )


class CompetitorOut(BaseModel):
    """一个产品。"""

    product: str = Field(description="产品名，与评论里的一字不差", examples=["别家买菜"])
    reviews: int = Field(description="写明是它的评论数，被隔离的也算", examples=[320])
    competitor: bool = Field(description="为真是别家的：不计入本品的主题和优先级")
    author: str | None = Field(description="谁标记的；本品为 null", examples=["小李"])
    reason: str | None = Field(description="标记的原因；本品为 null", examples=["同类产品"])
    at: datetime | None = Field(description="何时标记，北京时间；本品为 null")


class CompetitorsOut(BaseModel):
    """评论里出现过的和标记过的全部产品，竞品在前，评论多的在前。"""

    products: list[CompetitorOut]


class GapOut(BaseModel):
    """两个比例之差，单位是 1（0.07 是 7 个百分点）。"""

    gap: float | None = Field(description="差；有一边没有用户时为 null", examples=[0.073])
    low: float | None = Field(description="区间下限，已按比较的项数放宽", examples=[0.031])
    high: float | None = Field(description="区间上限", examples=[0.109])
    p: float | None = Field(
        description="其实没有差别时，偶然出现这样的差的概率；样本太少时为 null", examples=[0.00012]
    )
    q: float | None = Field(
        description="同样明显的差别里误报的比例；样本太少时为 null", examples=[0.0021]
    )
    contrast: Contrast = Field(
        description="higher 前者更高，lower 前者更低，unclear 看不出差别，too_few 样本太少"
    )


class SideOut(BaseModel):
    """一边的用户。"""

    count: int = Field(description="抱怨这个话题的用户数", examples=[152])
    of: int = Field(description="全部用户数", examples=[1234])
    share: float | None = Field(description="比例；没有用户时为 null", examples=[0.1232])
    quotes: list[QuoteOut] = Field(description="最近的原话，最多 3 句，各出自一位用户")


class TopicGapOut(GapOut):
    """一个话题：我们减他们。higher 是我们更差，lower 是我们更好。"""

    topic: str = Field(description="话题代码", examples=["performance.crash"])
    name: str = Field(description="话题名称", examples=["闪退故障"])
    ours: SideOut
    theirs: SideOut


class RivalryOut(BaseModel):
    """与一个竞品的对比。"""

    product: str = Field(description="竞品的产品名", examples=["别家买菜"])
    basis: Basis = Field(
        description="overlap 双方都有评论的时间；undated 有一方没有时间，比较全部评论；"
        "apart 时间没有重叠，无法比较"
    )
    first: date | None = Field(description="从哪天起；basis 不是 overlap 时为 null")
    last: date | None = Field(description="到哪天为止；basis 不是 overlap 时为 null")
    our_users: int = Field(description="我们的用户数", examples=[1234])
    our_reviews: int = Field(description="我们的评论数", examples=[1300])
    their_users: int = Field(description="他们的用户数", examples=[300])
    their_reviews: int = Field(description="他们的评论数", examples=[320])
    topics: list[TopicGapOut] = Field(description="有人抱怨的话题：我们更差的在前，差得多的在前")


class GapsOut(BaseModel):
    """与各个竞品的对比，一起校正。"""

    competitors: list[RivalryOut]
    tests: int = Field(description="同时比较了多少项，样本太少的不算", examples=[41])
    level: float = Field(
        description="区间的置信水平：挑出的差别里，区间不含真值的不超过 5%", examples=[0.9939]
    )
