"""Proposals about themes, and why an opinion is in its theme."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.incoming import PageIn
from api.schemas.theme_edits import MAX_AUTHOR, MAX_REASON
from api.schemas.themes import QuoteOut
from feedback_nlp.records import How, ProposalKind, ProposalState, ThemeState
from feedback_nlp.workflows.browse_proposals import ListedProposals


class ProposalsIn(PageIn):
    """要哪些建议。"""

    state: ListedProposals = Field(
        default=ListedProposals.OPEN, description="只要这个状态的建议；all 为全部"
    )


class RejectIn(BaseModel):
    """谁为什么拒绝。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    author: str = Field(
        default="", max_length=MAX_AUTHOR, description="谁拒绝的", examples=["小李"]
    )
    reason: str = Field(
        default="",
        max_length=MAX_REASON,
        description="原因；不要写个人信息",
        examples=["不是一回事"],
    )


class NamedThemeOut(BaseModel):
    """一个主题现在的样子。"""

    id: str = Field(description="主题编号", examples=["T-0042"])
    name: str = Field(description="名称", examples=["更新后闪退"])
    state: ThemeState = Field(description="状态")
    count: int = Field(description="观点数", examples=[8])


class PlacedQuoteOut(QuoteOut):
    """一句原声和它的位置。"""

    start: int = Field(description="从第几个字开始", examples=[0])
    end: int = Field(description="到第几个字为止，不含", examples=[9])


class ProposalOut(BaseModel):
    """一条建议：两个主题像是一个，或一个主题像是两个。"""

    id: str = Field(description="建议编号", examples=["P-0001"])
    kind: ProposalKind = Field(description="合并 merge 或拆分 split")
    state: ProposalState = Field(
        description="待处理 open、已接受 accepted、已拒绝 rejected、已过时 stale"
    )
    theme: NamedThemeOut = Field(description="并入哪个主题，或拆分哪个主题")
    other: NamedThemeOut | None = Field(description="被并入的主题；拆分为 null")
    similarity: float = Field(
        description="两边的观点平均有多相似，0 到 1；拆分是拆出的与其余的", examples=[0.83]
    )
    opinions: int = Field(description="拆出多少个观点；合并为 0", examples=[12])
    quotes: list[PlacedQuoteOut] = Field(description="拆出的原话，说得最多的在前，最多 3 句")
    at: datetime = Field(description="最初何时提出，北京时间")
    decided_at: datetime | None = Field(description="何时决定，北京时间；没有决定为 null")
    author: str | None = Field(description="谁决定的；没有决定为 null", examples=["小李"])
    reason: str | None = Field(description="原因；没有决定为 null")


class ProposalsOut(BaseModel):
    """建议，先提出的在前。"""

    proposals: list[ProposalOut]
    total: int = Field(description="一共有几条", examples=[4])
    limit: int = Field(description="本页最多几条", examples=[20])
    offset: int = Field(description="跳过了前面几条", examples=[0])


class RejectedOut(BaseModel):
    """拒绝了一条建议。"""

    id: str = Field(description="建议编号", examples=["P-0001"])
    state: ProposalState = Field(description="现在的状态", examples=["rejected"])


class ReasonOut(BaseModel):
    """现在看，这个观点与主题里别的观点有什么相同。"""

    sentence: str = Field(
        description="一句话的理由",
        examples=["与「一登录就卡死」相近（0.71）；同样说到：登录、卡死"],
    )
    similarity: float = Field(description="与主题现在的相似度，0 到 1", examples=[0.83])
    nearest: PlacedQuoteOut | None = Field(
        description="主题里最相近的另一种说法；没有别的说法为 null"
    )
    nearest_similarity: float = Field(
        description="与它的相似度，0 到 1；没有别的说法为 1", examples=[0.71]
    )
    words: list[str] = Field(description="同样说到的词", examples=[["登录", "卡死"]])
    same_words: int = Field(description="主题里另有几个观点说法完全相同", examples=[3])


class ExplainedOut(BaseModel):
    """一个观点为什么在它的主题里。"""

    review_id: str = Field(description="评论编号", examples=["R-0123456789abcdef"])
    start: int = Field(description="观点从第几个字开始", examples=[0])
    theme: NamedThemeOut = Field(description="它的主题")
    how: How = Field(
        description="founded 主题由此形成，same_words 原话相同，joined 与主题相近，"
        "carried 随原来的观点，by_hand 人工"
    )
    similarity: float | None = Field(
        description="归入时与主题的相似度，0 到 1；没有比较过为 null", examples=[0.83]
    )
    runner_up: str | None = Field(description="当时第二相近的主题", examples=["T-0003"])
    runner_up_similarity: float | None = Field(
        description="当时与第二相近的主题的相似度", examples=[0.61]
    )
    reason: ReasonOut | None = Field(
        description="现在看的理由；这句话没有说到具体的事、无从比较时为 null"
    )
