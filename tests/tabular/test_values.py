from datetime import UTC, datetime, timedelta, timezone

import pytest
from builders import NOW, shanghai
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import CHINA
from feedback_nlp.tabular.values import is_missing, parse_count, parse_rating, parse_time

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
        pytest.param("2026-06-02 09:00", shanghai(2026, 6, 2, 9), id="a day ahead: another zone"),
    ],
)
def test_time_is_read(cell: str, expected: datetime) -> None:
    time = parse_time(cell, now=NOW)
    assert (time, time.utcoffset()) == (expected, expected.utcoffset())


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        pytest.param("昨天", "看不懂，请写成 2026-03-01 14:05", id="words"),
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
        pytest.param("２０２６-０３-０１", "看不懂", id="full-width digits"),
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
        ("0/5", None), ("３／５", 3),
    ],
)  # fmt: skip
def test_rating_is_read(cell: str, stars: float | None) -> None:
    assert parse_rating(cell) == stars


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("六", "看不懂"), ("6", "超出 1 到 5"), ("5.1", "超出 1 到 5"), ("0.5", "超出 1 到 5"),
        ("-1", "看不懂"), ("5万", "看不懂"), ("五星好评", "看不懂"), ("Infinity", "看不懂"),
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
    "cell", ["", " ", "　", "-", "--", "/", "无", "NULL", "None", "NaN", "N/A"]
)
def test_marker_means_not_given(cell: str) -> None:
    assert is_missing(cell)


@pytest.mark.parametrize("cell", ["0", "无语", "没有", "---"])
def test_anything_else_is_given(cell: str) -> None:
    assert not is_missing(cell)
