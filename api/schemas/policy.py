"""The policy of a team: its settings, a change of some, its history."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from feedback_nlp.workflows.set_policy import MOST_CHANGES
from feedback_nlp.workflows.signing import LONGEST_AUTHOR, LONGEST_REASON

MAX_KEY: Final = 200
MAX_VALUE: Final = 200
MAX_FIGURE: Final = 1e9

_CONTROL: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
ON_A_LINE: Final = rf"^[^{_CONTROL}]*$"
SOME_NAME: Final = rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"

Key = Annotated[str, Field(min_length=1, max_length=MAX_KEY)]
Written = Annotated[str, Field(min_length=1, max_length=MAX_VALUE)]
Figure = Annotated[float, Field(strict=True, ge=0, le=MAX_FIGURE, allow_inf_nan=False)]


class AuthorIn(BaseModel):
    """谁这样决定。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    author: str = Field(
        min_length=1,
        max_length=LONGEST_AUTHOR,
        pattern=SOME_NAME,
        description="操作人，写在一行里，不能全是空白",
        examples=["小李"],
    )


class SignedIn(AuthorIn):
    """谁为什么这样决定。"""

    reason: str = Field(
        default="",
        max_length=LONGEST_REASON,
        pattern=ON_A_LINE,
        description="原因，写在一行里；不要写个人信息",
        examples=["季度评审定的"],
    )


class PolicyIn(SignedIn):
    """改一些设置，要么全改，要么都不改。"""

    changes: dict[Key, Written | Figure] = Field(
        min_length=1,
        max_length=MOST_CHANGES,
        description="设置的名称和值，1 到 100 项；值写成数或文字，default 为改回默认值",
        examples=[{"reserve": 0.3, "tiers.A": 2, "board": "40,30,30"}],
    )


class ChangedOut(BaseModel):
    """一项设置改前改后。"""

    key: str = Field(description="名称", examples=["reserve"])
    before: str = Field(description="改之前的值", examples=["0.2"])
    after: str = Field(description="改之后的值", examples=["0.3"])


class ChangesOut(BaseModel):
    """改动了的设置；与原来相同的不在内，都相同则为空。下次 plan 按新的政策算。"""

    changes: list[ChangedOut]


class SettingOut(BaseModel):
    """一项设置。"""

    key: str = Field(description="名称，修改时用", examples=["reserve"])
    value: str = Field(description="现在的值，修改时可原样写回", examples=["0.3"])
    default: str = Field(description="默认值", examples=["0.2"])
    meaning: str = Field(description="含义", examples=["每个通道留给应急的份额"])


class PolicyChangeOut(BaseModel):
    """一次修改。"""

    number: int = Field(description="编号，随时间增大", examples=[3])
    author: str = Field(description="操作人", examples=["小李"])
    at: datetime = Field(description="时间，北京时间")
    reason: str = Field(description="原因，没有写的为空")
    changes: list[ChangedOut]


class PolicyOut(BaseModel):
    """现在的政策。"""

    settings: list[SettingOut]
    latest: PolicyChangeOut | None = Field(description="最近一次修改；从未改过为 null")


class PolicyHistoryOut(BaseModel):
    """政策的修改，最近的在前。"""

    history: list[PolicyChangeOut]
    total: int = Field(description="一共有几次", examples=[3])
    limit: int = Field(description="本页最多几次", examples=[20])
    offset: int = Field(description="跳过了前面几次", examples=[0])
