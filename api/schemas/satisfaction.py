"""Questions and answers about NPS, CSAT, rating, negative share and the themes behind them."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.incoming import PageIn
from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.score_trend import Period
from feedback_nlp.workflows.browse_drivers import SCORE_DAYS
from feedback_nlp.workflows.browse_satisfaction import MOST_DAYS


class SatisfactionIn(BaseModel):
    """要哪些分数。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Period = Field(default=Period.MONTH, description="走势按周 week 还是按月 month")
    days: int = Field(
        default=SCORE_DAYS,
        ge=1,
        le=MOST_DAYS,
        description="最近几天，从最新一份问卷或评论那天往回数",
    )
    metric: Metric | None = Field(
        default=None,
        description="只要这个：nps、csat 满意度、rating 平均评分、negative_share 负面占比；"
        "不写为全部",
    )


class DriversIn(PageIn):
    """要哪个分数背后的主题。"""

    metric: Metric = Field(
        default=Metric.NPS,
        description="nps、csat 满意度、rating 平均评分、negative_share 负面占比",
    )
    days: int = Field(
        default=SCORE_DAYS,
        ge=1,
        le=MOST_DAYS,
        description="最近几天，从最新一份问卷或评论那天往回数",
    )


class EstimateOut(BaseModel):
    """一个分数和它的 95% 区间。"""

    value: float = Field(description="数值；占比在 0 到 1 之间", examples=[34.5])
    low: float = Field(description="95% 区间下限", examples=[27.9])
    high: float = Field(description="95% 区间上限", examples=[40.6])
    n: int = Field(description="多少份", examples=[212])


class ScoreChangeOut(BaseModel):
    """两个时期的差。"""

    value: float = Field(description="后来减去原来", examples=[3.2])
    low: float = Field(description="95% 区间下限", examples=[-4.0])
    high: float = Field(description="95% 区间上限", examples=[10.4])
    beyond_chance: bool = Field(description="区间不含 0：不像只是偶然")


class ScorePointOut(BaseModel):
    """一周或一个月的分数。"""

    first: date = Field(description="第一天", examples=["2026-03-01"])
    last: date = Field(description="最后一天；数据可能还没有到这一天", examples=["2026-03-31"])
    score: EstimateOut | None = Field(description="分数；没有人打分时为 null")
    to_previous: ScoreChangeOut | None = Field(description="环比：与前一周或前一个月相比")
    to_last_year: ScoreChangeOut | None = Field(description="同比：与去年同月或 52 周前相比")


class ScoreOut(BaseModel):
    """一个指标。"""

    metric: Metric = Field(description="指标")
    now: EstimateOut | None = Field(description="这些天的分数；没有人打分时为 null")
    mean: EstimateOut | None = Field(description="满意度的平均分，1 到 5；别的指标为 null")
    to_previous: ScoreChangeOut | None = Field(description="与之前同样多的天数相比")
    trend: list[ScorePointOut]


class SatisfactionOut(BaseModel):
    """各个指标的数值、区间和走势。"""

    first: date | None = Field(description="从哪天起；没有带时间的数据时为 null")
    last: date | None = Field(description="到哪天：最新一份问卷或评论的日子")
    by: Period = Field(description="走势按周还是按月")
    scores: list[ScoreOut]


class DriverOut(BaseModel):
    """一个主题对分数的影响：去掉提到它的人，分数会变多少。"""

    theme: str = Field(description="主题编号", examples=["T-0042"])
    theme_name: str = Field(description="主题名称", examples=["更新后闪退"])
    without: float = Field(description="去掉提到它的人以后的分数", examples=[38.1])
    drop: float = Field(description="会好多少；正数表示它拖累分数", examples=[3.6])
    low: float = Field(description="drop 的 80% 区间下限", examples=[2.1])
    high: float = Field(description="drop 的 80% 区间上限", examples=[5.2])
    answers: int = Field(description="提到它的有多少份", examples=[34])
    q: float = Field(description="与它同样显著的主题里误报的比例", examples=[0.003])


class DriversOut(BaseModel):
    """影响一个分数的主题，拖累最大的在前。"""

    metric: Metric = Field(description="指标")
    first: date | None = Field(description="从哪天起；没有带时间的数据时为 null")
    last: date | None = Field(description="到哪天")
    score: EstimateOut | None = Field(description="所有人的分数；没有人打分时为 null")
    drivers: list[DriverOut]
    total: int = Field(description="一共有几个主题", examples=[12])
    limit: int = Field(description="本页最多几个", examples=[20])
    offset: int = Field(description="跳过了前面几个", examples=[0])
