"""How often a theme comes up, by day or by week."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from feedback_nlp.records import Denominator
from feedback_nlp.workflows.theme_rates import MOST_DAYS, Step


class TrendIn(BaseModel):
    """看多久、按什么看。"""

    model_config = ConfigDict(extra="forbid")

    by: Step = Field(Step.DAY, description="day 按天，week 按周（周一起）")
    days: int = Field(91, ge=1, le=MOST_DAYS, description="从数据的最后一天往回数几天")


class RateOut(BaseModel):
    """一天或一周。"""

    start: date = Field(description="这一天，或这一周的周一")
    count: int = Field(description="提到这个主题的评论数", examples=[12])
    base: int = Field(description="分母：曝光量或评论总数", examples=[310])
    rate: float = Field(description="万投比，或占评论的比例；分母为 0 时是 0", examples=[0.0387])


class TrendOut(BaseModel):
    """走势，先后为序；各段用同一种分母。"""

    trend: list[RateOut]
    denominator: Denominator | None = Field(
        description="exposure 曝光量，rate 是万投比；reviews 评论总数；没有日期时为 null"
    )
