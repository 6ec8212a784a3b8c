import re
from datetime import datetime

import pytest
from builders import NOW, shanghai
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.intake.roles import Role, role_of
from feedback_nlp.intake.transcripts import is_transcript, read_transcript
from feedback_nlp.intake.turns import Turn, agent_replies, asides, customer_words

BEGUN = shanghai(2026, 3, 1, 10, 0)
C, A = Role.CUSTOMER, Role.AGENT


def turns(cell: str, begun: datetime | None = BEGUN) -> list[Turn]:
    return list(read_transcript(cell, begun=begun, now=NOW))


def at(hour: int, minute: int) -> datetime:
    return shanghai(2026, 3, 1, hour, minute)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param(
            "客户 10:01: 打不开\n客服小王 10:02：您好，请重装",
            [Turn(C, "打不开", at(10, 1)), Turn(A, "您好，请重装", at(10, 2))],
            id="name, time, colon",
        ),
        pytest.param(
            "[10:01] 客户：打不开\n【10:02】客服：好的",
            [Turn(C, "打不开", at(10, 1)), Turn(A, "好的", at(10, 2))],
            id="time in brackets first",
        ),
        pytest.param(
            "用户 2026-03-01 10:01:00\n打不开\n急\n\n客服 2026-03-01 10:02:00\n好的",
            [Turn(C, "打不开\n急", at(10, 1)), Turn(A, "好的", at(10, 2))],
            id="name and time on a line of their own",
        ),
        pytest.param(
            "客户：打不开\n客服：好的",
            [Turn(C, "打不开"), Turn(A, "好的")],
            id="no times",
        ),
        pytest.param(
            "客户 10:01：打不开\n上面写着：10:05 维护\n客服 10:06：抱歉",
            [Turn(C, "打不开\n上面写着：10:05 维护", at(10, 1)), Turn(A, "抱歉", at(10, 6))],
            id="other lines go on with the turn",
        ),
        pytest.param(
            "客服 10:01：您的信息\n客户：张三\n订单：1\n客户 10:02：对",
            [Turn(A, "您的信息\n客户：张三\n订单：1", at(10, 1)), Turn(C, "对", at(10, 2))],
            id="a form in an agent's turn is the agent's",
        ),
        pytest.param(
            "客户 10:01：在吗\n客服：亲在的",
            [Turn(C, "在吗", at(10, 1)), Turn(A, "亲在的")],
            id="an agent without a time is still the agent",
        ),
        pytest.param(
            "客户：坏了\n订单号：7788\n客服：收到",
            [Turn(C, "坏了\n订单号：7788"), Turn(A, "收到")],
            id="what customers write before a colon",
        ),
        pytest.param(
            "客户：坏了\n客服态度：差\n系统版本：4\n客服：收到",
            [Turn(C, "坏了\n客服态度：差\n系统版本：4"), Turn(A, "收到")],
            id="words about the staff are not the staff's",
        ),
        pytest.param(
            "客户：坏了<br/>客服：<b>收到</b>\\n客户：好",
            [Turn(C, "坏了"), Turn(A, "收到"), Turn(C, "好")],
            id="breaks of HTML and written ones",
        ),
        pytest.param(
            "客户 10:01: 坏了 客服小王 10:02: 收到；客户 10:03: 好",
            [Turn(C, "坏了", at(10, 1)), Turn(A, "收到；", at(10, 2)), Turn(C, "好", at(10, 3))],
            id="turns with times on one line",
        ),
        pytest.param(
            "2026-03-01 10:01 客户：坏了 2026-03-01 10:02 客服：收到",
            [Turn(C, "坏了", at(10, 1)), Turn(A, "收到", at(10, 2))],
            id="turns with dates on one line",
        ),
        pytest.param(
            "客户 10:01：\n客服 10:02：在\n客户 10:03：坏了",
            [Turn(A, "在", at(10, 2)), Turn(C, "坏了", at(10, 3))],
            id="a turn without words is left out",
        ),
    ],
)
def test_transcript_becomes_turns(cell: str, expected: list[Turn]) -> None:
    assert turns(cell) == expected


