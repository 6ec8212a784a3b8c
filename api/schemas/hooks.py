"""Webhooks: who is told of what, and what became of it."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.listing import PageOut
from api.schemas.policy import ON_A_LINE
from feedback_nlp.notifiers.target_guard import LONGEST_URL
from feedback_nlp.records import EventKind
from feedback_nlp.workflows.manage_hooks import LONGEST_SECRET, SHORTEST_SECRET


class DeliveryState(StrEnum):
    """一次投递到了哪一步。"""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class HookIn(BaseModel):
    """一个网址，有事时向它发消息。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(
        min_length=1,
        max_length=LONGEST_URL,
        pattern=ON_A_LINE,
        description="https 网址；不能指向内部网络",
        examples=["https://example.com/hook"],
    )
    events: list[EventKind] = Field(default=[], max_length=20, description="哪些事；空列表表示全部")
    secret: str | None = Field(
        default=None,
        min_length=SHORTEST_SECRET,
        max_length=LONGEST_SECRET,
        pattern=r"^[\x21-\x7e]+$",
        description="签名用的密钥，ASCII；不写则生成一个",
    )


class HookOut(BaseModel):
    """一个 webhook；密钥不再显示。"""

    id: int = Field(description="编号", examples=[1])
    url: str = Field(description="网址", examples=["https://example.com/hook"])
    events: list[EventKind] = Field(description="哪些事")
    author: str = Field(description="谁加的", examples=["小李"])
    at: datetime = Field(description="何时加的；此前的事不会发，北京时间")


class MadeHookOut(HookOut):
    """刚加的 webhook 和它的密钥。"""

    secret: str = Field(
        description="只在这里显示一次", examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    )


class HooksOut(BaseModel):
    """webhook，先加的在前。"""

    items: list[HookOut]


class PingOut(BaseModel):
    """试发的结果。"""

    delivered: bool = Field(description="对方是否以 2xx 回答")
    status: int | None = Field(description="对方回答的 HTTP 状态码；没有回答时为 null")
    fault: str | None = Field(description="为什么没有送达；送达时为 null")


class DeliveryOut(BaseModel):
    """一件事发给一个 webhook 的情况。"""

    event_id: str = Field(
        description="消息编号；重发时不变，收方据此去重", examples=["ticket.changed:17"]
    )
    type: EventKind = Field(description="什么事")
    at: datetime = Field(description="何时发生的，北京时间；预警和验证只精确到天")
    data: dict[str, Any] = Field(description="消息里的 data：编号、状态、数值、链接")
    state: DeliveryState = Field(
        description="waiting 等待发送或重试、delivered 已送达、given_up 已放弃"
    )
    attempts: int = Field(description="试过几次", examples=[1])
    next_at: datetime | None = Field(description="下一次何时试；不再试时为 null")
    delivered_at: datetime | None = Field(description="何时送达；没有送达时为 null")
    status: int | None = Field(description="最近一次回答的 HTTP 状态码；没有回答时为 null")
    fault: str | None = Field(description="最近一次为什么失败；没有失败时为 null")


class DeliveriesOut(PageOut):
    """投递，新的在前。"""

    items: list[DeliveryOut]
