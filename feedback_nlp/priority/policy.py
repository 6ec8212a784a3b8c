"""A policy as settings with dotted names: read them, set one, see what differs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

from feedback_nlp import names
from feedback_nlp.errors import InputError
from feedback_nlp.priority.policy_sla import check_sla, set_sla, sla_rows
from feedback_nlp.priority.policy_values import (
    PLAIN_WEIGHT,
    RFM,
    clipped,
    figure,
    read_board,
    read_number,
    read_rfm,
    read_tier,
    read_topic,
)
from feedback_nlp.records import Lane, Policy, Segment, Taxonomy

DEFAULT: Final = "default"
"""The value that sets a setting back."""
MOST_TIERS: Final = 100
_DEFAULTS: Final = Policy()
_WEIGHTS: Final = (0.0, 100.0)
_CAPACITIES: Final = (0.0, 10_000.0)
_SHARES: Final = (0.0, 0.9)
_WEEKS: Final = (0.0, 520.0)
_NAMED: Final[Mapping[str, type[Segment | Lane]]] = {"segments": Segment, "capacities": Lane}
_PAIRS: Final = ("tiers", "segments", "strategy", "capacities")
_GROUPS: Final = (*_PAIRS, "reserve", "cheap_weeks", "board", "rfm", "sla")
"""In the order of `rows`."""
_MEANINGS: Final = {
    "reserve": "每个通道留给应急的份额，0 到 0.9，也可写成 20%",
    "board": "评审权重：可行性、创新性、效益预期，合计为 1，也可写成 40,30,30",
    "cheap_weeks": "四象限里不超过几人周算成本低",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as people see it; `changed` reads `value` back as it is."""

    key: str
    value: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One setting of which two policies differ."""

    key: str
    before: str
    after: str


def changed(policy: Policy, key: str, value: str, *, taxonomy: Taxonomy) -> Policy:
    """Return the policy with one setting changed; the value `default` sets it back.

    Raises:
        InputError: there is no such setting, or it cannot have this value.
    """
    return changed_all(policy, [(key, value)], taxonomy=taxonomy)


def changed_all(policy: Policy, wishes: Iterable[tuple[str, str]], *, taxonomy: Taxonomy) -> Policy:
    """Return the policy with several settings changed; they need to fit together only at the end.

    Raises:
        InputError: one of them cannot be changed so, or they contradict each other.
    """
    for key, value in wishes:
        policy = _changed(policy, key.strip(), value.strip(), taxonomy)
    if policy.rfm.risk_days >= policy.rfm.lost_days:
        raise InputError(
            f"rfm.risk_days（{policy.rfm.risk_days}）要小于 rfm.lost_days"
            f"（{policy.rfm.lost_days}），否则没有用户会是流失风险"
        )
    check_sla(policy.sla)
    return policy


def rows(policy: Policy) -> tuple[Setting, ...]:
    """Return every setting in a stable order: those that have a default first in each group."""
    return (
        *(row for group in _PAIRS for row in _weights(policy, group)),
        *(
            Setting(key, figure(getattr(policy, key)), figure(getattr(_DEFAULTS, key)), meaning)
            for key, meaning in _MEANINGS.items()
            if key != "board"
        ),
        Setting("board", _board(policy), _board(_DEFAULTS), _MEANINGS["board"]),
        *(
            Setting(
                f"rfm.{name}",
                figure(getattr(policy.rfm, name)),
                figure(getattr(_DEFAULTS.rfm, name)),
                rule.meaning,
            )
            for name, rule in RFM.items()
        ),
        *(
            Setting(f"sla.{row.name}", row.value, row.default, row.meaning)
            for row in sla_rows(policy.sla)
        ),
    )


def differences(before: Policy, after: Policy) -> tuple[Changed, ...]:
    """Return the settings of which two policies differ, by group as in `rows`."""
    old = {row.key: row for row in rows(before)}
    new = {row.key: row for row in rows(after)}
    found = []
    for key, row in (old | new).items():
        was = old[key].value if key in old else row.default
        now = new[key].value if key in new else row.default
        if was != now:
            found.append(Changed(key, was, now))
    return tuple(sorted(found, key=lambda each: _GROUPS.index(each.key.partition(".")[0])))


def _changed(policy: Policy, key: str, value: str, taxonomy: Taxonomy) -> Policy:
    wanted = None if value == DEFAULT else value
    group, _, name = key.partition(".")
    if key in {"reserve", "cheap_weeks"}:
        bounds = _SHARES if key == "reserve" else _WEEKS
        number = (
            getattr(_DEFAULTS, key)
            if wanted is None
            else read_number(key, wanted, bounds, percent=key == "reserve")
        )
        fields: dict[str, Any] = {key: number}
        return replace(policy, **fields)
    if key == "board":
        return replace(policy, board=_DEFAULTS.board if wanted is None else read_board(wanted))
    if group == "rfm" and name in RFM:
        fields = {name: getattr(_DEFAULTS.rfm, name) if wanted is None else read_rfm(name, wanted)}
        return replace(policy, rfm=replace(policy.rfm, **fields))
    if group == "sla":
        sla = set_sla(policy.sla, name, wanted, lambda code: read_topic(code, taxonomy))
        if sla is not None:
            return replace(policy, sla=sla)
    if group in _PAIRS and name:
        return _weighted(policy, group, _known(policy, key, taxonomy), wanted)
    raise InputError(f"没有“{clipped(key)}”这项政策；{_near_keys(policy, key)}")


def _weighted(policy: Policy, group: str, name: str, wanted: str | None) -> Policy:
    pairs = dict(getattr(policy, group))
    defaults = dict(getattr(_DEFAULTS, group))
    if wanted is not None:
        bounds = _CAPACITIES if group == "capacities" else _WEIGHTS
        pairs[name] = read_number(f"{group}.{name}", wanted, bounds)
    elif name in defaults:
        pairs[name] = defaults[name]
    else:
        pairs.pop(name, None)
    if len(pairs) > MOST_TIERS and group == "tiers":
        raise InputError(f"tiers 最多写 {MOST_TIERS} 个等级；先用 default 去掉不用的")
    first = {key: pairs[key] for key in defaults if key in pairs}
    fields: dict[str, Any] = {group: tuple((first | dict(sorted(pairs.items()))).items())}
    return replace(policy, **fields)


def _known(policy: Policy, key: str, taxonomy: Taxonomy) -> str:
    """Return the name behind the dot as the policy holds it; raises InputError."""
    group, _, name = key.partition(".")
    if group == "tiers":
        return read_tier(name)
    if group == "strategy":
        # What a later taxonomy does not have any more can still be set back.
        return name if name in dict(policy.strategy) else read_topic(name, taxonomy)
    members = {str(member): member for member in _NAMED[group]}
    if name not in members or members[name] not in dict(getattr(_DEFAULTS, group)):
        raise InputError(f"没有“{clipped(key)}”这项政策；{_near_keys(policy, key)}")
    return members[name]


def _near_keys(policy: Policy, key: str) -> str:
    keys = [row.key for row in rows(policy)]
    near = get_close_matches(clipped(key), keys, n=3)
    return f"相近的有 {'、'.join(near)}" if near else "全部见 policy show"


def _weights(policy: Policy, group: str) -> tuple[Setting, ...]:
    defaults: dict[str, float] = dict(getattr(_DEFAULTS, group))
    # A policy that does not name what the default names says that it does not count especially.
    unnamed = dict.fromkeys(defaults, 0.0 if group == "capacities" else PLAIN_WEIGHT)
    pairs: dict[str, float] = unnamed | dict(getattr(policy, group))
    return tuple(
        Setting(
            f"{group}.{name}",
            figure(value),
            figure(defaults.get(name, PLAIN_WEIGHT)),
            _meaning(group, name),
        )
        for name, value in pairs.items()
    )


def _meaning(group: str, name: str) -> str:
    return {
        "tiers": f"等级为 {name} 的用户，一位按几位算；没写的等级按 1",
        "segments": f"分群为{names.SEGMENT.get(name)}的用户，一位按几位算",
        "strategy": f"话题或类别 {name} 的战略权重；没写的按 1",
        "capacities": f"{names.LANE.get(name)}一期能做多少人周，含应急预留",
    }[group]


def _board(policy: Policy) -> str:
    return ",".join(figure(weight) for _, weight in policy.board)
