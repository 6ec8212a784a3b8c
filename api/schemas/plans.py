"""Answers about priorities and the plan."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.schemas.incoming import PageIn
from api.schemas.themes import PriorityOut
from feedback_nlp.records import Lane, Quadrant


class PrioritiesIn(PageIn):
    """要哪些主题。"""

    quadrant: Quadrant | None = Field(default=None, description="只要一个象限的；不写为全部")


class RankedOut(BaseModel):
    """一个主题和它的优先级。"""

    rank: int = Field(description="RICE 名次，从 1 起，在全部主题里的", examples=[1])
    theme: str = Field(description="主题编号", examples=["T-0042"])
    name: str = Field(description="主题名", examples=["更新后闪退"])
    topic: str = Field(description="话题编码", examples=["performance.crash"])
    priority: PriorityOut = Field(description="优先级")


class PrioritiesOut(BaseModel):
    """主题，按 RICE 从高到低。"""

    priorities: list[RankedOut] = Field(description="这一页")
    total: int = Field(description="一共几个", examples=[35])
    limit: int = Field(description="一页最多几个", examples=[50])
    offset: int = Field(description="跳过了几个", examples=[0])


class PlacedOut(BaseModel):
    """一张工单排在哪里，或为什么没有排上。"""

    ticket: str = Field(description="工单编号", examples=["K-0007"])
    theme: str = Field(description="主题编号", examples=["T-0042"])
    title: str = Field(description="工单标题", examples=["更新后闪退"])
    lane: Lane = Field(description="通道；没有排上的是它本来的通道", examples=["weekly"])
    weeks: float = Field(description="投入，人周", examples=[2.0])
    due: date | None = Field(description="截止日期；没有排上为 null", examples=["2026-03-09"])
    reason: str = Field(description="为什么", examples=["排入每周修复。"])


class LoadOut(BaseModel):
    """一条通道有多满。"""

    lane: Lane = Field(description="通道", examples=["weekly"])
    capacity: float = Field(
        description="可用人周，已扣除应急预留；应急通道是预留的总和", examples=[2.4]
    )
    used: float = Field(description="已排人周", examples=[2.0])
    until: date = Field(description="到哪一天", examples=["2026-03-09"])


class MoveOut(BaseModel):
    """一个主题的名次变动。"""

    theme: str = Field(description="主题编号", examples=["T-0042"])
    before: int = Field(description="上一次的名次", examples=[5])
    now: int = Field(description="这一次的名次", examples=[1])


class ChangeOut(BaseModel):
    """与上一次排序相比。"""

    compared: int = Field(description="两次都排过的主题数", examples=[33])
    tau: float | None = Field(
        description="Kendall τ：1 为先后完全相同，0 为毫无关系，-1 为完全相反；无法比较为 null",
        examples=[0.91],
    )
    moves: list[MoveOut] = Field(description="前 10 名中变动最大的")


class PlanOut(BaseModel):
    """最近一次排期。"""

    number: int = Field(description="第几次", examples=[12])
    as_of: date | None = Field(description="数据到哪一天；评论没有日期为 null")
    made_at: datetime = Field(description="何时排的")
    change: ChangeOut | None = Field(description="与上一次相比；第一次为 null")
    gap: float = Field(
        description="总需求最多还能提高的比例；0 为已证明是最好的排法", examples=[0.0]
    )
    loads: list[LoadOut] = Field(description="各通道有多满")
    slots: list[PlacedOut] = Field(description="排上的工单")
    waiting: list[PlacedOut] = Field(description="没有排上的工单")
