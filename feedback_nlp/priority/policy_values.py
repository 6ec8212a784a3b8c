"""Values of a policy's settings as people write them: numbers within bounds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import fsum
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.records import Criterion, Policy, Taxonomy

PLAIN_WEIGHT: Final = 1.0
"""What is not named has this weight."""
LONGEST_TIER: Final = 64
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*[,，、]\s*")
_NOT_IN_A_NAME: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PERCENT: Final = 100.0
_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Rule:
    """One threshold of RFM: its bounds, whether it is a whole number, what it means."""

    bounds: tuple[float, float]
    whole: bool
    meaning: str


_DAYS: Final = (1.0, 3_650.0)
_ORDERS: Final = (1.0, 100_000.0)
_AMOUNTS: Final = (0.0, 1e9)
RFM: Final[Mapping[str, Rule]] = {
    "high_days": Rule(_DAYS, whole=True, meaning="高价值：最近一次下单在几天之内"),
    "high_orders": Rule(_ORDERS, whole=True, meaning="高价值：窗口内至少几单"),
    "high_amount": Rule(_AMOUNTS, whole=False, meaning="高价值：窗口内至少多少元"),
    "potential_days": Rule(_DAYS, whole=True, meaning="潜力：最近一次下单在几天之内"),
    "potential_orders": Rule(_ORDERS, whole=True, meaning="潜力：窗口内至少几单"),
    "new_days": Rule(_DAYS, whole=True, meaning="新用户：第一次下单在几天之内"),
    "new_orders": Rule(_ORDERS, whole=True, meaning="新用户：窗口内至多几单"),
    "risk_days": Rule(_DAYS, whole=True, meaning="流失风险：最近一次下单超过几天"),
    "lost_days": Rule(_DAYS, whole=True, meaning="流失：最近一次下单超过几天"),
    "window_days": Rule(_DAYS, whole=True, meaning="订单数和金额按最近几天算"),
}
"""Thresholds by the names of `RfmRule`, in its order."""


def figure(value: float) -> str:
    """Write a number in full, without a trailing `.0`."""
    return repr(value).removesuffix(".0")


def read_number(
    key: str, value: str, bounds: tuple[float, float], *, percent: bool = False
) -> float:
    """Read one number; `percent` allows a percent sign. Raises InputError."""
    share = percent and value.endswith(("%", "％"))
    written = value[:-1].strip() if share else value
    low, high = bounds
    number = float(written) / (_PERCENT if share else 1) if _NUMBER.fullmatch(written) else None
    if number is None or not low <= number <= high:
        raise InputError(
            f"{key} 不能是“{clipped(value)}”；要是 {figure(low)} 到 {figure(high)} 的数，或 default"
        )
    return number + 0.0  # no minus zero


def read_rfm(name: str, value: str) -> float:
    """Read one threshold of RFM. Raises InputError."""
    rule = RFM[name]
    number = read_number(f"rfm.{name}", value, rule.bounds)
    if not rule.whole:
        return number
    if not number.is_integer():
        raise InputError(f"rfm.{name} 不能是“{clipped(value)}”；要是整数")
    return int(number)


def read_board(value: str) -> tuple[tuple[Criterion, float], ...]:
    """Read the three weights of the review board as shares or percents. Raises InputError."""
    parts = _BETWEEN.split(value)
    numbers = [
        read_number("board", part.removesuffix("%").removesuffix("％"), (0.0, _PERCENT))
        for part in parts
    ]
    total = fsum(numbers)
    unit = next((unit for unit in (1.0, _PERCENT) if abs(total - unit) <= _TOLERANCE * unit), None)
    criteria = [criterion for criterion, _ in Policy().board]
    if len(numbers) != len(criteria) or unit is None:
        raise InputError(
            f"board 不能是“{clipped(value)}”；要是可行性、创新性、效益预期三个权重，"
            "合计 100 或 1，如 40,30,30"
        )
    return tuple((name, number / unit) for name, number in zip(criteria, numbers, strict=True))


def read_tier(name: str) -> str:
    """Return the name of a tier as customers have it. Raises InputError."""
    if not name.strip() or len(name) > LONGEST_TIER or _NOT_IN_A_NAME.search(name):
        raise InputError(
            f"tiers：等级名“{clipped(name)}”不能用；要在 1 到 {LONGEST_TIER} 个字之间，写在一行里"
        )
    return name.strip()


def read_topic(name: str, taxonomy: Taxonomy) -> str:
    """Return the code of a topic or of a group of topics as it is. Raises InputError."""
    codes = {topic.group: topic.group_name for topic in taxonomy.topics}
    codes |= {topic.code: topic.name for topic in taxonomy.topics}
    if name in codes:
        return name
    raise InputError(f"没有话题“{clipped(name)}”；{_near_codes(name, codes)}")


def _near_codes(name: str, codes: Mapping[str, str]) -> str:
    same = [code for code, shown in codes.items() if name in shown]
    ends = [code for code in codes if name == code.rpartition(".")[2]]
    near = dict.fromkeys((*same, *ends, *get_close_matches(clipped(name), codes, n=3)))
    if not near:
        return f"可以写类别 {'、'.join(code for code in codes if '.' not in code)} 或其中的话题"
    return f"相近的有 {'、'.join(f'{code}（{codes[code]}）' for code in list(near)[:5])}"


def clipped(value: str) -> str:
    """Return a word as messages repeat it."""
    return value if len(value) <= LONGEST_TIER else f"{value[:LONGEST_TIER]}…"
