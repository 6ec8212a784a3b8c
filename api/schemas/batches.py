"""Batch runs and nights."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from api.schemas.alerts import AlertsOut
from api.schemas.listing import PageOut
from api.schemas.themes import RunOut, ThemesOut
from api.schemas.tickets import TicketsOut


class FoundRunOut(RunOut):
    """一次出报告的运行：读了什么，用了哪些版本，得到什么。"""

    id: str = Field(description="内容的摘要；同样的运行再做一次还是它")


class RunsOut(PageOut):
    """运行，最近的在前。"""

    items: list[FoundRunOut]


class InputOut(BaseModel):
    """一份要导入的文件。"""

    name: str = Field(description="文件名", examples=["三月.csv"])
    sha256: str = Field(description="内容的 SHA-256")


class StepOut(BaseModel):
    """夜间任务的一步。"""

    name: str = Field(description="名称", examples=["import"])
    done: bool = Field(description="做完了", examples=[True])
    figures: dict[str, Any] = Field(description="做了什么：数字和编号，没有用户的话")


class NightOut(BaseModel):
    """一次夜间任务。"""

    number: int = Field(description="编号，越晚越大", examples=[7])
    day: date = Field(description="哪一天的", examples=["2026-03-01"])
    at: datetime = Field(description="这一夜的时刻，之后来的不在内，北京时间")
    state: str = Field(description="进行中 running、完成 done、失败 failed", examples=["done"])
    inputs: list[InputOut] = Field(description="要导入的文件")
    steps: list[StepOut] = Field(description="各步")
    result: dict[str, Any] = Field(description="得到什么：数字和编号，重放时应当一样")
    finished_at: datetime | None = Field(description="结束的时间；没有结束为 null")


class NightsOut(PageOut):
    """夜间任务，最近的在前。"""

    items: list[NightOut]


class SummaryOut(BaseModel):
    """报告摘要：各自的第一页。"""

    run: RunOut | None = Field(description="最近一次运行；还没有为 null")
    themes: ThemesOut
    alerts: AlertsOut
    tickets: TicketsOut
