import json
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from builders import NOW, shanghai
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import InputError
from feedback_nlp.intake.entries import Entry
from feedback_nlp.intake.held import Held
from feedback_nlp.records import Rejected, Reply, Review, ReviewKind
from feedback_nlp.tabular.sheets import Row

Read = Callable[..., list[Any]]

# --- tickets ---------------------------------------------------------------------------------

TICKET = (
    "工单号|标题|问题描述|创建时间|首次响应时间|回复内容|处理结果|解决时间|客户|客服|满意度|状态"
)


def test_ticket_keeps_both_sides_apart(read: Read) -> None:
    (review,) = read(
        "support",
        TICKET,
        "G1|退款|钱没到账|2026-03-01 09:00|2026-03-01 09:30|在查|已补发|2026-03-02 10:00"
        "|u1|小王|不满意|已关闭",
    )
    assert review == Review(
        id=review.id,
        channel="客服",
        text="退款\n钱没到账",
        external_id="G1",
        kind=ReviewKind.TICKET,
        created_at=shanghai(2026, 3, 1, 9),
        author_id="u1",
        csat=2,
        replies=(
            Reply("在查", shanghai(2026, 3, 1, 9, 30)),
            Reply("已补发", shanghai(2026, 3, 2, 10)),
        ),
        resolved_at=shanghai(2026, 3, 2, 10),
        extras=(("客服", "小王"), ("状态", "已关闭")),
    )


def test_time_of_the_first_answer_is_kept_without_its_words(read: Read) -> None:
    (review,) = read("support", "工单号|描述|首次响应时间", "G1|坏了|2026-03-01 09:30")
    assert review.replies == (Reply("", shanghai(2026, 3, 1, 9, 30)),)


@pytest.mark.parametrize(("cell", "csat"), [("4星", 4), ("未评价", None), ("一般", 3), ("5分", 5)])
def test_satisfaction_may_be_written_in_words(read: Read, cell: str, csat: int | None) -> None:
    (review,) = read("support", "描述|满意度", f"坏了|{cell}")
    assert review.csat == csat


TRANSCRIPT = "客户 10:01: 灯坏了\\n机器人 10:01: 您好\\n客服小王 10:02: 请寄回\\n客户 10:05: 好吧"


def test_transcript_in_one_cell_is_taken_apart(read: Read) -> None:
    (review,) = read(
        "support",
        "工单号|创建时间|聊天记录|首次响应时间",
        f"G1|2026-03-01|{TRANSCRIPT}|2026-03-01 10:02",
    )
    assert review.text == "灯坏了\n好吧"
    assert review.created_at == shanghai(2026, 3, 1)
    assert review.replies == (Reply("请寄回", shanghai(2026, 3, 1, 10, 2)),)
    assert review.extras == (("机器人消息数", "1"), ("机器人消息", "您好"))


def test_conversation_in_the_text_itself_is_taken_apart(read: Read) -> None:
    (review,) = read(
        "support", "工单号|标题|内容", "G1|客诉|客户：灯坏了\\n客服：好的\\n客户：快点"
    )
    assert (review.text, [reply.text for reply in review.replies]) == ("灯坏了\n快点", ["好的"])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("我打了电话\\n客服：不归我管|", "对话第一句看不出是谁说的"),
        ("客户：坏了\\n客服：好|客户：坏了", "正文里夹着客服的话，聊天记录列里也有"),
    ],
)
def test_text_where_nobody_can_tell_who_speaks_is_rejected(
    read: Read, row: str, reason: str
) -> None:
    (rejected,) = read("support", "内容|聊天记录", row)
    assert rejected.reason.startswith(reason)


def test_description_that_the_transcript_repeats_counts_once(read: Read) -> None:
    first, second = read(
        "support",
        "工单号|描述|聊天记录",
        "G1|灯坏了|客户：灯坏了\\n客服：好",
        "G2|要退款|客户：灯坏了\\n客服：好",
    )
    assert (first.text, second.text) == ("灯坏了", "要退款\n灯坏了")


