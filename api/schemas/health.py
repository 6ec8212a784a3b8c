"""How the service is."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Literal

from pydantic import BaseModel, Field


class AliveOut(BaseModel):
    """进程在运行。"""

    status: Literal["ok"] = Field(description="恒为 ok")


class QueueOut(BaseModel):
    """还有多少评论在等待分析。"""

    model: str = Field(description="正在使用的模型", examples=["encoder-zh/2026-03-01"])
    pending: int = Field(description="等待分析的评论数", examples=[0])
