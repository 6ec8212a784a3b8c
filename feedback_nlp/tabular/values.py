"""Cells as people write them -> typed values; a ValueError carries the reason in Chinese."""

import re
from typing import Final

from feedback_nlp.tabular.narrow import narrow
from feedback_nlp.tabular.times import EARLIEST_YEAR, parse_time

__all__ = [
    "EARLIEST_YEAR",
    "UNRATED",
    "is_missing",
    "is_null",
    "parse_amount",
    "parse_bool",
    "parse_count",
    "parse_duration",
    "parse_rating",
    "parse_score",
    "parse_time",
]

_NULLS: Final = frozenset(
    {"null", "none", "nan", "nat", "<na>", "#n/a", "\\n", "nil", "undefined", "(空)", "(跳过)"}
)
"""As databases, pandas, Excel and 问卷星 write what nobody has written."""
_MISSING: Final = _NULLS | {"", "-", "--", "/", "\\", "无", "n/a", "na"}
_RATING: Final = re.compile(
    r"(?P<stars>\d+(?:\.\d+)?)\s*(?:/\s*(?P<scale>\d+(?:\.\d+)?)\s*)?"
    r"(?:[颗个]?星级?|分|stars?)?(?:[好中差]评)?",
    re.ASCII | re.IGNORECASE,
)
_SPOKEN: Final = re.compile(
    r"(?P<stars>[一二两三四五])\s*(?:[颗个]?星级?|分)(?P<half>半)?(?:[好中差]评)?"
)
UNRATED: Final = frozenset(
    {"未评分", "未评价", "未打分", "未评", "未参评", "暂无评分", "暂无评价", "暂无"}
)
_DRAWN: Final = re.compile(r"(?P<full>[★⭐🌟]\ufe0f?){1,5}☆{0,5}")
_NUMERALS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_COUNT: Final = re.compile(
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?P<unit>[万wk])?\+?",
    re.ASCII | re.IGNORECASE,
)
_AMOUNT: Final = re.compile(
    r"(?:¥|￥|rmb|cny|人民币)?\s*(?P<sign>[-−(])?\s*(?:¥|￥)?\s*"
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    r"\s*(?P<unit>[万千亿wk])?\)?\s*(?:元|块|圆|rmb|cny)?整?",
    re.ASCII | re.IGNORECASE,
)
_UNITS: Final = {"亿": 10**8, "万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000}
_SCORE: Final = re.compile(r"(?P<number>\d+)(?:\.0+)?\s*分?", re.ASCII)
_CLOCK: Final = re.compile(r"(?:(\d+):)?([0-5]?\d):([0-5]\d)(?:\.\d+)?", re.ASCII)
_SPELLED: Final = re.compile(
    r"(?:(?P<hours>\d+(?:\.\d+)?)\s*(?:个?小时|时|h))?\s*"
    r"(?:(?P<minutes>\d+(?:\.\d+)?)\s*(?:分钟|分|min|m))?\s*"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)\s*(?:秒钟|秒|sec|s)?)?",
    re.ASCII | re.IGNORECASE,
)
_YES: Final = frozenset({"是", "有", "true", "1", "y", "yes", "√", "✓", "✔", "对", "已", "真", "t"})
_NO: Final = frozenset(
    {"否", "无", "false", "0", "n", "no", "×", "✗", "✘", "x", "没有", "未", "假", "f"}
)
_MIN_STARS: Final = 1
_MAX_STARS: Final = 5
_MAX_COUNT: Final = 10**10
"""More likes than people: a column of something else."""
_MAX_AMOUNT: Final = 10**12
_MAX_SECONDS: Final = 366 * 86_400


def is_missing(cell: str) -> bool:
    """Say whether a cell means "not given"."""
    return narrow(cell).lower() in _MISSING


def is_null(cell: str) -> bool:
    """Say whether a cell holds what programs write for nothing; people write 无 or -."""
    return narrow(cell).lower() in _NULLS


