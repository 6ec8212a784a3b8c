"""Replies: whom to tell that a problem is fixed, drafts, what was sent, calls."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, StringConstraints

from api.schemas.incoming import PageIn
from api.schemas.policy import SOME_NAME, SignedIn
from api.schemas.satisfaction import EstimateOut
from api.schemas.targets import Day
from feedback_nlp.records import Answered, Purpose, TemplateKind, TicketState
from feedback_nlp.replies.audience import LeftOut
from feedback_nlp.replies.drafts import Style
from feedback_nlp.workflows.browse_replies import Footing
from feedback_nlp.workflows.note_sent import LONGEST_CHANNEL, LONGEST_TEXT, MOST_REVIEWS

MAX_ID: Final = 200
_EARLY: Final = "为真时，已发布、还没有验证的工单也可以；文案只说已发布新版本"

SOME_TEXT: Final = r"^[^\x00]*[^\s\x00][^\x00]*$"
ANY_TEXT: Final = r"^[^\x00]*$"

Id = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID, pattern=SOME_NAME)]
SomeText = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=SOME_TEXT)
]


class AudienceIn(PageIn):
    """看哪一部分用户。"""

    early: bool = Field(default=False, description=_EARLY)


class RepliesIn(AudienceIn):
    """看哪一部分草稿。"""

    kind: Style | None = Field(
        default=None,
        description="都写成 app_store（公开回复）或 service（客服话术）；不写则看渠道",
    )


class SendIn(SignedIn):
    """记下已经通知了谁；程序自己不发消息。"""

    ticket: Id = Field(description="工单编号", examples=["K-0007"])
    reviews: Annotated[list[Id], Field(min_length=1, max_length=MOST_REVIEWS)] | None = Field(
        default=None, description="回复了哪些评论；null 或不写表示名单里的用户都通知了"
    )
    text: SomeText | None = Field(
        default=None, description="实际发出的文字，会脱敏；不写则按草稿记"
    )
    channel: (
        Annotated[
            str, StringConstraints(min_length=1, max_length=LONGEST_CHANNEL, pattern=SOME_NAME)
        ]
        | None
    ) = Field(default=None, description="从哪里发的；不写则为评论的渠道", examples=["电话"])
    result: Answered | None = Field(
        default=None, description="satisfied 满意、unsolved 还没解决、unreached 没联系上；可以不写"
    )
    early: bool = Field(default=False, description=_EARLY)
    leave_out: bool = Field(
        default=False, description="为真时略过不愿收到消息的用户；不写则拒绝（409）"
    )
    kind: Style | None = Field(default=None, description="按哪一种草稿记；不写则看渠道")


class SendsIn(PageIn):
    """看哪一部分记录。"""

    ticket: Id | None = Field(default=None, description="只看这张工单")


class CallbacksIn(PageIn):
    """看哪一天到期的回访。"""

    as_of: Day | None = Field(default=None, description="按哪一天算；不写则为今天（北京时间）")
    ticket: Id | None = Field(default=None, description="只看这张工单")


class CallIn(SignedIn):
    """一次回访的结果。"""

    review: Id = Field(description="评论编号，见回访列表", examples=["R-1a2b"])
    day: Literal[7, 30] = Field(description="第几天的回访：7 或 30", examples=[7])
    result: Answered = Field(
        description="satisfied 满意、unsolved 还没解决、unreached 没联系上（可以再记）"
    )
    ticket: Id | None = Field(default=None, description="工单编号；通知过几张时必须写")
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=ANY_TEXT)] = Field(
        default="", description="用户怎么说，会脱敏；可以不写"
    )


class AddresseeOut(BaseModel):
    """一位要通知的用户，和要回复的那条评论。"""

    user: str | None = Field(description="用户编号；没有编号为 null", examples=["U1024"])
    review: str = Field(description="其最近一条提到这个问题的评论", examples=["R-1a2b"])
    channel: str = Field(description="渠道", examples=["app_store"])
    external_id: str | None = Field(description="评论在对方系统里的编号；没有为 null")
    rating: float | None = Field(description="星级；没有为 null", examples=[1.0])
    tier: str | None = Field(description="客户等级；不知道为 null", examples=["A"])
    severity: int = Field(description="说到的最严重的程度，0 到 3", examples=[2])
    reviews: int = Field(description="提到这个问题的评论有几条", examples=[1])
    quote: str = Field(description="其原话", examples=["一打开就闪退"])
    at: datetime | None = Field(description="评论的时间，北京时间；不知道为 null")


class LeftOutOut(BaseModel):
    """没有列入的用户。"""

    reason: LeftOut = Field(
        description="competitor 属于竞品、quarantined 被隔离、changed 已改写或被人改判、"
        "opted_out 不愿收到消息、told 已经通知过、said_again 发布后又提到"
    )
    users: int = Field(description="几位用户", examples=[3])


class ToldOfOut(BaseModel):
    """一张工单的用户通知。"""

    ticket: str = Field(description="工单编号", examples=["K-0007"])
    state: TicketState = Field(description="工单的状态")
    footing: Footing = Field(
        description="依据：verdict 验证有效、person 人工确认、early 还没有验证，只能说已发布新版本"
    )
    version: str | None = Field(description="解决问题的版本；没有登记为 null", examples=["8.2"])
    released_at: datetime | None = Field(description="何时发布，北京时间；没有登记为 null")
    left_out: list[LeftOutOut] = Field(description="没有列入的用户，按原因")
    total: int = Field(description="一共要通知几位", examples=[42])
    limit: int = Field(description="本页最多几位", examples=[20])
    offset: int = Field(description="跳过了前面几位", examples=[0])


class AudienceOut(ToldOfOut):
    """要通知的用户，等级高的、严重的、最近的在前。"""

    users: list[AddresseeOut]
    unsolved: list[str] = Field(description="回访时说还没解决的用户的评论编号")


class DraftOut(BaseModel):
    """给一位用户的草稿。"""

    to: AddresseeOut
    template: TemplateKind = Field(description="用的哪一种模板", examples=["app_store_sorry"])
    text: str = Field(description="草稿，不超过渠道的上限")


class RepliesOut(ToldOfOut):
    """给各位用户的草稿，次序同名单。"""

    drafts: list[DraftOut]


class SentOut(BaseModel):
    """发过的一条消息，或一次回访。"""

    id: int = Field(description="编号，随时间增大", examples=[17])
    purpose: Purpose = Field(
        description="answer 首次答复、told 告知已解决、callback_7 和 callback_30 回访"
    )
    ticket: str | None = Field(description="工单编号；与工单无关为 null", examples=["K-0007"])
    review: str = Field(description="评论编号", examples=["R-1a2b"])
    user: str | None = Field(description="用户编号；没有编号为 null", examples=["U1024"])
    channel: str = Field(description="渠道", examples=["app_store"])
    text: str = Field(description="发出的文字，已脱敏；回访可能为空")
    result: Answered | None = Field(description="结果；没有为 null")
    author: str = Field(description="谁记的", examples=["小李"])
    at: datetime = Field(description="何时发出或答复的，北京时间")
    reason: str = Field(description="原因，没有写的为空")
    noted_at: datetime | None = Field(description="何时补记的，北京时间；当时就记下的为 null")


class NotedOut(BaseModel):
    """记下了什么。"""

    sends: list[SentOut]
    left_out: int = Field(description="略过了几位不愿收到消息的用户", examples=[0])
    again: bool = Field(description="为真表示刚才已经记过，没有重复记")


class SendsOut(BaseModel):
    """发过的消息和回访，最近的在前。"""

    sends: list[SentOut]
    total: int = Field(description="一共有几条", examples=[99])
    limit: int = Field(description="本页最多几条", examples=[20])
    offset: int = Field(description="跳过了前面几条", examples=[0])


class CallOut(BaseModel):
    """一个到期的回访。"""

    ticket: str | None = Field(description="工单编号", examples=["K-0007"])
    review: str = Field(description="评论编号，记结果时用", examples=["R-1a2b"])
    user: str | None = Field(description="用户编号；没有编号为 null", examples=["U1024"])
    channel: str = Field(description="通知时的渠道", examples=["app_store"])
    day: int = Field(description="第几天：7 或 30", examples=[7])
    due: date = Field(description="哪天到期", examples=["2026-12-01"])
    overdue: int = Field(description="过了几天，当天为 0", examples=[2])
    text: str = Field(description="可以怎样说")


class TallyOut(BaseModel):
    """被通知的用户后来怎么说；每位按最近一次明确的答复算一次。"""

    told: int = Field(description="通知了几位", examples=[42])
    satisfied: int = Field(description="满意的", examples=[12])
    unsolved: int = Field(description="说还没解决的", examples=[2])
    unreached: int = Field(description="始终没联系上的", examples=[5])
    satisfied_share: EstimateOut | None = Field(
        description="答复的人里满意的占比和 95% Wilson 区间；没有人答复为 null"
    )


class CallbacksOut(BaseModel):
    """到期的回访，过期最久的在前。"""

    as_of: date = Field(description="按哪一天算", examples=["2026-12-01"])
    callbacks: list[CallOut]
    unwanted: int = Field(description="到期、但不愿收到消息的用户数，不在列表里", examples=[0])
    tally: TallyOut
    total: int = Field(description="一共有几个", examples=[7])
    limit: int = Field(description="本页最多几个", examples=[20])
    offset: int = Field(description="跳过了前面几个", examples=[0])