def test_one_conversation_a_row_is_a_chat(read: Read) -> None:
    (review,) = read("support", "会话ID|聊天记录", "C1|客户 2026-03-01 10:01：坏了")
    assert (review.kind, review.external_id) == (ReviewKind.CHAT, "C1")
    assert review.created_at == shanghai(2026, 3, 1, 10, 1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("G1|客服：您好|", "会话里没有客户说的话"),
        ("G1||", "正文为空"),
        ("G1|您好|", "对话第一句看不出是谁说的"),
        ("G1|张三 10:01：您好|", "看不出“张三”是客户还是客服"),
        ("G1|客户：坏了|十分", "满意度"),
    ],
)
def test_unusable_ticket_is_rejected(read: Read, row: str, reason: str) -> None:
    rejected, good = read("support", "工单号|聊天记录|满意度", row, "G2|客户：坏了|5")
    assert isinstance(rejected, Rejected)
    assert reason in rejected.reason
    assert isinstance(good, Review)


# --- chats -----------------------------------------------------------------------------------

CHAT = "会话ID|角色|消息内容|发送时间|客户|技能组|满意度|结束时间"
MESSAGES = (
    "C1|客户|灯坏了|2026-03-01 10:01:00|u1|售后|4|2026-03-01 11:00",
    "C2|机器人|您好|2026-03-01 10:01:05||||",
    "C1|客服|请寄回|2026-03-01 10:02:00|u1|售后|4|2026-03-01 11:00",
    "C2|客户|怎么退款|2026-03-01 10:02:10||售前||",
    "C1|客户|好吧|2026-03-01 10:05:00|u1|客诉|4|2026-03-01 11:00",
    "C2|系统|会话超时|2026-03-01 10:30:00||||",
)


def test_chat_is_one_review_a_conversation(read: Read) -> None:
    first, second = read("support", CHAT, *MESSAGES)
    assert first == Review(
        id=first.id,
        channel="客服",
        text="灯坏了\n好吧",
        external_id="C1",
        kind=ReviewKind.CHAT,
        created_at=shanghai(2026, 3, 1, 10, 1),
        author_id="u1",
        csat=4,
        replies=(Reply("请寄回", shanghai(2026, 3, 1, 10, 2)),),
        resolved_at=shanghai(2026, 3, 1, 11),
        extras=(("技能组", "售后；客诉"),),
    )
    assert second.text == "怎么退款"
    assert second.replies == ()
    assert dict(second.extras) == {
        "技能组": "售前",
        "机器人消息数": "1",
        "机器人消息": "您好",
        "系统消息数": "1",
        "系统消息": "会话超时",
    }


def test_order_of_messages_in_the_file_does_not_matter(read: Read) -> None:
    expected = {review.id: review for review in read("support", CHAT, *MESSAGES)}
    for order in permutations(MESSAGES):
        assert {review.id: review for review in read("support", CHAT, *order)} == expected


def test_numbers_of_messages_order_them_where_all_have_one(read: Read) -> None:
    (review,) = read(
        "support", "会话ID|发送方|内容|序号", "C1|客户|二|2", "C1|客户|十|10", "C1|客户|一|1"
    )
    assert review.text == "一\n二\n十"


