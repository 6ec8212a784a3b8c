"""Which limit a case has for its first answer: the tightest of those that apply."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from feedback_nlp.names import KIND
from feedback_nlp.records import ReviewKind, SlaRule, Taxonomy
from feedback_nlp.sla.calendar import BUSINESS_BELOW

PUBLIC: Final = frozenset({ReviewKind.REVIEW, ReviewKind.SURVEY, ReviewKind.POST})
"""Kinds of which a negative one is a negative review; tickets and chats are complaints."""
_TIER_ENDING: Final = re.compile(r"\s*(?:级|卡|级客户|客户|会员|卡会员)$")
_SECONDS: Final = 3_600
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Told:
    """What decides about a limit."""

    kind: ReviewKind
    channel: str
    tier: str | None
    topics: tuple[str, ...]
    negative: bool
    complaint: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit, and the setting of the policy that it comes from."""

    hours: float
    key: str
    """Behind `sla.`, such as `tiers.A`."""
    name: str
    """In Chinese, such as A 级客户的投诉."""

    @property
    def is_business(self) -> bool:
        """Say that it counts business time."""
        return self.hours < BUSINESS_BELOW

    @property
    def reason(self) -> str:
        """Return one Chinese phrase: which rule, and how long it gives."""
        return f"{self.name}：{duration_text(self.hours)}内首次答复"


def limit_of(told: Told, rule: SlaRule, taxonomy: Taxonomy) -> Limit:
    """Return the limit with the fewest hours; of equal ones scenario, tier, negative review.

    Hours are compared as they are written, business time or not: what is left over Friday evening
    of two business hours is more than a calendar day, and still the tighter promise.
    """
    found = [*_scenarios(told, rule, taxonomy), *_tiers(told, rule)]
    if (told.negative and told.kind in PUBLIC) or not found:
        name = "负面评价" if told.negative and told.kind in PUBLIC else "投诉"
        found.append(Limit(rule.negative_hours, "negative_hours", name))
    return min(found, key=lambda limit: limit.hours)  # of equal ones the first


def duration_text(hours: float) -> str:
    """Write a limit as people say it, business time as such."""
    working = "（工作时间）" if hours < BUSINESS_BELOW else ""
    seconds = hours * _SECONDS
    if seconds < _MINUTE:
        return f"{_plain(seconds)} 秒{working}"
    if hours < 1:
        return f"{_plain(seconds / _MINUTE)} 分钟{working}"
    return f"{_plain(hours)} 小时{working}"


def plain_tier(tier: str) -> str:
    """Return the name of a tier without 级, 卡 and the like."""
    return _TIER_ENDING.sub("", tier)


def _scenarios(told: Told, rule: SlaRule, taxonomy: Taxonomy) -> Iterator[Limit]:
    limits = dict(rule.scenarios)
    if not limits:
        return
    shown = {topic.group: topic.group_name for topic in taxonomy.topics}
    shown |= {topic.code: topic.name for topic in taxonomy.topics}
    names = {
        f"kind:{told.kind}": KIND[told.kind],
        f"channel:{told.channel}": f"渠道 {told.channel}",
    }
    for code in told.topics:
        group = code.partition(".")[0]
        nearer = code if code in limits else group  # a topic's own limit wins over its group's
        names[nearer] = f"“{shown.get(nearer, nearer)}”"
    for name, chinese in names.items():
        if name in limits:
            yield Limit(limits[name], f"scenarios.{name}", f"场景 {chinese}")


def _tiers(told: Told, rule: SlaRule) -> Iterator[Limit]:
    if not told.complaint or told.tier is None:
        return
    limits = dict(rule.tiers)
    for name in (told.tier, plain_tier(told.tier)):
        if name in limits:
            yield Limit(limits[name], f"tiers.{name}", f"{name} 级客户的投诉")
            return


def _plain(number: float) -> str:
    return f"{number:.6g}"
