import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from builders import NOW, shanghai
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import CHINA
from feedback_nlp.tabular.values import (
    is_missing,
    parse_amount,
    parse_bool,
    parse_count,
    parse_duration,
    parse_rating,
    parse_score,
    parse_time,
)

MOSCOW = timezone(timedelta(hours=3))
NEW_YORK = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param("2026-03-01", shanghai(2026, 3, 1), id="day"),
        pytest.param("2026-03-01 14:05", shanghai(2026, 3, 1, 14, 5), id="minute"),
        pytest.param(" 2026/3/1 9:05 ", shanghai(2026, 3, 1, 9, 5), id="slashes, no zeros"),
        pytest.param("2026.03.01", shanghai(2026, 3, 1), id="dots"),
        pytest.param("2024年3月1日", shanghai(2024, 3, 1), id="Chinese day"),
        pytest.param("2024年3月1日14:05", shanghai(2024, 3, 1, 14, 5), id="Chinese, no space"),
        pytest.param("2024年3月1日 14时05分", shanghai(2024, 3, 1, 14, 5), id="Chinese time"),
        pytest.param(
            "2024年3月1日 14点5分6秒", shanghai(2024, 3, 1, 14, 5).replace(second=6), id="点"
        ),
        pytest.param(
            "2026-03-01T14:05:06Z", datetime(2026, 3, 1, 14, 5, 6, tzinfo=UTC), id="ISO, UTC"
        ),
        pytest.param(
            "2026-03-01t14:05:06.789z", datetime(2026, 3, 1, 14, 5, 6, tzinfo=UTC), id="fraction"
        ),
        pytest.param(
            "2026-03-01T14:05+03:00", datetime(2026, 3, 1, 14, 5, tzinfo=MOSCOW), id="+03"
        ),
        pytest.param(
            "2026-03-01 14:05 -0500", datetime(2026, 3, 1, 14, 5, tzinfo=NEW_YORK), id="-05"
        ),
        pytest.param("2024-02-29", shanghai(2024, 2, 29), id="leap day"),
        pytest.param("Mar 1, 2024", shanghai(2024, 3, 1), id="English day"),
        pytest.param("1 March 2024 3:05 PM", shanghai(2024, 3, 1, 15, 5), id="British"),
        pytest.param("01-Mar-2024 15:05", shanghai(2024, 3, 1, 15, 5), id="as databases write it"),
        pytest.param("Sep. 3rd, 2024 at 9:05 am", shanghai(2024, 9, 3, 9, 5), id="ordinal"),
        pytest.param(
            "Fri Mar 01 15:05:00 +0800 2024", shanghai(2024, 3, 1, 15, 5), id="Weibo interface"
        ),
        pytest.param(
            "Fri, 01 Mar 2024 07:05:00 GMT", datetime(2024, 3, 1, 7, 5, tzinfo=UTC), id="mail"
        ),
        pytest.param(
            "2024-03-01 07:05:00 UTC", datetime(2024, 3, 1, 7, 5, tzinfo=UTC), id="zone UTC"
        ),
        pytest.param("2024-03-01 15:05 GMT+8", shanghai(2024, 3, 1, 15, 5), id="zone GMT+8"),
        pytest.param("2024/3/1 3:05 下午", shanghai(2024, 3, 1, 15, 5), id="下午 behind"),
        pytest.param(
            "\u200e2024/\u200e3/\u200e1 15:05", shanghai(2024, 3, 1, 15, 5), id="marks of Windows"
        ),
        pytest.param("2000-01-01", shanghai(2000, 1, 1), id="the first day we believe"),
        pytest.param("20260101", shanghai(2026, 1, 1), id="eight digits"),
        pytest.param("20260101 14:05", shanghai(2026, 1, 1, 14, 5), id="eight digits and a time"),
        pytest.param("1767225600", shanghai(2026, 1, 1, 8), id="seconds since 1970"),
        pytest.param("1767225600999", shanghai(2026, 1, 1, 8), id="milliseconds since 1970"),
        pytest.param("2026-01-01 下午2:05", shanghai(2026, 1, 1, 14, 5), id="下午"),
        pytest.param("2026-01-01 上午9:05", shanghai(2026, 1, 1, 9, 5), id="上午"),
        pytest.param("2026/1/1下午 2:05", shanghai(2026, 1, 1, 14, 5), id="下午, space behind"),
        pytest.param(
            "2024年3月1日 下午3点", shanghai(2024, 3, 1, 15), id="Chinese 下午, hour only"
        ),
        pytest.param("2024年3月1日下午3点5分", shanghai(2024, 3, 1, 15, 5), id="all Chinese"),
        pytest.param("2026-01-01 上午12:05", shanghai(2026, 1, 1, 0, 5), id="twelve at night"),
        pytest.param("2026-01-01 下午12:05", shanghai(2026, 1, 1, 12, 5), id="noon"),
        pytest.param("2026-01-01 下午14:05", shanghai(2026, 1, 1, 14, 5), id="下午 said twice"),
        pytest.param("2026/1/1 10时", shanghai(2026, 1, 1, 10), id="hour only"),
        pytest.param("２０２６－０３－０１", shanghai(2026, 3, 1), id="full-width digits"),
        pytest.param("2024年3月1日下午3点半", shanghai(2024, 3, 1, 15, 30), id="点半"),
        pytest.param("2024年3月1号 下午3点一刻", shanghai(2024, 3, 1, 15, 15), id="一刻"),
        pytest.param("2024年3月1日 3点整", shanghai(2024, 3, 1, 3), id="点整"),
        pytest.param("2024-03-01 凌晨12点5分", shanghai(2024, 3, 1, 0, 5), id="凌晨"),
        pytest.param("2024-03-01 早上8:05", shanghai(2024, 3, 1, 8, 5), id="早上"),
        pytest.param("2024-03-01 中午12:05", shanghai(2024, 3, 1, 12, 5), id="中午"),
        pytest.param("2024-03-01 中午1点", shanghai(2024, 3, 1, 13), id="one at noon"),
        pytest.param("2024-03-01 晚上11点", shanghai(2024, 3, 1, 23), id="晚上"),
        pytest.param("2024-03-01 晚上20:05", shanghai(2024, 3, 1, 20, 5), id="晚上 said twice"),
        pytest.param("2024/3/1 2:05 PM", shanghai(2024, 3, 1, 14, 5), id="PM"),
        pytest.param("2024年3月", shanghai(2024, 3, 1), id="month"),
        pytest.param("20240301150400", shanghai(2024, 3, 1, 15, 4), id="fourteen digits"),
        pytest.param("202403011504", shanghai(2024, 3, 1, 15, 4), id="twelve digits"),
        pytest.param("20240301T150400Z", datetime(2024, 3, 1, 15, 4, tzinfo=UTC), id="basic ISO"),
        pytest.param("2024年3月1日 星期五", shanghai(2024, 3, 1), id="weekday behind"),
        pytest.param("2024-03-01（周五）15:04", shanghai(2024, 3, 1, 15, 4), id="weekday between"),
        pytest.param("45352", shanghai(2024, 3, 1), id="Excel serial"),
        pytest.param("45352.625", shanghai(2024, 3, 1, 15), id="Excel serial with a time"),
        pytest.param("2026-06-02 09:00", shanghai(2026, 6, 2, 9), id="a day ahead: another zone"),
    ],
)
def test_time_is_read(cell: str, expected: datetime) -> None:
    time = parse_time(cell, now=NOW)
    assert (time, time.utcoffset()) == (expected, expected.utcoffset())


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        pytest.param("好久", "看不懂，请写成 2026-03-01 14:05", id="words"),
        *(
            pytest.param(cell, "是相对时间，不知道从哪一天算起", id=cell)
            for cell in (
                "3天前",
                "昨天 15:04",
                "刚刚",
                "上周",
                "半小时前",
                "两个月前",
                "上周五",
                "今天",
                "去年",
                "3 days ago",
            )
        ),
        pytest.param("03/04/2024", "年份在后面，分不清哪个是月、哪个是日", id="day or month"),
        pytest.param("13/04/2024 10:00", "年份在后面", id="the same column holds 03/04 as well"),
        pytest.param("26/3/1", "看不懂：年份只有两位", id="two digits, slashes"),
        pytest.param("3月1日 15:04", "看不懂：没有年份", id="no year"),
        pytest.param("2024-03-01 晚上12点", "分不清算哪一天", id="midnight of which day"),
        pytest.param("2024-03-01 中午8点", "不存在（中午没有 8 点）", id="no such 中午"),
        pytest.param("2024年13月", "不存在", id="month 13 alone"),
        pytest.param("99999", "在将来", id="an Excel serial far ahead"),
        pytest.param("176722560", "看不懂", id="nine digits"),
        pytest.param("17672256001", "看不懂", id="eleven digits"),
        pytest.param("0000000000", "早于 2000 年", id="1970 in digits"),
        pytest.param("9999999999999", "在将来", id="the year 2286 in digits"),
        pytest.param("20261301", "不存在，请核对日期和钟点$", id="month 13 in digits"),
        pytest.param("2026-03-01 10", "看不懂", id="hour without a sign"),
        pytest.param("2026-03-01 下午", "看不懂", id="下午 without an hour"),
        pytest.param("2026-03-01 上午14:05", "不存在（上午没有 14 点）$", id="no such 上午"),
        pytest.param("2026-03-01 下午25:05", "不存在", id="no such 下午"),
        pytest.param("26-03-01", "看不懂", id="two-digit year"),
        pytest.param("2026-03", "看不懂", id="no day"),
        pytest.param("Foo 1, 2026", "看不懂", id="no month of this name"),
        pytest.param("Feb 30, 2026", "不存在", id="no such day in words"),
        pytest.param("2026-03-01 10:00 CST", "看不懂", id="a zone of China, Chicago or Cuba"),
        pytest.param("2026-02-29", "不存在", id="no leap year"),
        pytest.param("2026-13-01", "不存在", id="month 13"),
        pytest.param("2026-03-01 24:00", "不存在", id="hour 24"),
        pytest.param("2026-03-01 10:00+99:99", r"的时区“\+99:99”不存在$", id="zone 99"),
        pytest.param("2026-03-01 10:00 +0860", r"的时区“\+0860”不存在$", id="60 minutes"),
        pytest.param("2026-03-01 10:00-15:00", "的时区“-15:00”不存在$", id="zone -15"),
        pytest.param("1970-01-01 08:00", "早于 2000 年，多半是占位值", id="placeholder"),
        pytest.param("1999-12-31", "早于 2000 年", id="the last day we do not believe"),
        pytest.param("2026-06-02 09:01", "在将来", id="more than a day ahead"),
        pytest.param("9999-12-31 23:59-12:00", "在将来", id="the end of time"),
    ],
)
def test_bad_time_says_why(cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^时间“.*”{reason}"):
        parse_time(cell, now=NOW)


@given(st.datetimes(datetime(2000, 1, 2), datetime(2026, 5, 30), timezones=st.just(CHINA)))  # noqa: DTZ001 (bounds are naive)
def test_every_iso_time_is_read_back_to_the_second(time: datetime) -> None:
    assert parse_time(time.isoformat(), now=NOW) == time.replace(microsecond=0)


@given(st.text() | st.text("0123456789-/.年月日时点上下午 :TZ+"))
def test_any_other_cell_is_a_value_error(cell: str) -> None:
    try:
        assert parse_time(cell, now=NOW).tzinfo is not None
    except ValueError as error:
        assert cell in str(error)  # noqa: PT017 (either outcome is fine)


@pytest.mark.parametrize(
    ("cell", "stars"),
    [
        ("5", 5), ("5.0", 5), ("4.5", 4.5), (" 4星 ", 4), ("3 分", 3), ("1", 1), ("0", None),
        ("0.0", None), ("４", 4), ("5.0分", 5), ("5/5", 5), ("4.5/5", 4.5), ("4 / 5.0 分", 4),
        ("0/5", None), ("３／５", 3), ("五星", 5), ("四星半", 4.5), ("★★★★☆", 4), ("⭐⭐", 2),
        ("5星好评", 5), ("两颗星", 2), ("4星级", 4), ("5 stars", 5), ("1 Star", 1), ("五分", 5),
        ("暂无评分", None), ("未评价", None),
    ],
)  # fmt: skip
def test_rating_is_read(cell: str, stars: float | None) -> None:
    assert parse_rating(cell) == stars


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("六", "看不懂"), ("6", "超出 1 到 5"), ("5.1", "超出 1 到 5"), ("0.5", "超出 1 到 5"),
        ("-1", "看不懂"), ("5万", "看不懂"), ("六星", "看不懂"), ("★★★★★★", "看不懂"),
        ("☆", "看不懂"), ("Infinity", "看不懂"),
        ("8/10", "不是 5 分制，应为 1 到 5"), ("4/0", "不是 5 分制"), ("6/5", "超出 1 到 5"),
        ("4/", "看不懂"), ("/5", "看不懂"), pytest.param("9" * 400, "超出 1 到 5", id="400 digits"),
    ],
)  # fmt: skip
def test_bad_rating_says_why(cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^评分“{cell}”{reason}"):
        parse_rating(cell)


@pytest.mark.parametrize(
    ("cell", "likes"),
    [
        ("0", 0), ("12", 12), ("3.0", 3), ("1.2万", 12_000), ("1.2w", 12_000), ("3K", 3_000),
        ("2 万", 20_000), ("10000000000", 10**10),
        ("1,200", 1200), ("1，200", 1200), ("1,234,567", 1_234_567), ("999+", 999),
        ("10万+", 100_000), ("1,200+", 1200),
    ],
)  # fmt: skip
def test_count_is_read(cell: str, likes: int) -> None:
    assert parse_count(cell) == likes


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("-1", "看不懂，应为非负整数"), ("很多", "看不懂"), ("3星", "看不懂"), ("1.5", "不是整数"),
        ("1,20", "看不懂"), ("1200,300", "看不懂"), ("1,,200", "看不懂"), ("12,", "看不懂"),
        ("1,200.5", "不是整数"), ("1" * 11, "太大"),
        pytest.param("9" * 400, "太大", id="400 digits"),
        pytest.param("9" * 400 + "万", "太大", id="400 digits and 万"),
    ],
)  # fmt: skip
def test_bad_count_says_why(cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^点赞数“{cell}”{reason}"):
        parse_count(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "　",
        "-",
        "--",
        "/",
        "无",
        "NULL",
        "None",
        "NaN",
        "N/A",
        "(空)",
        "（跳过）",
        r"\N",
        "<NA>",
        "#N/A",
        "\u200b",
    ],
)
def test_marker_means_not_given(cell: str) -> None:
    assert is_missing(cell)