def test_sender_known_by_the_names_of_the_row(read: Read) -> None:
    (review,) = read(
        "support",
        "会话ID|发送人|内容|时间|客户昵称|客服昵称",
        "C1|阿明|坏了|2026-03-01 10:00|阿明|小王",
        "C1|小王|您好|2026-03-01 10:01|阿明|小王",
    )
    assert (review.text, [reply.text for reply in review.replies]) == ("坏了", ["您好"])


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("|客户|在吗|2026-03-01", "没有会话 ID，不知道属于哪次会话"),
        (
            "C1|阿明|在吗|2026-03-01",
            "看不出“阿明”是客户还是客服；请改写为 客户、客服、机器人 或 系统",
        ),
        ("C1||在吗|2026-03-01", "没有写明是谁发的消息"),
        ("C1|客户||2026-03-01", "正文为空"),
        ("C1|客户|在吗|", "没有时间或消息序号，排不出先后"),
        ("C1|客户|在吗|2026-02-30", "时间“2026-02-30”不存在，请核对日期和钟点"),
        ("C2|客服|您好|2026-03-01", "会话 C2：会话里没有客户说的话"),
    ],
)
def test_unusable_message_is_rejected_and_the_others_count(
    read: Read, message: str, reason: str
) -> None:
    found = read("support", "会话ID|角色|内容|时间", message, "C1|客户|坏了|2026-03-01")
    (rejected,) = (row for row in found if isinstance(row, Rejected))
    assert (rejected.line, rejected.reason) == (2, reason)
    assert json.loads(rejected.raw)["会话ID"] == message.split("|", maxsplit=1)[0]
    assert [row.text for row in found if isinstance(row, Review)] == ["坏了"]


def test_conversation_with_a_cell_that_cannot_be_read_is_rejected(read: Read) -> None:
    (rejected,) = read("support", "会话ID|角色|内容|时间|满意度", "C1|客户|坏了|2026-03-01|十分")
    assert rejected.reason.startswith("会话 C1：")


@pytest.mark.parametrize(
    ("header", "row", "reason"),
    [
        ("角色|内容|时间", "客户|坏了|2026-03-01", "有角色列却没有会话 ID 列"),
        ("会话ID|角色|内容", "C1|客户|坏了", "消息没有时间列也没有序号列"),
    ],
)
def test_chat_without_a_column_to_join_or_order_by_is_an_input_error(
    read: Read, header: str, row: str, reason: str
) -> None:
    with pytest.raises(InputError, match=rf"样例\.csv: {reason}.*--map"):
        read("support", header, row)


def test_json_lines_may_mix_tickets_and_messages(read_json: Read) -> None:
    lines = (
        '{"会话ID": "C1", "角色": "客户", "内容": "坏了", "时间": "2026-03-01"}\n'
        '{"工单号": "G1", "描述": "慢"}\n{"角色": "客户", "内容": "坏了"}'
    )
    found = read_json("support", lines)
    assert [row.text for row in found if isinstance(row, Review)] == ["慢", "坏了"]
    assert [row.reason for row in found if isinstance(row, Rejected)] == [
        "没有会话 ID，不知道属于哪次会话"
    ]


def test_more_than_can_be_held_is_refused_by_line() -> None:
    held = Held("大.csv", limit=100)
    held.add("C1", Entry(Row(2, {"内容": "好" * 70}), {}))
    with pytest.raises(
        InputError, match=r"大\.csv: 第 3 行起超过一次能归并的 100 个字符；请按日期拆成"
    ):
        held.add("C2", Entry(Row(3, {"内容": "好" * 70}), {}))


ROLES = {
    "客户": "甲",
    "客服小王": "乙",
    "智能客服": "丙",
    "系统": "丁",
    "客户经理": "戊",
    "阿明": "己",
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["C1", "C2"]), st.sampled_from(list(ROLES))), max_size=9))
def test_words_of_agents_never_reach_the_text(
    read: Read, conversation: list[tuple[str, str]]
) -> None:
    rows = [
        f"{group}|{role}|{ROLES[role]}{number}|2026-03-01 10:{number:02}"
        for number, (group, role) in enumerate(conversation)
    ]
    found = read("support", "会话ID|角色|内容|时间", *rows)
    texts = "".join(row.text for row in found if isinstance(row, Review))
    answers = "".join(
        reply.text for row in found if isinstance(row, Review) for reply in row.replies
    )
    assert not set(texts) & {"乙", "丙", "丁", "戊", "己"}
    assert not set(answers) & {"甲", "丙", "丁", "己"}
    assert texts.count("甲") == sum(role == "客户" for _, role in conversation)


def test_now_bounds_the_times_of_a_chat(read: Read) -> None:
    (rejected,) = read("support", "会话ID|角色|内容|时间", f"C1|客户|坏了|{NOW.year + 1}-01-01")
    assert "在将来" in rejected.reason