def test_clock_past_midnight_is_the_next_day() -> None:
    found = turns("客户 23:59：在吗\n客服 0:01：在\n客户 0:00：坏了", shanghai(2026, 3, 1, 23, 58))
    assert [turn.at for turn in found] == [
        shanghai(2026, 3, 1, 23, 59),
        shanghai(2026, 3, 2, 0, 1),
        shanghai(2026, 3, 2, 0, 0),
    ]


def test_clock_without_a_day_is_no_time() -> None:
    assert [turn.at for turn in turns("客户 10:01：坏了\n客服 10:02：好", None)] == [None, None]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("打不开", "对话第一句看不出是谁说的：“打不开”；每句请写成 客户 10:01：……"),
        ("张三 10:01：打不开", "看不出“张三”是客户还是客服"),
        ("客户 10:01：坏了\n小李 10:02：您好", "看不出“小李”是客户还是客服"),
        ("客户：坏了\n小李：您好", "看不出“小李”是客户还是客服"),
        ("客户 2026-02-30 10:01：坏了", "时间“2026-02-30 10:01”不存在"),
        ("客户 25:01：坏了", "时间“2026-03-01 25:01”不存在"),
        ("客户：坏了 客服：您好", "几个人的话写在同一行，分不清谁说到哪里"),
        ("客服：您好 客户：坏了", "几个人的话写在同一行，分不清谁说到哪里"),
        ("客户 10:01：花了100 10:02 客服：退您", "几个人的话写在同一行"),
        ("   ", "对话第一句看不出是谁说的"),
    ],
)
def test_transcript_that_cannot_be_read_says_why(cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        turns(cell)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我问客服：为什么不退\n没人理", False),
        ("客服态度：差", False),
        ("客服说：不退", False),
        ("系统版本：4", False),
        ("灯坏了，要退款", False),
        ("", False),
        ("灯坏了\n客服：您好", True),
        ("灯坏了 客服小王：您好", True),
        ("客户：灯坏了\n客户经理：您好", True),
        ("用户 10:01\n灯坏了\n用户体验部 10:02\n您好", True),
        ("用户体验部 2026-03-01 10:02:00\n您好", True),
    ],
)
def test_text_is_a_transcript_when_the_staff_speaks_in_it(text: str, expected: bool) -> None:  # noqa: FBT001
    assert is_transcript(text) is expected


def test_quoted_staff_is_the_customers_word() -> None:
    cell = "客户 10:01：坏了\n我问客服：退不退\n客服说：不退\n客服 10:02：能退"
    assert turns(cell) == [
        Turn(C, "坏了\n我问客服：退不退\n客服说：不退", at(10, 1)),
        Turn(A, "能退", at(10, 2)),
    ]


