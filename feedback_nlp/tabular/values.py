"""Cells as people write them -> typed values; a ValueError carries the reason in Chinese."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from feedback_nlp.records import CHINA

EARLIEST_YEAR: Final = 2000
_MISSING: Final = frozenset({"", "-", "--", "/", "无", "null", "none", "nan", "n/a", "na"})
_TIME: Final = re.compile(
    r"""(?P<year>\d{4}) \s*[-/.年]\s* (?P<month>\d{1,2}) \s*[-/.月]\s* (?P<day>\d{1,2}) \s*日?
    (?: (?:T|\s+|(?<=日)) (?P<hour>\d{1,2}) [:时点] (?P<minute>\d{1,2}) 分?
        (?: :? (?P<second>\d{1,2}) (?:[.,]\d+)? 秒? )? )?
    \s* (?P<zone>Z|[+-]\d{2}:?\d{2})?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>星|分|万|w|k)?", re.IGNORECASE)
_UNITS: Final = {"万": 10_000, "w": 10_000, "k": 1_000}
_MIN_STARS: Final = 1
_MAX_STARS: Final = 5
_MAX_COUNT: Final = 10**10
"""More likes than people: a column of something else."""


def is_missing(cell: str) -> bool:
    """Say whether a cell means "not given"."""
    return cell.strip().lower() in _MISSING


def parse_time(cell: str, *, now: datetime) -> datetime:
    """Read a date or a time; without a zone it is Asia/Shanghai, without an hour midnight.

    Raises:
        ValueError: not a date, before 2000, or more than a day after `now`.
    """
    match = _TIME.fullmatch(cell.strip())
    if match is None:
        raise ValueError(f"时间“{cell}”看不懂，请写成 2026-03-01 14:05")
    part = {name: int(match[name] or 0) for name in ("hour", "minute", "second")}
    try:
        time = datetime(
            int(match["year"]),
            int(match["month"]),
            int(match["day"]),
            part["hour"],
            part["minute"],
            part["second"],
            tzinfo=_zone(match["zone"]),
        )
    except ValueError as error:
        raise ValueError(f"时间“{cell}”不存在（{error}）") from error
    if time.year < EARLIEST_YEAR:
        raise ValueError(f"时间“{cell}”早于 {EARLIEST_YEAR} 年，多半是占位值")
    if time > now + timedelta(days=1):
        raise ValueError(f"时间“{cell}”在将来")
    return time


def _zone(written: str | None) -> ZoneInfo | timezone:
    if written is None:
        return CHINA
    if written in "Zz":
        return UTC
    sign = -1 if written[0] == "-" else 1
    hours, minutes = int(written[1:3]), int(written[-2:])
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def parse_rating(cell: str) -> float | None:
    """Read 1 to 5 stars; 0 is what shops write for "not rated".

    Raises:
        ValueError: not a number, above 5, or between 0 and 1.
    """
    match = _NUMBER.fullmatch(cell.strip())
    if match is None or match["unit"] not in {None, "星", "分"}:
        raise ValueError(f"评分“{cell}”看不懂，应为 1 到 5")
    stars = float(match["number"])
    if stars and not _MIN_STARS <= stars <= _MAX_STARS:
        raise ValueError(f"评分“{cell}”超出 1 到 5")
    return stars or None


def parse_count(cell: str) -> int:
    """Read a number of likes such as 12 or 1.2万; a negative one is an error.

    Raises:
        ValueError: not a whole non-negative number, or more than ten thousand million.
    """
    match = _NUMBER.fullmatch(cell.strip())
    if match is None or match["unit"] in {"星", "分"}:
        raise ValueError(f"点赞数“{cell}”看不懂，应为非负整数")
    count = float(match["number"]) * _UNITS.get((match["unit"] or "").lower(), 1)
    if count > _MAX_COUNT:
        raise ValueError(f"点赞数“{cell}”太大，多半不是点赞数")
    if not match["unit"] and not count.is_integer():
        raise ValueError(f"点赞数“{cell}”不是整数")
    return round(count)
