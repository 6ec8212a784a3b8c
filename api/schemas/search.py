"""Looking for reviews and opinions: filters, and what is found."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.schemas.annotations import AnnotationOut, ReviewFieldsOut
from api.schemas.listing import CursorIn, DaysIn, PageOut, Written
from api.schemas.policy import ON_A_LINE
from api.schemas.themes import VoiceOut
from feedback_nlp.records import Intent, Polarity, QuarantineReason, ReviewKind

MAX_QUERY = 100

Code = Annotated[str, Field(min_length=1, max_length=64, pattern=ON_A_LINE)]
Stars = Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)]


class Sort(StrEnum):
    """What a list begins with."""

    NEWEST = "newest"
    OLDEST = "oldest"


class SoughtIn(DaysIn):
    """要哪些评论；不写的不限。"""

    channel: Written | None = Field(default=None, description="渠道", examples=["app_store"])
    product: Written | None = Field(default=None, description="产品")
    version: Written | None = Field(default=None, description="版本", examples=["3.2.0"])
    region: Written | None = Field(default=None, description="地区", examples=["广东"])
    tier: Written | None = Field(default=None, description="客户等级", examples=["A"])
    author_id: Written | None = Field(default=None, description="用户编号", examples=["U1024"])
    kind: ReviewKind | None = Field(default=None, description="评论、工单、问卷、帖子或会话")
    rating_min: Stars | None = Field(default=None, description="星级不低于", examples=[1])
    rating_max: Stars | None = Field(default=None, description="星级不高于", examples=[2])
    quarantined: bool | None = Field(
        default=None, description="true 只要被隔离的，false 不要；不写都要，各有标记"
    )
    competitor: bool | None = Field(
        default=None, description="true 只要竞品的，false 不要；不写都要，各有标记"
    )
    q: Annotated[str, Field(min_length=1, max_length=MAX_QUERY, pattern=ON_A_LINE)] | None = Field(
        default=None,
        description="正文里要有的词：先分词，每个词都要出现，先后不论；不分繁简、大小写、全角半角",
        examples=["物流慢"],
    )
    polarity: Polarity | None = Field(default=None, description="极性")
    topic: Code | None = Field(
        default=None, description="话题编码，属于其中一个话题即可", examples=["logistics.speed"]
    )
    theme: Code | None = Field(default=None, description="主题编号", examples=["T-0001"])
    sort: Sort = Field(
        default=Sort.NEWEST, description="最新的在前，或最早的在前；没有时间的总在最后"
    )


class ReviewsSoughtIn(SoughtIn):
    """要哪些评论；`polarity` 是整条评论的，`topic`、`theme` 是其中任一观点的。"""


class ReviewsPageIn(ReviewsSoughtIn, CursorIn):
    """要哪些评论的哪一页。"""


class OpinionsSoughtIn(SoughtIn):
    """要哪些观点；`theme=none` 是未归类：可以归入主题而没有归入的。"""

    intent: Intent | None = Field(default=None, description="意图")
    severity: Annotated[int, Field(ge=0, le=3)] | None = Field(
        default=None, description="严重程度不低于", examples=[2]
    )
    uncertain: bool | None = Field(default=None, description="模型是否拿不准")


class OpinionsPageIn(OpinionsSoughtIn, CursorIn):
    """要哪些观点的哪一页。"""


class FoundReviewOut(ReviewFieldsOut):
    """找到的一条评论。"""

    quarantine: QuarantineReason | None = Field(
        description="现在被隔离的原因；计入统计的为 null", examples=[None]
    )
    competitor: bool = Field(description="是竞品的评论，不计入本品", examples=[False])
    themes: list[str] = Field(description="它的观点归入了哪些主题", examples=[["T-0001"]])
    annotation: AnnotationOut | None = Field(description="标注，含人的改正；还没有标注时为 null")


class FoundReviewsOut(PageOut):
    """找到的评论。"""

    items: list[FoundReviewOut]


class FoundOpinionOut(VoiceOut):
    """找到的一条观点：原文里的位置、标注和它的出处。"""

    product: str | None = Field(description="产品")
    author_id: str | None = Field(description="用户编号")
    theme: str | None = Field(description="归入的主题；没有归入为 null", examples=["T-0001"])
    quarantine: QuarantineReason | None = Field(
        description="评论现在被隔离的原因；计入统计的为 null", examples=[None]
    )
    competitor: bool = Field(description="出自竞品的评论，不计入本品", examples=[False])
    model: str = Field(description="模型名和日期", examples=["linear-zh/2026-11-22"])


class FoundOpinionsOut(PageOut):
    """找到的观点。"""

    items: list[FoundOpinionOut]
