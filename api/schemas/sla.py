"""The service level: published figures, what is late, what was escalated."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.schemas.incoming import PageIn
from api.schemas.policy import SignedIn
from api.schemas.satisfaction import EstimateOut
from feedback_nlp.records import Answered, ReviewKind
from feedback_nlp.sla.clocks import Progress
from feedback_nlp.sla.standing import Cut
from feedback_nlp.workflows.browse_sla import MOST_DAYS, SLA_DAYS
from feedback_nlp.workflows.note_sent import LONGEST_TEXT


class SlaIn(BaseModel):
    """要哪些天的数字。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(
        default=SLA_DAYS, ge=1, le=MOST_DAYS, description="算最近几天来的，从现在往回数"
    )


class SlaListIn(PageIn):
    """要列表的哪一段。"""


class CloseIn(SignedIn):
    """谁处理的，怎样处理的。"""


class AnswerIn(SignedIn):
    """谁怎样答复的。"""

    text: str = Field(
        default="",
        max_length=LONGEST_TEXT,
        description="实际的答复，存的时候脱敏；打电话的可以不写",
    )
    at: AwareDatetime | None = Field(
        default=None,
        description="何时答复的，带时区；不写为现在",
        examples=["2026-03-06T17:45:00+08:00"],
    )
    result: Answered | None = Field(
        default=None,
        description="satisfied 满意（也算解决）、unsolved 还没解决、unreached 没联系上",
    )


class SpanOut(BaseModel):
    """一段时间，按日历和按工作时间。"""

    seconds: float = Field(description="按日历，秒", examples=[234000.0])
    business_seconds: float = Field(description="只算工作时间，秒", examples=[7200.0])


class FiguresOut(BaseModel):
    """一些投诉和负面评价的数字。"""

    cases: int = Field(description="这段时间来了几件", examples=[120])
    answered: EstimateOut | None = Field(
        description="首次答复及时率：到期的、知道何时答复的里，按时答复的占比；没有到期的为 null"
    )
    resolved: EstimateOut | None = Field(
        description="投诉按时解决率：到期的投诉里，按时解决的占比；没有到期的为 null"
    )
    took: SpanOut | None = Field(description="首次答复用时的中位数；没有知道时间的答复时为 null")
    overdue: int = Field(description="超时未答复的", examples=[5])
    untimed: int = Field(description="有答复、不知何时的：不算及时也不算超时", examples=[3])
    unresolved: int = Field(description="超时未解决的投诉", examples=[2])


class SlaRowOut(FiguresOut):
    """一个等级、部门、渠道、上限或来源的数字。"""

    by: Cut = Field(
        description="tier 客户等级、department 部门、channel 渠道、scenario 适用的上限、kind 来源"
    )
    name: str = Field(description="哪一个；没有写的为空", examples=["A"])


class SlaOut(BaseModel):
    """公布的数字，和现在的状况。"""

    first: datetime = Field(description="从何时起，北京时间")
    last: datetime = Field(description="到何时，北京时间")
    whole: FiguresOut = Field(description="全部")
    rows: list[SlaRowOut] = Field(description="分开看，每种里件数多的在前")
    overdue: int = Field(description="现在超时未答复的，只算最近 listed_days 天来的", examples=[5])
    soon: int = Field(description="现在快到期的，同上", examples=[2])
    escalated: int = Field(description="升级了还没有处理的", examples=[1])
    listed_days: int = Field(description="最近几天的逐条列出", examples=[90])
    older: int = Field(description="更早未答复的，只计数", examples=[3])
    undated: int = Field(description="没有时间、无法计时的", examples=[4])
    unknown_years: list[int] = Field(
        description="这些年的节假日安排未知，按周一到周五都是工作日算", examples=[[2027]]
    )


class SlaEntryOut(BaseModel):
    """一件投诉或负面评价。"""

    review_id: str = Field(description="评论编号", examples=["R-0123456789abcdef"])
    text: str = Field(description="最要紧的一句原话", examples=["物流太慢了"])
    start: int = Field(description="这句话在评论原文里从哪个字起", examples=[0])
    end: int = Field(description="到哪个字之前", examples=[5])
    created_at: datetime = Field(description="何时来的，北京时间")
    channel: str = Field(description="渠道", examples=["app_store"])
    kind: ReviewKind = Field(description="来源")
    tier: str | None = Field(description="客户等级；没有时为 null", examples=["A"])
    severity: int = Field(description="严重程度，0 到 3", examples=[2])
    topics: list[str] = Field(description="话题代码，最严重的观点的在前")
    department: str = Field(description="责任部门，由话题定", examples=["物流"])
    limit: str = Field(
        description="适用哪个上限", examples=["A 级客户的投诉：2 小时（工作时间）内首次答复"]
    )
    setting: str = Field(description="来自政策里的哪一项", examples=["sla.tiers.A"])
    answer: Progress = Field(description="首次答复：overdue 超时、soon 快到期，其余见文档")
    due: datetime = Field(description="最晚何时答复；升级的是最晚何时解决。北京时间")
    late: SpanOut = Field(description="超时多久；负数是还剩多久")
    escalated_at: datetime | None = Field(description="何时升级的；不在升级的列表里时为 null")


class SlaListOut(BaseModel):
    """最紧急的在前：严重程度 3 的在前，其余先到期的在前。"""

    entries: list[SlaEntryOut]
    total: int = Field(description="一共有几件", examples=[5])
    limit: int = Field(description="本页最多几件", examples=[20])
    offset: int = Field(description="跳过了前面几件", examples=[0])
    listed_days: int = Field(description="最近几天的逐条列出", examples=[90])
    older: int = Field(description="更早未答复的，只计数", examples=[3])
    unknown_years: list[int] = Field(description="这些年的节假日安排未知", examples=[[2027]])


class EscalationOut(BaseModel):
    """一件升级的投诉。"""

    review_id: str = Field(description="评论编号", examples=["R-0123456789abcdef"])
    at: datetime = Field(description="何时升级的，北京时间")
    due: datetime = Field(description="本该何时解决，北京时间")
    department: str = Field(description="责任部门", examples=["客服"])
    closed_by: str | None = Field(description="谁处理的；还没有时为 null", examples=["小李"])
    closed_at: datetime | None = Field(description="何时处理的，北京时间")
    note: str = Field(description="怎样处理的", examples=["已电话致歉并补发"])
