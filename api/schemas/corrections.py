"""What people say against a model's labels."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.annotations import ProbabilitiesOut, TopicOut
from api.schemas.listing import CursorIn, PageOut
from api.schemas.policy import ON_A_LINE, SignedIn
from api.schemas.search import Code
from api.schemas.theme_edits import MAX_NUMBER
from feedback_nlp.records import Intent, Polarity

ReviewCode = Annotated[str, Field(min_length=1, max_length=64, pattern=ON_A_LINE)]


class CorrectionsIn(CursorIn):
    """要哪些改正的哪一页。"""

    review_id: ReviewCode | None = Field(default=None, description="只要这条评论的")


class CorrectionIn(SignedIn):
    """一个观点应有的标签，只写要改的；`polarity` 和 `severity` 互相决定。"""

    review_id: ReviewCode = Field(description="评论编号", examples=["R-0123456789abcdef"])
    start: Annotated[int, Field(strict=True, ge=0, le=MAX_NUMBER)] = Field(
        description="观点在原文里的起点", examples=[7]
    )
    polarity: Polarity | None = Field(default=None, description="极性")
    intent: Intent | None = Field(default=None, description="意图")
    topics: list[Code] = Field(
        default=[],
        max_length=3,
        description="话题编码，最主要的在前",
        examples=[["logistics.speed"]],
    )
    severity: Annotated[int, Field(strict=True, ge=0, le=3)] | None = Field(
        default=None, description="严重程度：负面为 1 到 3，其余为 0", examples=[2]
    )


class PlainLabelsOut(BaseModel):
    """没有概率的标签；没有说到的为 null 或空。"""

    polarity: Polarity | None = Field(description="极性")
    intent: Intent | None = Field(description="意图")
    topics: list[str] = Field(description="话题编码，最主要的在前")
    severity: int | None = Field(description="严重程度")


class CorrectionOut(BaseModel):
    """一次改正；后来的胜过先前的。"""

    number: int = Field(description="编号，越晚越大", examples=[3])
    review_id: str = Field(description="评论编号", examples=["R-0123456789abcdef"])
    start: int = Field(description="观点在原文里的起点", examples=[7])
    end: int = Field(description="终点，不含", examples=[14])
    text: str = Field(description="观点的原文", examples=["但是物流太慢了"])
    said: PlainLabelsOut
    seen: PlainLabelsOut
    model: str = Field(description="改正时看到的是哪个模型的标签")
    author: str = Field(description="谁改的")
    at: datetime = Field(description="何时，北京时间")
    reason: str = Field(description="原因")
    present: bool = Field(description="评论现在还是那段正文；不是就不起作用", examples=[True])


class CorrectionsOut(PageOut):
    """改正，最近的在前。"""

    items: list[CorrectionOut]


class LabelsOut(BaseModel):
    """一个观点从此的标签；主题和工单下次 plan 生效。"""

    review_id: str = Field(description="评论编号", examples=["R-0123456789abcdef"])
    start: int = Field(description="在评论原文里的起点", examples=[7])
    polarity: Polarity = Field(description="极性")
    probabilities: ProbabilitiesOut
    uncertain: bool = Field(description="模型拿不准", examples=[False])
    topics: list[TopicOut] = Field(description="话题，最主要的在前")
    intent: Intent = Field(description="意图")
    severity: int = Field(description="严重程度，0 到 3", examples=[2])
