"""What people send about tickets: which ones they look for, and what they change."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.schemas.incoming import PageIn
from api.schemas.policy import ON_A_LINE, SOME_NAME, AuthorIn, SignedIn
from api.schemas.targets import Day
from api.schemas.theme_edits import MAX_NUMBER
from feedback_nlp.records import Lane, TicketState
from feedback_nlp.workflows.browse_tickets import TicketOrder
from feedback_nlp.workflows.change_ticket import LONGEST_COMMENT, LONGEST_NAME, LONGEST_TITLE

MAX_ID: Final = 64

Owner = Annotated[str, Field(max_length=LONGEST_NAME, pattern=ON_A_LINE)]
Department = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=SOME_NAME)]


class TicketsIn(PageIn):
    """要哪些工单。"""

    state: TicketState | None = Field(default=None, description="只要这个状态的工单")
    owner: Owner | None = Field(default=None, description="只要这个人负责的；空白为没有负责人的")
    department: Department | None = Field(default=None, description="只要这个责任部门的")
    lane: Lane | None = Field(default=None, description="只要这个通道的")
    theme: Annotated[str, Field(max_length=MAX_ID)] | None = Field(
        default=None, description="只要这个主题的"
    )
    overdue_on: Day | None = Field(
        default=None, description="只要这一天以前到期、还没有发布的", examples=["2026-03-20"]
    )
    order: TicketOrder = Field(
        default=TicketOrder.RICE, description="rice 得分高的在前，due 先到期的在前"
    )


class ProgressIn(BaseModel):
    """要哪一周。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    week: Day | None = Field(
        default=None, description="这一天所在的周；不写则为本周", examples=["2026-03-09"]
    )


def _counted(value: object) -> object:
    # Else "3" and true would be revisions too; 3.0 is one for JSON.
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise PydanticCustomError("count", "应为整数")
    return value


class _ChangeIn(SignedIn):
    expected_revision: Annotated[int, BeforeValidator(_counted)] | None = Field(
        default=None,
        ge=0,
        le=MAX_NUMBER,
        description="你看到的 `revision`：别人改过就不写入，答 409；不写则改现在的样子",
        examples=[3],
    )


class TicketMoveIn(_ChangeIn):
    """移到哪个状态。移到挂起、不予实施、已验证要写明原因。"""

    to: TicketState = Field(description="移到哪个状态", examples=["进行中"])


class TicketAssignIn(_ChangeIn):
    """分派给谁；两项至少写一项。"""

    owner: Owner | None = Field(
        default=None, description="负责人；空白为没有负责人，不写则不变", examples=["张三"]
    )
    department: Department | None = Field(
        default=None, description="责任部门，以后的草稿不再改它；不写则不变", examples=["研发"]
    )


class TicketEditIn(_ChangeIn):
    """改哪些字段；以后的草稿不再改它们。至少写一项，不写的不变。"""

    title: (
        Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE, pattern=SOME_NAME)] | None
    ) = Field(default=None, description="标题", examples=["更新后闪退：先修安卓"])
    department: Department | None = Field(default=None, description="责任部门", examples=["研发"])
    due: Day | None = Field(default=None, description="截止日期", examples=["2026-03-20"])
    target: Annotated[float, Field(strict=True, gt=0, le=1, allow_inf_nan=False)] | None = Field(
        default=None, description="验证目标：发布后与发布前之比要低于它", examples=[0.8]
    )
    defaults: list[Literal["title", "department", "due", "target"]] = Field(
        default=[], max_length=4, description="交还草稿的字段", examples=[[]]
    )


class TicketCommentIn(AuthorIn):
    """一条备注。"""

    text: str = Field(
        min_length=1,
        max_length=LONGEST_COMMENT,
        description="可以换行；个人信息会被遮住",
        examples=["已与支付团队确认，\n下周三灰度。"],
    )
