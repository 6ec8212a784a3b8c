"""Dates and times as people and programs write them -> a zoned time."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from feedback_nlp.records import CHINA
from feedback_nlp.tabular.month_names import year_first
from feedback_nlp.tabular.narrow import narrow

EARLIEST_YEAR: Final = 2000
_COMPACT: Final = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(?=\D|$)", re.ASCII | re.IGNORECASE
)
_SINCE_1970: Final = re.compile(r"(?P<seconds>\d{10})(?P<milliseconds>\d{3})?", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_FIRST_SERIAL_DAY: Final = datetime(1899, 12, 30, tzinfo=CHINA)
_WEEKDAY: Final = re.compile(r"\s*\(?(?:星期|礼拜|周)[一二三四五六日天]\)?\s*")
_HALVES: Final = {
    "凌晨": "早", "清晨": "早", "早晨": "早", "早上": "早", "上午": "早", "am": "早",
    "中午": "中", "下午": "下", "傍晚": "下", "pm": "下", "晚上": "晚", "夜里": "晚", "晚": "晚",
}  # fmt: skip
_QUARTERS: Final = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}
_TIME: Final = re.compile(
    r"""(?P<year>\d{4}) \s*[-/.年]\s* (?P<month>\d{1,2}) \s*[-/.月]\s* (?P<day>\d{1,2}) \s*[日号]?
    (?: (?:T|\s+|(?<=[日号])|(?=[凌清早上中下傍晚夜]))
        (?:(?P<half>凌晨|清晨|早晨|早上|[上下中]午|傍晚|晚上|夜里|晚)\s*)? (?P<hour>\d{1,2})
        (?: [:时点] \s* (?P<minute>\d{1,2}) \s*分?
            (?: \s*:?\s* (?P<second>\d{1,2}) (?:[.,]\d+)? \s*秒? )?
          | 点 (?P<quarter>半|[一三]刻|整) | [时点] )
        (?:\s*(?P<suffix>[AP]M|[上下]午))? )?
    \s* (?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-](?:\d{2}:?\d{2}|\d{1,2}))?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_MONTH: Final = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月份?", re.ASCII)
_RELATIVE: Final = re.compile(
    r"刚刚|刚才|[大]?[昨前今][天日晚早]|[上本这]个?(?:周|星期|礼拜|月|年)|去年|今年"
    r"|(?:\d+|[半几一二两三四五六七八九十]+)\s*个?半?(?:秒钟?|分钟?|小时|天|日|周|星期|月|年)(?:之|以)?前"
    r"|ago$|^(?:yesterday|today|just now)",
    re.IGNORECASE,
)
_YEAR_LAST: Final = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4}(?!\d).*", re.ASCII)
_SHORT_YEAR: Final = re.compile(r"\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d).*", re.ASCII)
_NO_YEAR: Final = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?(?:\s.*)?", re.ASCII)
_NOON: Final = 12
_EVENING: Final = 17
_MAX_ZONE_HOURS: Final = 14
_MAX_ZONE_MINUTES: Final = 59
_EXAMPLE: Final = "请写成 2026-03-01 14:05"


def parse_time(cell: str, *, now: datetime) -> datetime:
    """Read a date or a time; without a zone it is Asia/Shanghai, without an hour midnight.

    Ten digits are seconds since 1970, thirteen are milliseconds, eight a day, twelve or fourteen
    a day with its time, five (with a fraction) an Excel serial; `2024年3月` is its first day. A
    weekday is not compared with the date. English names of months are read in the orders in which
    stores, mails and the Weibo interface write them. What would have to be guessed is refused:
    relative times, years of two digits, and dates of digits with the year last, even where only
    one order of day and month exists, because the same file holds others where both do.

    Raises:
        ValueError: not a date, before 2000, or more than a day after `now`.
    """
    time = _read(narrow(cell), cell)
    if time.year < EARLIEST_YEAR:
        raise ValueError(f"时间“{cell}”早于 {EARLIEST_YEAR} 年，多半是占位值")
    if time > now + timedelta(days=1):
        raise ValueError(f"时间“{cell}”在将来")
    return time


