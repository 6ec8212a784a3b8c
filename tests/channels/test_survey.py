from collections.abc import Callable
from typing import Any

import pytest
from builders import shanghai

from feedback_nlp.channels import named
from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected, Review, ReviewKind, SurveyAnswer

Read = Callable[..., list[Any]]
WIDE = (
    "序号|提交答卷时间|来源|1、您向朋友推荐我们的可能性有多大？|2、您对物流的满意度|"
    "3、总体来说您满意吗？您对本次服务的总体满意度|4、打这个分的原因是什么？|5、您还有什么意见或建议？|"
    "6、您常用哪些功能（多选题）"
)


def test_wide_export_gives_the_words_and_the_scores(read: Read) -> None:
    review, answer = read("survey", WIDE, "7|2026/3/1 9:05|微信|3|5|不满意|太慢|多招几个骑手|下单")
    assert review == Review(
        id=review.id,
        channel="微信",
        text="太慢\n多招几个骑手",
        external_id="7",
        kind=ReviewKind.SURVEY,
        created_at=shanghai(2026, 3, 1, 9, 5),
        nps=3,
        csat=2,
        extras=(("2、您对物流的满意度", "5"), ("6、您常用哪些功能（多选题）", "下单")),
    )
    assert answer == SurveyAnswer(
        id=answer.id,
        channel="微信",
        answered_at=shanghai(2026, 3, 1, 9, 5),
        nps=3,
        csat=2,
        review_id=review.id,
    )


def test_sheet_without_words_is_an_answer_only(read: Read) -> None:
    (answer,) = read("survey", "NPS|建议", "9|无")
    assert isinstance(answer, SurveyAnswer)
    assert (answer.nps, answer.review_id, answer.channel) == (9, None, "问卷")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("11||", "“NPS”列：推荐意愿“11”超出 0 到 10"),
        ("|6|", "“满意度”列：满意度“6”超出 1 到 5"),
        ("||", "没有推荐意愿、满意度，也没有文字"),
    ],
)
def test_unusable_sheet_is_rejected(read: Read, row: str, reason: str) -> None:
    (rejected,) = read("survey", "NPS|满意度|建议", row)
    assert rejected.reason == reason


def test_several_open_questions_can_be_named(read: Read) -> None:
    review, _ = read(
        "survey", "Q1|Q2|Q3", "10|快|好看", given={"Q1": "nps", "Q2": "text", "Q3": "text_2"}
    )
    assert review.text == "快\n好看"


def test_same_number_again_is_rejected(read: Read) -> None:
    *_, rejected = read("survey", "序号|NPS", "1|9", "1|3")
    assert isinstance(rejected, Rejected)
    assert rejected.reason.startswith("编号 1 在本文件第 2 行已出现")


def test_equal_sheets_stay_distinct_people(read: Read) -> None:
    first, second = read("survey", "NPS", "9", "9")
    assert first.id != second.id


def test_table_without_scores_or_words_is_an_input_error(read: Read) -> None:
    with pytest.raises(InputError, match=r"找不到推荐意愿或满意度或正文.*--map 你的表头=nps"):
        read("survey", "姓名", "小林")


def test_columns_shown_are_those_that_are_read() -> None:
    columns = named("survey").columns(["您会推荐给朋友吗", "为什么"])
    assert columns == {"nps": "您会推荐给朋友吗", "text": "为什么"}


@pytest.mark.parametrize("nothing", ["(空)", "（跳过）", "无"])
def test_question_that_was_skipped_is_no_user_voice(read: Read, nothing: str) -> None:
    (answer,) = read("survey", "序号|推荐意愿|您的建议|满意度", f"1|9|{nothing}|{nothing}")
    assert isinstance(answer, SurveyAnswer)
    assert (answer.nps, answer.csat, answer.review_id) == (9, None, None)
