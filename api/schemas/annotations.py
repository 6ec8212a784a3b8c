"""Answers about reviews: the shape of `feedback-nlp analyze`, and where a review came from."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime

from pydantic import BaseModel, Field

from feedback_nlp.records import Intent, Polarity, ReviewKind
from feedback_nlp.workflows.post_reviews import Status

SCORING = "已保存，尚未标注。运行 feedback-nlp score，或等每晚的定时任务。"


class ProbabilitiesOut(BaseModel):
    """三种极性的校准概率，和为 1（四舍五入到 4 位）。"""

    neg: float = Field(description="负面", examples=[0.8912])
    neu: float = Field(description="中性", examples=[0.0753])
    pos: float = Field(description="正面", examples=[0.0335])


class TopicOut(BaseModel):
    """一个话题编码和它的概率。"""

    code: str = Field(description="话题编码", examples=["logistics.speed"])
    probability: float = Field(description="校准概率", examples=[0.9131])


class OpinionOut(BaseModel):
    """一条观点：评论里的一个分句和它的标注。"""

    start: int = Field(description="在评论原文里的起点", examples=[7])
    end: int = Field(description="终点，不含", examples=[14])
    text: str = Field(description="原文片段", examples=["但是物流太慢了"])
    polarity: Polarity = Field(description="极性：负面 neg、中性 neu、正面 pos")
    probabilities: ProbabilitiesOut
    uncertain: bool = Field(description="模型拿不准；polarity 只是最可能的一种", examples=[False])
    topics: list[TopicOut] = Field(description="一到三个话题，最可能的在前")
    intent: Intent = Field(
        description="意图：抱怨 complaint、表扬 praise、建议 request、咨询 question、其他 other",
        examples=["complaint"],
    )
    severity: int = Field(
        description="0 无（非负面）、1 轻微、2 明显、3 涉及安全、健康、钱款、法律或完全不可用",
        ge=0,
        le=3,
        examples=[2],
    )


class AnnotationOut(BaseModel):
    """模型对一条评论的标注，字段同 `feedback-nlp analyze`。"""

    id: str = Field(description="本系统的评论编号", examples=["R-0123456789abcdef"])
    text: str = Field(description="评论原文", examples=["客服态度很好，但是物流太慢了"])
    polarity: Polarity = Field(description="整条评论的极性")
    probabilities: ProbabilitiesOut
    uncertain: bool = Field(description="模型拿不准", examples=[True])
    opinions: list[OpinionOut] = Field(description="观点，按在原文里的先后")
    quarantine: str | None = Field(description="被隔离的原因；未隔离为 null", examples=[None])
    model: str = Field(description="模型名和日期", examples=["linear-zh/2026-11-22"])
    error: str | None = Field(description="无法标注的原因；正常为 null", examples=[None])


class PostedOut(AnnotationOut):
    """一条评论提交的结果：保存得如何，标注得如何。"""

    id: str | None = Field(  # type: ignore[assignment] # null when nothing was stored
        description="本系统的评论编号；没有保存时为 null", examples=["R-0123456789abcdef"]
    )
    external_id: str | None = Field(description="对方系统里的编号", examples=["A-20260301-17"])
    channel: str | None = Field(description="渠道；没有保存时为 null", examples=["api"])
    status: Status = Field(
        description="新增 added、更新 revised（旧文另存）、没有变化 unchanged、未保存 rejected"
    )


class CountsOut(BaseModel):
    """各种结果各有几条，合计等于提交的条数。"""

    added: int = Field(description="新增", examples=[2])
    revised: int = Field(description="更新：编号已有而内容不同，旧文另存", examples=[0])
    unchanged: int = Field(description="没有变化", examples=[0])
    rejected: int = Field(description="不合格，没有保存", examples=[0])


class PostedPage(BaseModel):
    """每条评论一个结果，顺序与提交一致。"""

    results: list[PostedOut]
    counts: CountsOut


class RefusedOut(BaseModel):
    """一条没有保存的评论。"""

    index: int = Field(description="在 reviews 里的位置，从 0 数起", examples=[4711])
    error: str = Field(description="原因", examples=["text: 正文为空"])


class AcceptedOut(BaseModel):
    """一大批评论已保存，稍后标注。"""

    counts: CountsOut
    rejected: list[RefusedOut] = Field(description="没有保存的评论")
    pending: int = Field(description="整个工作区里等待标注的评论数", examples=[4096])
    scoring: str = Field(description="怎样得到标注", examples=[SCORING])


class ReplyOut(BaseModel):
    """客服或官方的一条回复；从不算作用户的话。"""

    text: str = Field(description="回复，已脱敏；有的来源只给时间，则为空")
    at: datetime | None = Field(description="回复时间，北京时间")


class UsageOut(BaseModel):
    """这位用户在这个版本里的使用情况。"""

    events: int = Field(description="事件数", examples=[42])
    seconds: float | None = Field(description="使用时长，秒；不知道为 null", examples=[1260])
    first: datetime = Field(description="最早一次，北京时间")
    last: datetime = Field(description="最近一次，北京时间")


class ReviewFieldsOut(BaseModel):
    """一条评论：正文和它的来历。"""

    id: str = Field(description="本系统的评论编号", examples=["R-0123456789abcdef"])
    external_id: str | None = Field(description="对方系统里的编号", examples=["A-20260301-17"])
    channel: str = Field(description="渠道", examples=["app_store"])
    kind: ReviewKind = Field(description="评论、工单、问卷、帖子或会话")
    text: str = Field(
        description="正文，个人信息已换成等长的 *", examples=["客服态度很好，但是物流太慢了"]
    )
    masked: list[str] = Field(description="正文里脱敏了哪几类个人信息", examples=[["mobile"]])
    created_at: datetime | None = Field(
        description="发表时间，北京时间", examples=["2026-03-01T14:05:00+08:00"]
    )
    product: str | None = Field(description="产品")
    version: str | None = Field(description="版本", examples=["3.2.0"])
    region: str | None = Field(description="地区", examples=["广东"])
    author_id: str | None = Field(description="用户编号")
    author_tier: str | None = Field(description="客户等级", examples=["A"])
    rating: float | None = Field(description="星级，1 到 5", examples=[2])
    nps: int | None = Field(description="推荐意愿，0 到 10")
    csat: int | None = Field(description="满意度，1 到 5")
    likes: int = Field(description="点赞数", examples=[12])
    replies: list[ReplyOut] = Field(description="客服或官方的回复")
    resolved_at: datetime | None = Field(description="工单或会话结束的时间，北京时间")
    extras: dict[str, str] = Field(description="导入文件里其余的列")


class ReviewOut(ReviewFieldsOut):
    """一条评论和它的标注。"""

    usage: UsageOut | None = Field(description="按用户和版本关联的使用情况；没有为 null")
    annotation: AnnotationOut | None = Field(description="标注；还没有标注时为 null")
