"""Customer service: tickets, one row each, and chats, one row a message -> reviews.

What customers write is the review; what agents write are its replies, with their times for the
SLA; robots and the system are neither and stay in the extras with their number.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.chats import chat_review, check_message
from feedback_nlp.intake.entries import Entry, Given, Shape, entries
from feedback_nlp.intake.fields import with_base
from feedback_nlp.intake.held import Held
from feedback_nlp.intake.numbers import parse_csat
from feedback_nlp.intake.reading import Reading, titled
from feedback_nlp.intake.roles import Role, role_of
from feedback_nlp.intake.transcripts import is_transcript, read_transcript
from feedback_nlp.intake.turns import (
    NO_CUSTOMER,
    Turn,
    agent_replies,
    asides,
    customer_words,
    first_customer_time,
)
from feedback_nlp.records import Rejected, Reply, Review, ReviewKind
from feedback_nlp.tabular.sheets import Sheet

DEFAULT_CHANNEL: Final = "客服"
SHAPE: Final = Shape(
    fields=with_base(
        {
            "external_id": ("工单编号", "工单id", "ticket_id", "ticket id"),
            "conversation": (
                "会话id",
                "会话编号",
                "会话号",
                "对话id",
                "conversation_id",
                "session_id",
            ),
            "text": (
                "问题描述",
                "工单描述",
                "工单内容",
                "描述",
                "消息内容",
                "聊天内容",
                "消息",
                "message",
            ),
            "transcript": (
                "聊天记录",
                "对话记录",
                "会话记录",
                "会话详情",
                "聊天详情",
                "对话内容",
                "沟通记录",
                "会话内容",
                "transcript",
            ),
            "created_at": (
                "创建时间",
                "提交时间",
                "发送时间",
                "消息时间",
                "会话开始时间",
                "开始时间",
                "受理时间",
            ),
            "sequence": ("消息序号", "序号", "sequence", "seq"),
            "role": (
                "角色",
                "发送方角色",
                "发送者角色",
                "发送方类型",
                "发送者类型",
                "role",
                "sender_type",
            ),
            "sender": (
                "发送方",
                "发送者",
                "发送人",
                "发言人",
                "说话人",
                "sender",
                "speaker",
            ),
            "agent": (
                "客服",
                "客服姓名",
                "客服昵称",
                "坐席",
                "坐席姓名",
                "处理人",
                "受理人",
                "受理客服",
                "接待客服",
                "客服名称",
                "agent",
            ),
            "author_id": (
                "客户",
                "客户id",
                "客户昵称",
                "客户名称",
                "客户姓名",
                "访客",
                "访客id",
                "访客昵称",
            ),
            "reply": ("客服回复", "回复内容", "首次回复内容", "答复"),
            "replied_at": ("首次响应时间", "首次回复时间", "首响时间", "回复时间", "响应时间"),
            "solution": ("处理结果", "解决方案", "处理意见", "solution"),
            "resolved_at": (
                "解决时间",
                "关闭时间",
                "完结时间",
                "完成时间",
                "结束时间",
                "会话结束时间",
                "resolved_at",
            ),
            "csat": ("满意度", "满意度评分", "满意度评价", "csat"),
        }
    ),
    required=(("text", "transcript", "title"),),
)
_KEPT: Final = frozenset({"agent", "role", "sender", "sequence"})


def read(
    sheet: Sheet, *, now: datetime, channel: str = DEFAULT_CHANNEL, given: Given = None
) -> Iterator[Review | Rejected]:
    """Yield one review a ticket as read, then one a conversation; unusable lines as `Rejected`.

    A row with a role or a sender is a message of a chat; all messages of the sheet are held until
    its end (at most `MAX_HELD` characters), so that neither their order nor rows between them
    matter. Every other row is a ticket, perhaps with a whole transcript in one cell, its text if
    the staff speaks there (its title is then no user voice). A conversation
    without words of a customer is rejected.

    Raises:
        InputError: no column holds words; messages cannot be joined or ordered for want of a
            column; more messages than can be held.
    """
    reading, chats = Reading(now, channel), Held(sheet.name)
    for entry in entries(sheet, SHAPE, given):
        if isinstance(entry, Rejected):
            yield entry
            continue
        is_message = _is_message(entry)
        if is_message and sheet.header:
            _check_columns(sheet, entry)
        try:
            if is_message:
                chats.add(check_message(entry, now), entry)
            else:
                yield reading.once(_ticket(entry, reading), entry)
        except ValueError as error:
            yield entry.rejected(str(error))
    for conversation, held in chats.groups.items():
        yield chat_review(conversation, held, reading)


def _is_message(entry: Entry) -> bool:
    speaks = "role" in entry.columns or "sender" in entry.columns
    return speaks and "transcript" not in entry.columns


def _check_columns(sheet: Sheet, entry: Entry) -> None:
    if "conversation" not in entry.columns:
        fault = "有角色列却没有会话 ID 列，消息归不到会话；请补上，或用 --map 你的表头=conversation"
        raise InputError(f"{sheet.name}: {fault}")
    if not {"created_at", "sequence"} & entry.columns.keys():
        fault = "消息没有时间列也没有序号列，排不出先后；请补上，或用 --map 你的表头=created_at"
        raise InputError(f"{sheet.name}: {fault}")


def _ticket(entry: Entry, reading: Reading) -> Review:
    turns = _transcript(entry, reading.now)
    in_text = entry.plain("transcript") is None and bool(turns)
    own, said = "" if in_text else titled(entry), customer_words(turns)
    text = said if own.strip() in said else "\n".join(filter(str.strip, (own, said)))
    if turns and not text.strip():
        raise ValueError(NO_CUSTOMER)
    conversation = entry.key("conversation")
    csat = entry.value("csat", parse_csat)
    is_chat = conversation is not None and entry.key("external_id") is None
    review = reading.review(
        entry,
        text,
        kind=ReviewKind.CHAT if is_chat else ReviewKind.TICKET,
        external_id=conversation,
        kept=_KEPT,
    )
    return replace(
        review,
        created_at=review.created_at or first_customer_time(turns),
        csat=csat,
        replies=_replies(entry, turns, review),
        extras=review.extras + asides(turns),
    )


def _transcript(entry: Entry, now: datetime) -> tuple[Turn, ...]:
    text, cell = entry.words("text"), entry.plain("transcript")

    def speakers(name: str) -> Role | None:
        return role_of(name, customer=entry.plain("author_id"), agent=entry.plain("agent"))

    if is_transcript(text, speakers):
        if cell is not None:
            raise ValueError("正文里夹着客服的话，聊天记录列里也有；请只留聊天记录列")
        cell = text
    if cell is None:
        return ()
    begun = entry.time("created_at", now)
    return read_transcript(cell, begun=begun, now=now, speakers=speakers)


def _replies(entry: Entry, turns: tuple[Turn, ...], review: Review) -> tuple[Reply, ...]:
    """Return every answer once: the row's own, those of the transcript, the solution last.

    A first answer that the row only times is the transcript's, unless that has no times.
    """
    said = agent_replies(turns)
    own = tuple(
        reply
        for reply in review.replies
        if (reply.text or not any(each.at for each in said))
        and reply.text not in {each.text for each in said}
    )
    solution = entry.plain("solution")
    last = () if solution is None else (Reply(solution, review.resolved_at),)
    return own + said + last


CHANNEL: Final = Channel("support", "客服工单与会话", SHAPE, read, DEFAULT_CHANNEL)
