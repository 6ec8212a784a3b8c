"""Users with a release beside those without it, and customers before and after one."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.releases import DaysOut
from feedback_nlp.records import Advice, Denominator, Segment
from feedback_nlp.verification.loyalty import Lack


class SideOut(BaseModel):
    """一边的用户。"""

    count: int = Field(description="这个主题的评论数", examples=[12])
    base: int = Field(description="全部评论数，或曝光数", examples=[3000])


class RolloutOut(BaseModel):
    """一张工单的主题，有新版的用户对没有的用户，在同样的日子里。"""

    ticket: str = Field(description="工单编号", examples=["K-0001"])
    theme: str = Field(description="主题编号", examples=["T-0042"])
    as_of: date = Field(description="数据到哪一天")
    first: date = Field(description="对照的第一天，即发布的第二天")
    last: date = Field(description="对照的最后一天；早于 first 是还没有数据")
    having: SideOut = Field(description="有新版的")
    lacking: SideOut = Field(description="没有的")
    denominator: Denominator = Field(description="base 是什么：exposure 曝光数，reviews 评论数")
    ratio: float = Field(
        description="有新版的 ÷ 没有的；before_ratio 不为 null 时已除以它", examples=[0.45]
    )
    low: float = Field(description="区间下限，0 是没有下限", examples=[0.28])
    high: float = Field(description="区间上限，148.413 是没有上限", examples=[0.71])
    target: float = Field(description="整个区间低于它才建议扩大", examples=[0.9])
    advice: Advice = Field(description="widen 扩大，wait 继续观察，stop 停止")
    more: int | None = Field(
        description="照这样下去，大约还要多少条这个主题的评论；不必等或再等也未必看得出为 null",
        examples=[58],
    )
    before_count: int | None = Field(
        description="发布前两边这个主题的评论数，0 是无从知道原来差多少；按版本放量不必比，为 null"
    )
    before_ratio: float | None = Field(description="发布前这些用户 ÷ 其他用户；没有比为 null")
    dispersion: float = Field(description="条数的方差 ÷ 平均；1 是纯偶然", examples=[1.2])
    sentence: str = Field(description="一句话说明")
    meaning: str = Field(description="建议是什么意思")


class RolloutsOut(BaseModel):
    """一次部分放量，每张工单一项。"""

    release: int = Field(description="发布编号", examples=[2])
    rollouts: list[RolloutOut]


class ShiftOut(BaseModel):
    """一些顾客里做了某件事的占比。"""

    users: int = Field(description="人数", examples=[136])
    before: float = Field(description="发布前的占比", examples=[0.34])
    after: float = Field(description="发布后的占比", examples=[0.41])


class EffectOut(BaseModel):
    """抱怨过的顾客比其他顾客多升了多少。"""

    affected: ShiftOut = Field(description="抱怨过的顾客")
    others: ShiftOut = Field(description="其他顾客，按抱怨过的顾客的分层折算")
    value: float = Field(description="多升的占比，在 -2 到 2 之间", examples=[0.09])
    low: float = Field(description="95% 区间下限", examples=[0.01])
    high: float = Field(description="95% 区间上限", examples=[0.17])


class LoyaltyRowOut(BaseModel):
    """一个分层的顾客，或全部。"""

    affected: int = Field(description="抱怨过的顾客数", examples=[136])
    others: int = Field(description="其他顾客数", examples=[3020])
    repurchase: EffectOut | None = Field(description="复购；任一边不足 20 人为 null")
    retention: EffectOut | None = Field(description="留存；任一边不足 20 人为 null")


class LoyaltySegmentOut(LoyaltyRowOut):
    """一个分层的顾客。"""

    segment: Segment | None = Field(description="发布那天的 RFM 分层；不属于任何分层为 null")


class LoyaltyOut(BaseModel):
    """全量发布前抱怨过的顾客，发布后买了没有、留下没有。是观察，不是证明。"""

    ticket: str = Field(description="工单编号", examples=["K-0001"])
    theme: str = Field(description="主题编号", examples=["T-0042"])
    release: int = Field(description="最近一次全量发布的编号", examples=[3])
    released: date = Field(description="发布的日子")
    complained: int = Field(
        description="发布前 84 天里抱怨过的人数，不论是不是顾客", examples=[310]
    )
    before: DaysOut | None = Field(description="发布前的一段；订单太短为 null")
    after: DaysOut | None = Field(description="发布后的一段，一样长；订单太短为 null")
    with_usage: bool = Field(description="使用记录也算留存：它覆盖前后两段")
    lack: Lack | None = Field(
        description="为什么无从比较：no_orders 没有订单，short 不足 14 天，few 人太少；够了为 null"
    )
    total: LoyaltyRowOut | None = Field(description="全部；没有订单或太短为 null")
    segments: list[LoyaltySegmentOut] = Field(description="各分层")
