"""The service level in Chinese words; the same on the command line and in the report."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from feedback_nlp.satisfaction.estimates import Estimate

NOT_DUE: Final = "还没有到期的"
"""Stands where a rate would have no denominator."""
_DAY: Final = 86_400
_HOUR: Final = 3_600
_MINUTE: Final = 60


def rate(found: Estimate) -> str:
    """Write a share: `40.0%`."""
    return f"{found.value:.1%}"


def grounds(found: Estimate) -> str:
    """Write what a share rests on: `95% 区间 11.8% 至 76.9%，到期 5 件`."""
    return f"95% 区间 {found.low:.1%} 至 {found.high:.1%}，到期 {found.n} 件"


def duration(span: timedelta) -> str:
    """Write a time in the two largest units that people use."""
    seconds = round(abs(span.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds} 秒"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} 分钟"
    if seconds < _DAY:
        return _two(seconds // _HOUR, "小时", seconds % _HOUR // _MINUTE, "分")
    return _two(seconds // _DAY, "天", seconds % _DAY // _HOUR, "小时")


def untimed_sentence(cases: int) -> str:
    """Say how many were answered nobody knows when."""
    return f"有答复、不知何时的 {cases} 件，不算及时也不算超时"


def undated_sentence(cases: int) -> str:
    """Say how many have no limit because nobody knows when they came."""
    return f"没有时间、无法计时的 {cases} 件"


def years_sentence(years: Sequence[int]) -> str:
    """Say of which years the holidays are not known."""
    return f"{'、'.join(map(str, years))} 年的节假日安排未知，按周一到周五都是工作日算"


def _two(large: int, unit: str, small: int, smaller: str) -> str:
    return f"{large} {unit} {small} {smaller}" if small else f"{large} {unit}"
