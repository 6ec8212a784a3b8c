"""Questions and answers about alerts: the shape of `alerts` in `themes.json`."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.incoming import PageIn
from api.schemas.themes import QuoteOut
from feedback_nlp.records import AlertKind, Denominator
from feedback_nlp.reports.alerts import ALERT_DAYS


class AlertsIn(PageIn):
    """要哪些预警。"""

    days: int = Field(
        default=ALERT_DAYS,
        ge=1,
        le=36_500,
        description="最近几天，从最新一条评论那天往回数",
    )


class SpikeOut(BaseModel):
    """突增的数字：最近几天与此前的基线相比。"""

    window_days: int = Field(description="最近几天", examples=[7])
    baseline_days: int = Field(description="基线用了几天", examples=[56])
    observed: int = Field(description="这几天的评论数", examples=[23])
    expected: float = Field(description="按基线预期的评论数", examples=[3.1])
    ratio: float = Field(description="实际是预期的几倍", examples=[7.42])
    low: float = Field(description="倍数的 95% 区间下限", examples=[4.1])
    high: float = Field(description="倍数的 95% 区间上限", examples=[13.8])
    p: float = Field(description="偶然达到这么多的概率", examples=[0.0001381])
    q: float = Field(description="当天同样显著的预警里误报的比例", examples=[0.01547])
    dispersion: float = Field(description="平时波动：方差 ÷ 均值，1 是纯偶然", examples=[1.23])
    denominator: Denominator = Field(
        description="按什么折算：曝光量 exposure 或评论总数 reviews", examples=["reviews"]
    )


class AlertOut(BaseModel):
    """一条预警。突增持续期间编号不变，数字是最近一次的。"""

    id: str = Field(description="编号", examples=["spike/T-0042/2026-03-02"])
    kind: AlertKind = Field(
        description="突增 spike、新主题 new_theme、安全 safety、未成年人 minors、法律与曝光 legal"
    )
    theme: str | None = Field(description="主题编号；说的是一条评论时为 null", examples=["T-0042"])
    theme_name: str | None = Field(description="主题现在的名称", examples=["更新后闪退"])
    review_id: str | None = Field(
        description="评论编号；说的是主题时为 null", examples=["R-0123456789abcdef"]
    )
    day: date = Field(description="第一次预警的日子", examples=["2026-03-02"])
    last: date = Field(description="最后一次仍成立的日子", examples=["2026-03-05"])
    new: bool = Field(description="是不是最新那天才有的")
    reason: str = Field(description="一句话的依据", examples=["法律与曝光：评论提到“12315”"])
    quotes: list[QuoteOut] = Field(description="引起预警的原话；说的是主题时为空")
    spike: SpikeOut | None = Field(description="突增的数字；别的预警为 null")


class AlertsOut(BaseModel):
    """预警，最后成立的日子近的在前。"""

    alerts: list[AlertOut]
    as_of: date | None = Field(description="最新一条评论的日子；什么也没有时为 null")
    total: int = Field(description="一共有几条", examples=[3])
    limit: int = Field(description="本页最多几条", examples=[20])
    offset: int = Field(description="跳过了前面几条", examples=[0])