def _read(written: str, cell: str) -> datetime:
    since = _SINCE_1970.fullmatch(written)
    if since is not None:
        return datetime.fromtimestamp(int(since["seconds"]), tz=CHINA)
    if _SERIAL.fullmatch(written):
        seconds = round(float(written) * 86_400)
        return _FIRST_SERIAL_DAY + timedelta(seconds=seconds)
    month = _MONTH.fullmatch(written)
    if month is not None:
        written = f"{month[1]}-{month[2]}-1"
    plain = year_first(written)
    plain = _COMPACT.sub(_spread, plain, count=1) if _COMPACT.match(plain) else plain
    if not _RELATIVE.search(plain):
        plain = _WEEKDAY.sub(" ", plain).strip()
    match = _TIME.fullmatch(plain)
    if match is None:
        raise ValueError(f"时间“{cell}”{_why_not(written)}")
    return _moment(match, cell)


def _spread(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second = match.groups()
    clock = f" {hour}:{minute}:{second or '00'}" if hour else ""
    return f"{year}-{month}-{day}{clock}"


def _why_not(written: str) -> str:
    if _RELATIVE.search(written):
        return f"是相对时间，不知道从哪一天算起，请换算成具体时间，{_EXAMPLE}"
    if _YEAR_LAST.fullmatch(written):
        return f"年份在后面，分不清哪个是月、哪个是日，{_EXAMPLE}"
    if _SHORT_YEAR.fullmatch(written):
        return f"看不懂：年份只有两位，请写四位，{_EXAMPLE}"
    if _NO_YEAR.fullmatch(written):
        return f"看不懂：没有年份，{_EXAMPLE}"
    return f"看不懂，{_EXAMPLE}"


def _moment(match: re.Match[str], cell: str) -> datetime:
    names = ("year", "month", "day", "hour", "minute", "second")
    year, month, day, hour, minute, second = (int(match[name] or 0) for name in names)
    zone = _zone(match["zone"])
    if zone is None:
        raise ValueError(f"时间“{cell}”的时区“{match['zone']}”不存在")
    half = match["half"] or match["suffix"]
    if half:
        hour = _hour_of_day(half.lower(), hour, cell)
    if match["quarter"]:
        minute = _QUARTERS[match["quarter"]]
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise ValueError(f"时间“{cell}”不存在，请核对日期和钟点") from None


def _hour_of_day(half: str, hour: int, cell: str) -> int:
    """Return the hour of 0 to 24; nobody can tell which day `晚上12点` or `晚上1点` is meant."""
    part = _HALVES[half]
    if part == "早" and hour > _NOON:
        raise ValueError(f"时间“{cell}”不存在（{half}没有 {hour} 点）")
    if part == "早":
        return hour % _NOON
    if part == "中" and hour not in (11, 12, 13, 1, 2):
        raise ValueError(f"时间“{cell}”不存在（{half}没有 {hour} 点）")
    if part == "中":
        return hour + _NOON if hour < 11 else hour  # noqa: PLR2004 (one and two at noon)
    if part == "晚" and not hour % _NOON >= _EVENING - _NOON:
        raise ValueError(f"时间“{cell}”分不清算哪一天，请用 24 小时制，例如 2026-03-01 23:30")
    return hour + _NOON if hour < _NOON else hour


def _zone(written: str | None) -> tzinfo | None:
    """Return the zone, or None if no place on earth keeps it."""
    if written is None:
        return CHINA
    shift = written.upper().removeprefix("UTC").removeprefix("GMT")
    if shift in ("", "Z"):
        return UTC
    digits = shift[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > _MAX_ZONE_HOURS or minutes > _MAX_ZONE_MINUTES:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if shift[0] == "-" else offset)
