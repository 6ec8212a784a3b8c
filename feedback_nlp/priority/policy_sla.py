"""Settings of the service level in a policy: `sla.` and what follows."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from feedback_nlp import names
from feedback_nlp.errors import InputError
from feedback_nlp.priority.policy_values import clipped, figure, read_number, read_tier
from feedback_nlp.records import ReviewKind, SlaRule

MOST_LIMITS: Final = 100
_DEFAULTS: Final = SlaRule()
_SECONDS: Final = 3_600
_LIMITS: Final = (1 / _SECONDS, 8_760.0)
"""From a second to a year, in hours."""
_CLOCK: Final = (0.0, 24.0)
_SHARES: Final = (0.0, 0.9)
_DAYS: Final = (1.0, 3_650.0)
_UNITS: Final = {
    "s": 1,
    "秒": 1,
    "m": 60,
    "分钟": 60,
    "h": 3_600,
    "小时": 3_600,
    "d": 86_400,
    "天": 86_400,
}
_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(s|秒|m|分钟|h|小时|d|天)", re.IGNORECASE)
_HOUR_AND_MINUTE: Final = re.compile(r"([0-9]{1,2})[:：]([0-5][0-9])")
_SHORTEST_DAY: Final = 1.0
_OF_KIND: Final = "kind:"
_OF_CHANNEL: Final = "channel:"

CheckTopic = Callable[[str], str]
"""Returns the code of a topic or of a group as it is, or raises InputError."""


@dataclass(frozen=True, slots=True)
class SlaRow:
    """One setting: its name behind `sla.`, its value and default as people write them."""

    name: str
    value: str
    default: str
    meaning: str


_MEANINGS: Final = {
    "negative_hours": "负面评价几小时内首次答复；没有别的上限的投诉也按它",
    "resolve_hours": "投诉几小时没有解决就升级",
    "remind_share": "剩下的时间不到上限的这个份额，就算快到期，0 到 0.9，也可写成 25%",
    "opens": "工作日几点上班，也可写成 9:30",
    "closes": "工作日几点下班",
    "window_days": "只逐条列出最近几天的；更早没有答复的只计数",
}
_NO_LIMIT: Final = "无"


def sla_rows(rule: SlaRule) -> tuple[SlaRow, ...]:
    """Return every setting in a stable order."""
    tiers = dict.fromkeys(name for name, _ in (*_DEFAULTS.tiers, *rule.tiers))
    said, usual = dict(rule.tiers), dict(_DEFAULTS.tiers)
    return (
        *(_row(rule, name) for name in ("negative_hours", "resolve_hours")),
        *(
            SlaRow(
                f"tiers.{name}",
                _written(said.get(name)),
                _written(usual.get(name)),
                f"{name} 级客户的投诉几小时内首次答复",
            )
            for name in tiers
        ),
        *(_row(rule, name) for name in ("remind_share", "opens", "closes", "window_days")),
        *(
            SlaRow(
                f"scenarios.{name}",
                _written(hours),
                _NO_LIMIT,
                f"{scenario_text(name)} 几小时内首次答复；没有写的没有单独的上限",
            )
            for name, hours in rule.scenarios
        ),
    )


def set_sla(rule: SlaRule, name: str, wanted: str | None, check: CheckTopic) -> SlaRule | None:
    """Return the rule with one setting changed, or set back where nothing is wanted.

    None: there is no such setting. `check` looks at codes of topics.

    Raises:
        InputError: the setting cannot have this value.
    """
    group, _, member = name.partition(".")
    if group == "tiers" and member:
        return _limited(rule, "tiers", read_tier(member), wanted)
    if group == "scenarios" and member:
        held = dict(rule.scenarios)
        return _limited(
            rule, "scenarios", member if member in held else _scenario(member, check), wanted
        )
    if name not in _MEANINGS:
        return None
    value = getattr(_DEFAULTS, name) if wanted is None else _read(name, wanted)
    fields: dict[str, Any] = {name: value}
    return replace(rule, **fields)


def check_sla(rule: SlaRule) -> None:
    """Refuse opening hours that leave hardly any time to work. Raises InputError."""
    if rule.closes - rule.opens < _SHORTEST_DAY:
        raise InputError(
            f"sla.opens（{figure(rule.opens)}）至少要比 sla.closes（{figure(rule.closes)}）早一小时"
        )


def read_hours(key: str, value: str) -> float:
    """Read a limit in hours, or with its unit: 30s, 15m, 2h, 1d. Raises InputError."""
    written = _DURATION.fullmatch(value)
    if written is not None:
        value = figure(float(written[1]) * _UNITS[written[2].lower()] / _SECONDS)
    low, high = _LIMITS
    try:
        return read_number(key, value, (low, high))
    except InputError:
        raise InputError(
            f"{key} 不能是“{clipped(value)}”；要是小时数，1 秒到 {figure(high)} 小时，"
            "也可写成 30s、15m、2h、1d，或 default"
        ) from None


def scenario_text(name: str) -> str:
    """Return the Chinese name of a scenario; of topics the code."""
    if name.startswith(_OF_KIND):
        return names.KIND[name.removeprefix(_OF_KIND)]
    if name.startswith(_OF_CHANNEL):
        return f"渠道 {name.removeprefix(_OF_CHANNEL)}"
    return f"话题或类别 {name}"


def _row(rule: SlaRule, name: str) -> SlaRow:
    return SlaRow(name, _shown(name, rule), _shown(name, _DEFAULTS), _MEANINGS[name])


def _shown(name: str, rule: SlaRule) -> str:
    value = getattr(rule, name)
    return _written(value) if name in {"negative_hours", "resolve_hours"} else figure(value)


def _written(hours: float | None) -> str:
    """Write a limit so that `read_hours` reads the same number; None has no limit."""
    if hours is None:
        return _NO_LIMIT
    seconds = round(hours * _SECONDS)
    if hours >= 1 or seconds / _SECONDS != hours:
        return figure(hours)
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


def _read(name: str, wanted: str) -> float:
    key = f"sla.{name}"
    if name in {"negative_hours", "resolve_hours"}:
        return read_hours(key, wanted)
    if name == "remind_share":
        return read_number(key, wanted, _SHARES, percent=True)
    if name == "window_days":
        number = read_number(key, wanted, _DAYS)
        if not number.is_integer():
            raise InputError(f"{key} 不能是“{clipped(wanted)}”；要是整数")
        return int(number)
    clock = _HOUR_AND_MINUTE.fullmatch(wanted)
    return read_number(key, figure(int(clock[1]) + int(clock[2]) / 60) if clock else wanted, _CLOCK)


def _limited(rule: SlaRule, group: str, name: str, wanted: str | None) -> SlaRule:
    pairs: dict[str, float] = dict(getattr(rule, group))
    defaults: dict[str, float] = dict(getattr(_DEFAULTS, group))
    if wanted is not None and wanted != _NO_LIMIT:
        pairs[name] = read_hours(f"sla.{group}.{name}", wanted)
    elif wanted is None and name in defaults:
        pairs[name] = defaults[name]
    else:
        pairs.pop(name, None)
    if len(pairs) > MOST_LIMITS:
        raise InputError(f"sla.{group} 最多写 {MOST_LIMITS} 项；先用 default 去掉不用的")
    first = {key: pairs[key] for key in defaults if key in pairs}
    fields: dict[str, Any] = {group: tuple((first | dict(sorted(pairs.items()))).items())}
    return replace(rule, **fields)


def _scenario(name: str, check: CheckTopic) -> str:
    kind = name.removeprefix(_OF_KIND)
    if kind != name:
        if kind not in set(ReviewKind):
            known = "、".join(f"{_OF_KIND}{each}（{names.KIND[each]}）" for each in ReviewKind)
            raise InputError(f"没有“{clipped(name)}”这种来源；可以写 {known}")
        return name
    channel = name.removeprefix(_OF_CHANNEL)
    return f"{_OF_CHANNEL}{read_tier(channel)}" if channel != name else check(name)
