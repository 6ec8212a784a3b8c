"""What a request may carry: extras are forbidden, every number and length is bounded."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from api.reasons import field_path, reason
from feedback_nlp.records import ReviewKind

MAX_TEXT: Final = 20_000
MAX_REVIEWS: Final = 10_000
MAX_AT_ONCE: Final = 100
MAX_CHARACTERS_AT_ONCE: Final = 100_000
MAX_OFFSET: Final = 1_000_000
DEFAULT_CHANNEL: Final = "api"


def _storable(value: str) -> str:
    if "\0" in value:
        raise PydanticCustomError("nul", "含 NUL 字符，请删除")
    return value


def _readable(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "正文为空")
    return _storable(value)


def _one_line(value: str) -> str:
    # Part of the identity: a control character could make two identities look like one.
    if any(character < " " for character in value):
        raise PydanticCustomError("control", "含控制字符（换行、制表符等），请删除")
    return value


def _blank_is_missing(value: str | None) -> str | None:
    return value or None


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(_one_line),
]
Label = Annotated[
    Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_one_line)
    ]
    | None,
    AfterValidator(_blank_is_missing),
]


class ReviewIn(BaseModel):
    """一条评论：用户的一段话和它的来历。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[
        str, StringConstraints(min_length=1, max_length=MAX_TEXT), AfterValidator(_readable)
    ] = Field(description="原文", examples=["客服态度很好，但是物流太慢了"])
    id: Label = Field(
        default=None,
        description="对方系统里的编号。同渠道同编号是同一条评论；没有编号时按内容认定",
        examples=["A-20260301-17"],
    )
    channel: Name = Field(default=DEFAULT_CHANNEL, description="渠道", examples=["app_store"])
    kind: ReviewKind = Field(
        default=ReviewKind.REVIEW,
        description="评论 review、工单 ticket、问卷 survey、帖子 post、会话 chat",
    )
    created_at: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] | None
    ) = Field(
        default=None,
        description="用户发表的时间，精确到秒；不带时区按北京时间。2000 年以前和一天以后的不收",
        examples=["2026-03-01T14:05:00+08:00", "2026-03-01 14:05"],
    )
    product: Label = Field(default=None, description="产品", examples=["到家买菜"])
    version: Label = Field(default=None, description="版本", examples=["3.2.0"])
    region: Label = Field(default=None, description="地区", examples=["广东"])
    author_id: Label = Field(
        default=None, description="用户编号；没有时每条评论算一个用户", examples=["U1024"]
    )
    author_tier: Label = Field(default=None, description="客户等级", examples=["A"])
    rating: Annotated[float, Field(strict=True, ge=1, le=5, allow_inf_nan=False)] | None = Field(
        default=None, description="星级，1 到 5", examples=[2]
    )
    nps: Annotated[int, Field(strict=True, ge=0, le=10)] | None = Field(
        default=None, description="推荐意愿，0 到 10", examples=[3]
    )
    likes: Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)] = Field(
        default=0, description="点赞数", examples=[12]
    )


@dataclass(frozen=True, slots=True)
class FaultyReview:
    """An entry of `reviews` that is not a review: its words as far as we can show them, and why."""

    text: str
    reason: str


def _review_or_fault(value: object) -> ReviewIn | FaultyReview:
    try:
        return ReviewIn.model_validate(value)
    except ValidationError as error:
        faults = [
            ": ".join(filter(None, (field_path(fault["loc"]), reason(fault))))
            for fault in error.errors(include_url=False)
        ]
    text = value.get("text") if isinstance(value, dict) else None
    shown = text[:MAX_TEXT].encode("utf-8", "replace").decode() if isinstance(text, str) else ""
    return FaultyReview(shown, "；".join(faults))


# Any, because FastAPI would publish the schema of a fault as well.
Entry = Annotated[Any, PlainValidator(_review_or_fault, json_schema_input_type=ReviewIn)]


class ReviewsIn(BaseModel):
    """一批评论。某一条不合格，只影响那一条。"""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "reviews": [
                        {"text": "客服态度很好，但是物流太慢了"},
                        {
                            "id": "A-20260301-17",
                            "text": "更新以后一直闪退，希望尽快修复",
                            "channel": "app_store",
                            "created_at": "2026-03-01 14:05",
                            "version": "3.2.0",
                            "rating": 1,
                            "likes": 12,
                        },
                    ]
                }
            ]
        },
    )

    reviews: list[Entry] = Field(
        min_length=1,
        max_length=MAX_REVIEWS,
        description=f"1 到 {MAX_REVIEWS} 条；不超过 {MAX_AT_ONCE} 条、合计不超过 10 万字时立即标注",
    )


class PageIn(BaseModel):
    """要列表的哪一段。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=20, ge=1, le=100, description="最多返回几条")
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET, description="跳过前面几条")
