"""Answers about tickets and about the service itself."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.schemas.themes import PriorityOut, QuoteOut
from feedback_nlp.records import TicketState


class TicketOut(BaseModel):
    """一张改进工单。"""

    id: str = Field(description="工单编号", examples=["K-0007"])
    theme: str = Field(description="主题编号", examples=["T-0042"])
    title: str = Field(description="标题", examples=["修复：更新后闪退"])
    problem: str = Field(description="问题", examples=["98 个用户提到更新后闪退。"])
    evidence: list[QuoteOut] = Field(description="证据：原声和出处")
    department: str = Field(description="责任部门", examples=["研发"])
    lane: str = Field(
        description="通道：每周 weekly、每月 monthly、每季 quarterly、每年 yearly、应急 emergency",
        examples=["weekly"],
    )
    due: date = Field(description="截止日期", examples=["2026-03-09"])
    resources: str = Field(description="所需资源")
    acceptance: str = Field(description="验收标准")
    state: TicketState = Field(description="状态")
    priority: PriorityOut = Field(description="起草时的优先级")


class TicketsOut(BaseModel):
    """工单，按 RICE 从高到低。"""

    tickets: list[TicketOut]
    total: int = Field(description="一共有几张", examples=[14])
    limit: int = Field(description="本页最多几张", examples=[20])
    offset: int = Field(description="跳过了前面几张", examples=[0])


class HealthOut(BaseModel):
    """服务正常。"""

    status: Literal["ok"] = Field(description="恒为 ok；不正常时是 503")
    model: str = Field(description="正在使用的模型", examples=["linear-zh/2026-11-22"])
    pending: int = Field(description="等待标注的评论数", examples=[0])