def parse_rating(cell: str) -> float | None:
    """Read 1 to 5 stars such as 4, 4.5星, 五星, ★★★★☆ or 4/5; 0 and 暂无评分 mean "not rated".

    Another scale is refused even where it is written (80/100): whether it begins at 0 or at 1,
    and so which number of stars it is, nobody says.

    Raises:
        ValueError: not a number, out of another number than 5, above 5, or between 0 and 1.
    """
    written = narrow(cell)
    spoken, match = _SPOKEN.fullmatch(written), _RATING.fullmatch(written)
    if written in UNRATED:
        return None
    if _DRAWN.fullmatch(written):
        stars = float(sum(written.count(sign) for sign in "★⭐🌟"))
    elif spoken is not None:
        stars = _NUMERALS[spoken["stars"]] + (0.5 if spoken["half"] else 0.0)
    elif match is None:
        raise ValueError(f"评分“{cell}”看不懂，应为 1 到 5")
    elif match["scale"] is not None and float(match["scale"]) != _MAX_STARS:
        raise ValueError(f"评分“{cell}”不是 5 分制，应为 1 到 5")
    else:
        stars = float(match["stars"])
    if stars and not _MIN_STARS <= stars <= _MAX_STARS:
        raise ValueError(f"评分“{cell}”超出 1 到 5；10 分制或百分制请先换算成 5 分制")
    return stars or None


def parse_count(cell: str) -> int:
    """Read a number of likes such as 12, 1,200, 1.2万 or 999+ (at least that many is that many).

    Raises:
        ValueError: not a whole non-negative number, or more than ten thousand million.
    """
    match = _COUNT.fullmatch(narrow(cell))
    if match is None:
        raise ValueError(f"点赞数“{cell}”看不懂，应为非负整数")
    number = float(match["number"].replace(",", ""))
    count = number * _UNITS.get((match["unit"] or "").lower(), 1)
    if count > _MAX_COUNT:
        raise ValueError(f"点赞数“{cell}”太大，多半不是点赞数")
    if not match["unit"] and not count.is_integer():
        raise ValueError(f"点赞数“{cell}”不是整数")
    return round(count)


def parse_bool(cell: str) -> bool:
    """Read 是/否, 有/无, true/false, 1/0, Y/N or √/×.

    Raises:
        ValueError: neither.
    """
    written = narrow(cell).lower().removesuffix(".0")
    if written in _YES:
        return True
    if written in _NO:
        return False
    raise ValueError(f"“{cell}”看不懂，请写 是 或 否")


def parse_score(cell: str, low: int, high: int, name: str) -> int:
    """Read an answer on a scale, such as NPS 0 to 10 or CSAT 1 to 5; `name` is for the reason.

    Raises:
        ValueError: not a whole number between `low` and `high`.
    """
    match = _SCORE.fullmatch(narrow(cell))
    if match is None:
        raise ValueError(f"{name}“{cell}”看不懂，应为 {low} 到 {high} 的整数")
    digits = match["number"].lstrip("0") or "0"
    if len(digits) > len(str(high)) or not low <= int(digits) <= high:
        raise ValueError(f"{name}“{cell}”超出 {low} 到 {high}")
    return int(digits)


def parse_amount(cell: str) -> float:
    """Read an amount in CNY such as ¥1,299.00, 1.2万元 or 88元.

    Raises:
        ValueError: no amount, a negative one, or more than any order.
    """
    match = _AMOUNT.fullmatch(narrow(cell))
    if match is None:
        raise ValueError(f"金额“{cell}”看不懂，请写成 1299.00（元）")
    amount = float(match["number"].replace(",", "")) * _UNITS.get((match["unit"] or "").lower(), 1)
    if match["sign"] and amount:
        raise ValueError(f"金额“{cell}”是负数；退款请单独成列，不要记成负的订单")
    if amount > _MAX_AMOUNT:
        raise ValueError(f"金额“{cell}”太大，多半不是金额")
    return amount


def parse_duration(cell: str) -> float:
    """Read seconds from 3分20秒, 00:03:20, 3:20 (minutes and seconds), 200s or 200.

    Raises:
        ValueError: no duration, or longer than a year.
    """
    written = narrow(cell)
    clock, spelled = _CLOCK.fullmatch(written), _SPELLED.fullmatch(written)
    if clock is not None:
        parts = [float(part or 0) for part in clock.groups()]
    elif written and spelled is not None:
        parts = [float(part or 0) for part in spelled.groups()]
    else:
        raise ValueError(f"时长“{cell}”看不懂，请写成秒数或 00:03:20")
    seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    if seconds > _MAX_SECONDS:
        raise ValueError(f"时长“{cell}”超过一年，多半不是秒数")
    return seconds
