"""Cells as people write them -> typed values; a ValueError carries the reason in Chinese."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from feedback_nlp.records import CHINA

EARLIEST_YEAR: Final = 2000
_MISSING: Final = frozenset({"", "-", "--", "/", "无", "null", "none", "nan", "n/a", "na"})
_COMPACT_DAY: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})(?!\d)", re.ASCII)
_SINCE_1970: Final = re.compile(r"(?P<seconds>\d{10})(?P<milliseconds>\d{3})?", re.ASCII)
_TIME: Final = re.compile(
    r"""(?P<year>\d{4}) \s*[-/.年]\s* (?P<month>\d{1,2}) \s*[-/.月]\s* (?P<day>\d{1,2}) \s*日?
    (?: (?:T|\s+|(?<=日)|(?=[上下]午)) (?:(?P<half>[上下]午)\s*)? (?P<hour>\d{1,2})
        (?: [:时点] (?P<minute>\d{1,2}) 分? (?: :? (?P<second>\d{1,2}) (?:[.,]\d+)? 秒? )?
          | [时点] ) )?
    \s* (?P<zone>Z|[+-]\d{2}:?\d{2})?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_RATING: Final = re.compile(
    r"(?P<stars>\d+(?:\.\d+)?)\s*(?:[/／]\s*(?P<scale>\d+(?:\.\d+)?)\s*)?[星分]?"
)
_COUNT: Final = re.compile(
    r"(?P<number>(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?)\s*(?P<unit>[万wk])?\+?", re.IGNORECASE
)
_UNITS: Final = {"万": 10_000, "w": 10_000, "k": 1_000}
_MIN_STARS: Final = 1
_MAX_STARS: Final = 5
_NOON: Final = 12
_MAX_ZONE_HOURS: Final = 14
_MAX_ZONE_MINUTES: Final = 59
_MAX_COUNT: Final = 10**10
"""More likes than people: a column of something else."""


def is_missing(cell: str) -> bool:
    """Say whether a cell means "not given"."""
    return cell.strip().lower() in _MISSING


def parse_time(cell: str, *, now: datetime) -> datetime:
    """Read a date or a time; without a zone it is Asia/Shanghai, without an hour midnight.

    Ten digits are seconds since 1970, thirteen are milliseconds, eight are a day.

    Raises:
        ValueError: not a date, before 2000, or more than a day after `now`.
    """
    written = cell.strip()
    since = _SINCE_1970.fullmatch(written)
    if since is not None:
        time = datetime.fromtimestamp(int(since["seconds"]), tz=CHINA)
    else:
        match = _TIME.fullmatch(_COMPACT_DAY.sub(r"\1-\2-\3", written))
        if match is None:
            raise ValueError(f"时间“{cell}”看不懂，请写成 2026-03-01 14:05")
        time = _moment(match, cell)
    if time.year < EARLIEST_YEAR:
        raise ValueError(f"时间“{cell}”早于 {EARLIEST_YEAR} 年，多半是占位值")
    if time > now + timedelta(days=1):
        raise ValueError(f"时间“{cell}”在将来")
    return time


def _moment(match: re.Match[str], cell: str) -> datetime:
    names = ("year", "month", "day", "hour", "minute", "second")
    year, month, day, hour, minute, second = (int(match[name] or 0) for name in names)
    zone = _zone(match["zone"])
    if zone is None:
        raise ValueError(f"时间“{cell}”的时区“{match['zone']}”不存在")
    if match["half"] == "上午" and hour > _NOON:
        raise ValueError(f"时间“{cell}”不存在（上午没有 {hour} 点）")
    if match["half"] == "上午":
        hour %= _NOON
    elif match["half"] == "下午" and hour < _NOON:
        hour += _NOON
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise ValueError(f"时间“{cell}”不存在，请核对日期和钟点") from None


def _zone(written: str | None) -> tzinfo | None:
    """Return the zone, or None if no place on earth keeps it."""
    if written is None:
        return CHINA
    if written in "Zz":
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    if hours > _MAX_ZONE_HOURS or minutes > _MAX_ZONE_MINUTES:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if written[0] == "-" else offset)


def parse_rating(cell: str) -> float | None:
    """Read 1 to 5 stars such as 4, 4.5星 or 4/5; 0 is what shops write for "not rated".

    Raises:
        ValueError: not a number, out of another number than 5, above 5, or between 0 and 1.
    """
    match = _RATING.fullmatch(cell.strip())
    if match is None:
        raise ValueError(f"评分“{cell}”看不懂，应为 1 到 5")
    if match["scale"] is not None and float(match["scale"]) != _MAX_STARS:
        raise ValueError(f"评分“{cell}”不是 5 分制，应为 1 到 5")
    stars = float(match["stars"])
    if stars and not _MIN_STARS <= stars <= _MAX_STARS:
        raise ValueError(f"评分“{cell}”超出 1 到 5")
    return stars or None


def parse_count(cell: str) -> int:
    """Read a number of likes such as 12, 1,200, 1.2万 or 999+ (at least that many is that many).

    Raises:
        ValueError: not a whole non-negative number, or more than ten thousand million.
    """
    match = _COUNT.fullmatch(cell.strip())
    if match is None:
        raise ValueError(f"点赞数“{cell}”看不懂，应为非负整数")
    number = float(match["number"].replace(",", "").replace("，", ""))
    count = number * _UNITS.get((match["unit"] or "").lower(), 1)
    if count > _MAX_COUNT:
        raise ValueError(f"点赞数“{cell}”太大，多半不是点赞数")
    if not match["unit"] and not count.is_integer():
        raise ValueError(f"点赞数“{cell}”不是整数")
    return round(count)
