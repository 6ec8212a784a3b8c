"""Efforts of themes and tickets, and votes of the review board."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.policy import SignedIn
from feedback_nlp.priority.effort import LEAST_WEEKS, MOST_WEEKS
from feedback_nlp.records import Criterion, EffortKind, EffortSource
from feedback_nlp.workflows.cast_vote import MOST_POINTS

Points = Annotated[float, Field(ge=0, le=MOST_POINTS, allow_inf_nan=False)]


class EffortIn(SignedIn):
    """多少人周。"""

    weeks: float = Field(
        ge=LEAST_WEEKS,
        le=MOST_WEEKS,
        allow_inf_nan=False,
        description="人周，0.05 到 520",
        examples=[3],
    )


class NoteOut(BaseModel):
    """关于投入的一条记录。"""

    kind: EffortKind = Field(description="estimate 对主题的估计，actual 工单的实际投入")
    weeks: float | None = Field(description="人周；null 为撤回估计", examples=[3])
    ticket: str | None = Field(description="哪张工单；对主题的估计为 null", examples=["K-0007"])
    author: str = Field(description="操作人", examples=["小李"])
    at: datetime = Field(description="时间，北京时间")
    reason: str = Field(description="原因，没有写的为空")


class CountingEffortOut(BaseModel):
    """算数的投入。"""

    weeks: float = Field(description="人周", examples=[3])
    months: float = Field(description="人月", examples=[0.69])
    source: EffortSource = Field(
        description="override 人工估计，history 团队历史，default 类别默认；前面的胜过后面的"
    )
    reason: str = Field(
        description="理由", examples=["小李在 2026-03-02 估计 T-0042 要 3 人周，合 0.69 人月"]
    )


class EffortOut(BaseModel):
    """一个主题的投入。"""

    id: str = Field(description="主题编号", examples=["T-0042"])
    effort: CountingEffortOut | None = Field(
        description="下次 plan 用的；主题的话题不在现在的类别表里为 null"
    )
    notes: list[NoteOut] = Field(description="主题和它的工单的全部记录，先记的在前")


class ActualOut(BaseModel):
    """一张工单的实际投入。"""

    ticket: str = Field(description="工单编号", examples=["K-0007"])
    theme: str = Field(description="主题编号", examples=["T-0042"])
    weeks: float = Field(description="人周", examples=[3])


class BallotIn(SignedIn):
    """一个人对一个主题的全部评分；没有写的项和 null 是不打分，打过的撤回。"""

    feasibility: Points | None = Field(default=None, description="可行性，0 到 10 分", examples=[8])
    novelty: Points | None = Field(default=None, description="创新性，0 到 10 分", examples=[6])
    benefit: Points | None = Field(default=None, description="效益预期，0 到 10 分", examples=[7])


class VoteOut(BaseModel):
    """一个人对一项的评分。"""

    criterion: Criterion = Field(description="feasibility 可行性，novelty 创新性，benefit 效益预期")
    points: float = Field(description="0 到 10 分", examples=[8])
    author: str = Field(description="评分人", examples=["小李"])
    at: datetime = Field(description="时间，北京时间")
    reason: str = Field(description="理由，没有写的为空")


class CriterionOut(BaseModel):
    """一项的得分。"""

    criterion: Criterion = Field(description="哪一项")
    points: float = Field(description="各人评分的平均，0 到 10", examples=[7.5])
    votes: int = Field(description="几个人评过", examples=[2])
    weight: float = Field(description="权重，各项合计为 1；没有人评的项不在内", examples=[0.4])


class BoardOut(BaseModel):
    """评审得分，只按评分算；plan 时没有人评的可行性、效益预期用按数据估算的值补上。"""

    score: float = Field(description="0 到 10", examples=[7.1])
    criteria: list[CriterionOut]
    reason: str = Field(description="得分是怎样来的")


class VotesOut(BaseModel):
    """一个主题的评分。"""

    id: str = Field(description="主题编号", examples=["T-0042"])
    votes: list[VoteOut] = Field(description="算数的评分，每人每项最近的一次，先打的在前")
    board: BoardOut | None = Field(description="得分；没有人评过为 null")