@pytest.mark.parametrize(
    "filling", [" ", "客服", "客服 ", "10:01 ", "<p", "客户：", "1", "\n客服 ", "[", "客服 10:01 "]
)
def test_long_odd_cell_takes_no_longer_than_its_length(filling: str) -> None:
    cell = "客户 10:01：坏了\n客服" + filling * (200_000 // len(filling))
    assert is_transcript(cell) in {True, False}


# --- agent words never become user voice -----------------------------------------------------

SPEAKERS = {
    Role.CUSTOMER: ["客户", "用户张三", "买家"],
    Role.AGENT: ["客服", "客服小王", "坐席01", "客户经理"],
    Role.ROBOT: ["机器人", "智能客服"],
    Role.SYSTEM: ["系统", "系统消息"],
}
STYLES = ["{who} 10:{minute:02}: {text}", "[10:{minute:02}] {who}：{text}", "{who}：{text}"]
STYLES.append("{who} 2026-03-01 10:{minute:02}:00\n{text}")
LABEL = re.compile(r"客[服户][^\n]*[：:]|[0-9][：:][0-9]")
"""Words with a speaker or a clock may be a turn of their own, or are refused: nobody can tell."""
SAID = st.text("好坏慢卡退款，。！ab12：: \n客服户", min_size=0, max_size=12)
WORDS = st.lists(SAID.filter(lambda text: not LABEL.search(text)), min_size=1, max_size=3)
TURN = st.tuples(st.sampled_from(list(SPEAKERS)), st.integers(0, 3), WORDS)


MARKS = dict(zip(SPEAKERS, "甲乙丙丁", strict=True))


def marked(role: Role, number: int, words: list[str]) -> str:
    """Words of one turn, each line with a mark that says whose they are."""
    lines = "\n".join(words).splitlines() or [""]
    return "\n".join(f"《{MARKS[role]}{number}》{line}" for line in lines)


@given(
    st.lists(TURN, min_size=1, max_size=8),
    st.sampled_from(STYLES),
    st.sampled_from([" ", "；", "|", "<br>", " \n"]),
)
def test_words_on_one_line_are_told_apart_or_refused(
    conversation: list[tuple[Role, int, list[str]]], style: str, between: str
) -> None:
    cell = between.join(
        style.format(
            who=SPEAKERS[role][pick % len(SPEAKERS[role])], minute=number, text=MARKS[role]
        )
        for number, (role, pick, _) in enumerate(conversation)
    )
    try:
        found = turns(cell)
    except ValueError:
        return
    assert not set(customer_words(found)) & {"乙", "丙", "丁"}


@given(st.lists(TURN, min_size=1, max_size=8), st.sampled_from(STYLES))
def test_words_of_others_never_reach_the_customer(
    conversation: list[tuple[Role, int, list[str]]], style: str
) -> None:
    written = [
        style.format(
            who=SPEAKERS[role][pick % len(SPEAKERS[role])],
            minute=number,
            text=marked(role, number, words),
        )
        for number, (role, pick, words) in enumerate(conversation)
    ]
    found = turns("\n".join(written))
    text = customer_words(found)
    assert not set(text) & {"乙", "丙", "丁"}
    answers = "\n".join(reply.text for reply in agent_replies(found))
    for number, (role, _, _) in enumerate(conversation):
        assert f"《{MARKS[role]}{number}》" in {C: text, A: answers}.get(role, str(asides(found)))


@pytest.mark.parametrize(
    "cell",
    [
        "【客户】太慢了\n【客服】您好", "[客户] 太慢了\n[客服] 您好",
        "**客户**：太慢了\n**客服**：您好",
        "1. 客户：太慢了\n2. 客服：您好", "客户 10：00：01：太慢了\n客服 10：00：05：您好",
        "v1(客户)：太慢了\n小美(客服)：您好",
    ],
    ids=["lenticular", "brackets", "bold", "numbered", "wide clock", "role behind the name"],
)  # fmt: skip
def test_adorned_speakers_are_known(cell: str) -> None:
    customer, agent = turns(cell)
    assert (customer.role, customer.text, agent.role, agent.text) == (C, "太慢了", A, "您好")
    assert is_transcript(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "客户 太慢了\n客服 您好", "客户 -> 太慢了\n客服 -> 您好", "客户说：太慢了\n客服说：您好",
        "客户\t太慢了\n客服\t您好", "客户:太慢了客服:您好", "问：怎么退\n答：您好",
        "张三 2026-03-01 10:00:00\n太慢了\n小美 2026-03-01 10:00:10\n您好",
        "(2026/3/1 10:00) 客户 > 太慢了\n(2026/3/1 10:01) 客服 > 您好",
        "t***8 2026-03-01 10:00\n太慢了\n某某旗舰店:小王 2026-03-01 10:01\n您好",
    ],
    ids=[
        "no colon", "arrows", "says", "tabs", "no break", "question and answer",
        "names with times", "time in front", "shop and buyer",
    ],
)  # fmt: skip
def test_conversation_nobody_can_part_is_refused_not_misquoted(cell: str) -> None:
    assert is_transcript(cell)
    with pytest.raises(ValueError, match=r"看不出|分不清"):
        turns(cell)


def test_name_of_the_rows_own_agent_makes_a_transcript() -> None:
    def speakers(name: str) -> Role | None:
        return role_of(name, customer="v1", agent="小美")

    cell = "v1：太慢了\n小美：您好"
    assert is_transcript(cell, speakers)
    assert not is_transcript(cell)


@pytest.mark.parametrize(
    "text",
    [
        "订单号：1\n版本：2",
        "客服 态度很差\n再也不来了",
        "我问了客服：多久能到\n没人理",
        "3:05 打不开\n4:10 还是",
    ],
    ids=["labels", "about the staff", "quotes a question", "times only"],
)
def test_words_of_one_person_are_no_transcript(text: str) -> None:
    assert not is_transcript(text)
