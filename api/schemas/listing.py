"""What every list with a cursor is asked, and how it answers."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.cursors import MAX_CURSOR
from api.schemas.policy import ON_A_LINE
from api.schemas.targets import Day

Written = Annotated[str, Field(min_length=1, max_length=200, pattern=ON_A_LINE)]
"""A value that is compared with a whole column."""


class CursorIn(BaseModel):
    """要列表的哪一页。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=20, ge=1, le=100, description="最多返回几条")
    cursor: Annotated[str, Field(min_length=1, max_length=MAX_CURSOR)] | None = Field(
        default=None, description="上一页的 `next_cursor`；不写则从头开始"
    )


class DaysIn(BaseModel):
    """哪些日子，按北京时间，左闭右开。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Day | None = Field(default=None, description="从这一天起", examples=["2026-03-01"])
    until: Day | None = Field(
        default=None, description="到这一天以前，不含这一天", examples=["2026-04-01"]
    )


class PageOut(BaseModel):
    """列表的一页。"""

    next_cursor: str | None = Field(description="下一页的游标；没有下一页时为 null")
