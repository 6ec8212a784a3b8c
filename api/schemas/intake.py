"""What came in: imports, the lines they refused, and the quarantine."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.listing import CursorIn, PageOut
from api.schemas.policy import ON_A_LINE, SignedIn
from feedback_nlp.records import QuarantineReason

MAX_LINE = 2_000
MOST_DECIDED = 100

ReviewIds = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=64, pattern=ON_A_LINE)]],
    Field(min_length=1, max_length=MOST_DECIDED),
]


class ImportOut(BaseModel):
    """一次导入。"""

    id: int = Field(description="编号，越晚越大", examples=[12])
    source: str = Field(
        description="文件名，压缩包和工作簿里的一份在 ! 之后", examples=["三月.xlsx!Sheet1"]
    )
    format: str = Field(description="格式", examples=["table"])
    channel: str = Field(description="渠道", examples=["app_store"])
    mapping: dict[str, str] = Field(description="列名对应的字段")
    notes: list[str] = Field(description="读的时候注意到的")
    counts: dict[str, int] = Field(description="各种结果各有几行", examples=[{"added": 400}])
    started_at: datetime = Field(description="开始的时间，北京时间")
    finished_at: datetime | None = Field(description="结束的时间；没有做完为 null")


class ImportsOut(PageOut):
    """导入记录，最近的在前。"""

    items: list[ImportOut]


class RejectionOut(BaseModel):
    """一行没能导入的。"""

    line: int = Field(description="行号，从 1 数起；0 是整份文件", examples=[17])
    reason: str = Field(description="原因", examples=["rating: 要在 1 到 5 之间"])
    raw: str = Field(description=f"原来的内容，个人信息已换成 *，最多 {MAX_LINE} 字")
    rejected_at: datetime = Field(description="最早遇到的时间，北京时间")
    corrected_at: datetime | None = Field(description="改好并导入的时间；还没有为 null")


class RejectionsOut(PageOut):
    """一次导入里没能导入的行，按行号。"""

    items: list[RejectionOut]


class QuarantineIn(CursorIn):
    """要隔离区的哪一页。"""

    reason: QuarantineReason | None = Field(default=None, description="只要这个原因的")
    all: bool = Field(default=False, description="也要人工恢复了的，和因涉及严重问题而从不隔离的")


class QuarantinedOut(BaseModel):
    """隔离区里的一条评论。"""

    review_id: str = Field(description="评论编号", examples=["R-0123456789abcdef"])
    text: str = Field(description="正文，个人信息已换成等长的 *")
    reason: QuarantineReason = Field(description="原因")
    detail: str = Field(description="规则的依据；规则（现在）没有找到它时为空")
    original: str | None = Field(description="与哪条评论重复；与重复无关为 null")
    found_at: datetime = Field(description="进入隔离区的时间，北京时间")
    effective: bool = Field(description="现在是否不计入统计", examples=[True])
    held: bool | None = Field(
        description="人的决定：true 隔离，false 恢复；null 由规则决定", examples=[None]
    )
    decided_by: str | None = Field(description="谁决定的")
    decided_at: datetime | None = Field(description="何时决定的，北京时间")
    note: str | None = Field(description="说明")


class QuarantinePageOut(PageOut):
    """隔离区，按评论编号。"""

    items: list[QuarantinedOut]


class ReleaseIn(SignedIn):
    """让哪些评论计入统计，规则不再改变这个决定。"""

    review_ids: ReviewIds = Field(
        description=f"1 到 {MOST_DECIDED} 个评论编号", examples=[["R-0123456789abcdef"]]
    )


class HoldIn(ReleaseIn):
    """不让哪些评论计入统计；其中涉及严重问题（严重度 3）的仍计入。"""

    quarantine_reason: QuarantineReason | None = Field(
        default=None, description="原因；规则没有找到的评论必须写", examples=["spam"]
    )


class DecidedOut(BaseModel):
    """决定了几条评论；下次 plan 生效。"""

    reviews: int = Field(description="评论数", examples=[1])
