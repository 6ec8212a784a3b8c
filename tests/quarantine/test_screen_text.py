"""What one text alone says, on our own labelled texts and on the points that matter most."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.quarantine.lexicon import LEXICON_VERSION, any_of, entries
from feedback_nlp.quarantine.texts import screen_text
from feedback_nlp.records import QuarantineReason

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases.jsonl").read_text("utf-8").splitlines()
]
EXPRESSIONS = (
    "default_praise",
    "templates",
    "padding",
    "particles",
    "contacts",
    "offers",
    "lures",
    "objections",
    "come_ons",
)


def reason(text: str) -> str | None:
    verdict = screen_text(text)
    return verdict[0].value if verdict else None


# --- labelled texts ----------------------------------------------------------------------------


def test_cases_are_many_and_at_least_half_must_stay() -> None:
    stay = [case for case in CASES if case["reason"] is None]
    assert len(CASES) >= 250
    assert len(stay) >= len(CASES) / 2


def test_no_text_that_must_stay_is_held() -> None:
    wrong = [case["text"] for case in CASES if not case["reason"] and reason(case["text"])]
    assert wrong == []


@pytest.mark.parametrize("held", ["spam", "default_praise", "template"])
def test_precision_and_recall_keep_their_floors(held: str) -> None:
    counts = Counter(
        (case["reason"] == held, reason(case["text"]) == held)
        for case in CASES
        if held in (case["reason"], reason(case["text"]))
    )
    right, missed, wrong = counts[True, True], counts[True, False], counts[False, True]
    assert right / (right + wrong) >= 0.98
    assert right / (right + missed) >= 0.95


# --- the same in disguise ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("加 微 信 ａｂ１２３４５６ 手机兼职", "spam", id="full width and spaces"),
        pytest.param("兼职日结，微信*********", "spam", id="masked contact"),
        pytest.param("加Q\u200bQ 12345678，低价代练", "spam", id="invisible character"),
        pytest.param("系統默認好評", "default_praise", id="traditional script"),
        pytest.param("系统默认好评🌹🌹", "default_praise", id="emoji beside"),
        pytest.param("系统默认好评" * 60, "default_praise", id="many times"),
        pytest.param("此用户没有填写评价" * 400, "default_praise", id="longer than looked at"),
    ],
)
def test_disguise_does_not_help(text: str, expected: str) -> None:
    assert reason(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("   \n", id="blank"),
        pytest.param("...", id="dots"),
        pytest.param("666666", id="digits are praise"),
        pytest.param("1111111", id="one digit again and again"),
        pytest.param("👍👍", id="emoji are a vote"),
        pytest.param("asdf", id="too short for mash"),
        pytest.param("qweryuiop键位失灵", id="mash beside words"),
    ],
)
def test_text_without_words_is_no_opinion_but_stays(text: str) -> None:
    assert screen_text(text) is None


@pytest.mark.parametrize(
    ("advert", "complaint"),
    [
        pytest.param(
            "兼职刷单日结，加微信 ab123456",
            "兼职刷单日结，加微信 ab123456，结果被骗了八百",
            id="victim",
        ),
        pytest.param(
            "专业代开发票，电话 13800000000",
            "短信天天说专业代开发票，电话 13800000000，求屏蔽",
            id="nuisance",
        ),
        pytest.param("填我的邀请码 A8K3F2", "填我的邀请码 A8K3F2 为什么没有奖励", id="question"),
        pytest.param(
            "不骗人，兼职加微信 ab123456",
            "骗人，兼职加微信 ab123456",
            id="reassurance is no warning",
        ),
    ],
)
def test_complaint_about_an_advert_stays(advert: str, complaint: str) -> None:
    assert reason(advert) == "spam"
    assert reason(complaint) is None


def test_template_with_words_of_its_own_stays() -> None:
    template = "我为什么每个商品的评价都一样，因为买的东西太多了，所以统一用这段话作为评价"
    assert reason(template) == "template"
    assert reason(f"{template}。不过这件外套的拉链用了两天就卡住拉不动了") is None
    assert reason(f"{template}，太坑了") is None


def test_detail_is_chinese_and_holds_no_contact() -> None:
    verdict = screen_text("招代理，微信 ab123456，电话 13800000000")
    assert verdict == (QuarantineReason.SPAM, "联系方式加招揽用语“招代理”")


# --- laws --------------------------------------------------------------------------------------


@given(st.text() | st.text("加微信qq兼职12345系统默认好评。 凑字数asdf*➕", max_size=60))
def test_any_text_gets_at_most_one_of_three_reasons(text: str) -> None:
    assert reason(text) in {None, "spam", "default_praise", "template"}
    assert screen_text(text) == screen_text(text)


@given(st.sampled_from([case["text"] for case in CASES if case["reason"] is None]))
def test_a_warning_never_turns_a_review_into_an_advert(text: str) -> None:
    assert reason(f"{text}，太垃圾了，差评") is None


# --- lexicons ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_lexicon_has_no_line_twice_and_none_that_matches_nothing(name: str) -> None:
    lines = entries(name)
    assert len(set(lines)) == len(lines)
    assert any_of(name).fullmatch("") is None


def test_lexicon_version_is_dated() -> None:
    assert LEXICON_VERSION == "quarantine@2026-11-22"