@pytest.mark.parametrize("cell", ["0", "无语", "没有", "---"])
def test_anything_else_is_given(cell: str) -> None:
    assert not is_missing(cell)


@pytest.mark.parametrize("cell", ["是", "有", "TRUE", "1", "1.0", "Y", "√", " yes "])
def test_yes_is_read(cell: str) -> None:
    assert parse_bool(cell) is True


@pytest.mark.parametrize("cell", ["否", "无", "false", "0", "N", "×", "没有", "Ｎｏ"])
def test_no_is_read(cell: str) -> None:
    assert parse_bool(cell) is False


@pytest.mark.parametrize("cell", ["", "也许", "2", "是否"])
def test_neither_yes_nor_no_says_so(cell: str) -> None:
    with pytest.raises(ValueError, match=f"^“{cell}”看不懂，请写 是 或 否$"):
        parse_bool(cell)


@pytest.mark.parametrize(
    ("cell", "score"), [("0", 0), ("10", 10), ("9.0", 9), ("８分", 8), ("007", 7)]
)
def test_score_is_read(cell: str, score: int) -> None:
    assert parse_score(cell, 0, 10, "NPS") == score


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("11", "超出 0 到 10"), ("9.5", "看不懂，应为 0 到 10 的整数"), ("-1", "看不懂"),
        ("", "看不懂"), pytest.param("9" * 5000, "超出", id="5000 digits"),
    ],
)  # fmt: skip
def test_bad_score_says_why(cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^NPS“{cell}”{reason}"):
        parse_score(cell, 0, 10, "NPS")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("¥1,299.00", 1299), ("￥88", 88), ("1.2万元", 12_000), ("88元", 88), ("0", 0), ("-0", 0),
        ("12.5", 12.5), ("RMB 3千", 3_000), ("１２８．５０元整", 128.5),
    ],
)  # fmt: skip
def test_amount_is_read(cell: str, amount: float) -> None:
    assert parse_amount(cell) == pytest.approx(amount)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("-88", "是负数"), ("¥-1,299.00", "是负数"), ("免费", "看不懂"), ("$5", "看不懂"),
        ("1,29", "看不懂"), pytest.param("9" * 400, "太大", id="400 digits"),
    ],
)  # fmt: skip
def test_bad_amount_says_why(cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^金额“{re.escape(cell)}”{reason}"):
        parse_amount(cell)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("3分20秒", 200), ("00:03:20", 200), ("3:20", 200), ("200s", 200), ("200", 200), ("0", 0),
        ("1小时", 3600), ("1.5小时", 5400), ("2小时5分钟", 7500),
        ("12.5秒", 12.5), ("1h 2m 3s", 3723),
    ],
)  # fmt: skip
def test_duration_is_read(cell: str, seconds: float) -> None:
    assert parse_duration(cell) == seconds


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "看不懂"),
        ("很久", "看不懂"),
        ("3:99", "看不懂"),
        ("-5", "看不懂"),
        ("99999999", "超过一年"),
    ],
)
def test_bad_duration_says_why(cell: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^时长“{cell}”{reason}"):
        parse_duration(cell)
