"""Edits of themes, what they did, and the history they leave."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.incoming import PageIn
from feedback_nlp.records import EditKind, How, ThemeState
from feedback_nlp.workflows.browse_themes import Listed
from feedback_nlp.workflows.edit_themes import LONGEST_NAME

MAX_ID: Final = 64
MAX_AUTHOR: Final = 100
MAX_REASON: Final = 500
"""Characters that say who did something, and why."""
MAX_OPINIONS: Final = 1_000
"""Opinions that one edit may name."""
MAX_SOURCES: Final = 100
MAX_START: Final = 1_000_000
MAX_NUMBER: Final = 2**31 - 1

NewName = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
OneThemeId = Annotated[str, Field(min_length=1, max_length=MAX_ID)]


class ThemesIn(PageIn):
    """要哪些主题。"""

    state: Listed = Field(default=Listed.OPEN, description="只要这个状态的主题；all 为全部")


class PlaceIn(BaseModel):
    """一个观点：哪条评论，从第几个字开始。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    review_id: str = Field(
        min_length=1, max_length=MAX_ID, description="评论编号", examples=["R-0123456789abcdef"]
    )
    start: int = Field(ge=0, le=MAX_START, description="观点从第几个字开始", examples=[0])


PlacesIn = Annotated[list[PlaceIn], Field(min_length=1, max_length=MAX_OPINIONS)]


class EditIn(BaseModel):
    """谁为什么修改，是否只看结果。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    author: str = Field(default="", max_length=MAX_AUTHOR, description="谁改的", examples=["小李"])
    reason: str = Field(
        default="",
        max_length=MAX_REASON,
        description="原因；不要写个人信息",
        examples=["说的是同一件事"],
    )
    dry_run: bool = Field(default=False, description="为真时只看会改变什么，不保存")


class RenameIn(EditIn):
    """改名。"""

    name: NewName = Field(
        description="新名称，前后空白不算，写在一行里；以后的运行不再改动它",
        examples=["登录页卡死"],
    )


class MergeIn(EditIn):
    """合并。"""

    sources: list[OneThemeId] = Field(
        min_length=1,
        max_length=MAX_SOURCES,
        description="被并入的主题，1 到 100 个",
        examples=[["T-0007"]],
    )


class SplitIn(EditIn):
    """拆分。"""

    opinions: PlacesIn = Field(description="拆出的观点，1 到 1,000 个；原话相同的一起走")
    name: NewName | None = Field(
        default=None,
        description="新主题的名称；不写则下次 plan 自动取名",
        examples=["验证码收不到"],
    )


class MoveIn(EditIn):
    """移动观点。"""

    opinions: PlacesIn = Field(description="要移动的观点，1 到 1,000 个；原话相同的一起走")
    to: OneThemeId | None = Field(description="移到哪个主题；null 为未归类", examples=["T-0007"])


class UndoIn(EditIn):
    """撤销。"""

    number: int | None = Field(
        default=None,
        ge=1,
        le=MAX_NUMBER,
        description="撤销第几号修改；不写则为最近一次",
        examples=[12],
    )


class ChangeOut(BaseModel):
    """一个主题在修改前后。"""

    id: str = Field(description="主题编号", examples=["T-0042"])
    name: str = Field(description="修改后的名称", examples=["更新后闪退"])
    state: ThemeState = Field(description="修改后的状态")
    merged_into: str | None = Field(description="已并入哪个主题；没有为 null")
    before: int = Field(description="修改前的观点数", examples=[5])
    count: int = Field(description="修改后的观点数", examples=[8])


class EffectOut(BaseModel):
    """一次修改做了什么。优先级和工单在下次 plan 更新。"""

    number: int | None = Field(description="修改的编号，撤销时用；只看不改时为 null", examples=[12])
    kind: EditKind = Field(description="做了什么")
    dry_run: bool = Field(description="为真表示没有保存")
    themes: list[ChangeOut] = Field(description="改动的主题，最要紧的在前；拆分时新主题在前")
    moved: int = Field(description="换了主题的观点数，原话相同而一起走的也在内", examples=[3])
    warnings: list[str] = Field(description="要人处理的事，如不再列出的主题还有未完成的工单")


class EventOut(BaseModel):
    """主题发生过的一件事。"""

    number: int = Field(description="编号，随时间增大；人的修改用它撤销", examples=[12])
    kind: str = Field(
        description="人做的：rename、merge、split、move、close、reopen、undo；"
        "运行中发生的：created、renamed、dormant、revived、moved、remodelled",
        examples=["merge"],
    )
    theme: str = Field(
        description="这件事记在哪个主题名下；合并、拆分、移动可能是另一个", examples=["T-0042"]
    )
    at: datetime = Field(description="时间，北京时间")
    detail: dict[str, str] = Field(
        description="细节，随 kind 而不同", examples=[{"sources": "T-0007"}]
    )
    author: str | None = Field(description="谁改的；不是人改的为 null", examples=["小李"])
    reason: str | None = Field(description="原因；不是人改的为 null")
    undone: bool = Field(description="后来撤销了")


class HistoryOut(BaseModel):
    """一个主题的来历，先发生的在前。"""

    id: str = Field(description="主题编号", examples=["T-0042"])
    name: str = Field(description="现在的名称", examples=["更新后闪退"])
    named_by_hand: bool = Field(description="名称是人取的，运行时不会改动")
    state: ThemeState = Field(description="现在的状态")
    merged_into: str | None = Field(description="已并入哪个主题；没有为 null")
    events: list[EventOut]
    total: int = Field(description="一共有几件", examples=[4])
    limit: int = Field(description="本页最多几件", examples=[20])
    offset: int = Field(description="跳过了前面几件", examples=[0])


class MemberOut(BaseModel):
    """主题里的一个观点，它是怎样归入的。"""

    review_id: str = Field(description="评论编号", examples=["R-0123456789abcdef"])
    start: int = Field(description="观点从第几个字开始", examples=[0])
    end: int = Field(description="到第几个字为止，不含", examples=[9])
    text: str = Field(description="原话", examples=["更新以后一直闪退"])
    how: How | None = Field(
        description="founded 主题由此形成，same_words 原话相同，joined 与主题相近，"
        "carried 随原来的观点，by_hand 人工；没有记录为 null"
    )
    similarity: float | None = Field(
        description="归入时与主题的相似度，0 到 1；没有比较过为 null", examples=[0.83]
    )
    runner_up: str | None = Field(description="第二相近的主题", examples=["T-0003"])
    runner_up_similarity: float | None = Field(
        description="与第二相近的主题的相似度", examples=[0.61]
    )


class MembersOut(BaseModel):
    """主题里的观点和来历，按评论编号和位置排列。被改写的评论不再出现。"""

    members: list[MemberOut]
    total: int = Field(description="主题的观点数", examples=[112])
    limit: int = Field(description="本页最多几个", examples=[20])
    offset: int = Field(description="跳过了前面几个", examples=[0])
