"""Reach: how many users a quarter a theme troubles, and the sentence that says how it was found."""

from collections import Counter
from typing import Final

import numpy as np
from scipy.stats import norm

from feedback_nlp import names
from feedback_nlp.heads.counting import LEVEL
from feedback_nlp.priority.crowd import LIKE_CAP, LIKE_WEIGHT, Array, Crowd, Person, Sums
from feedback_nlp.priority.draws import DRAWS
from feedback_nlp.priority.grounds import Correction
from feedback_nlp.priority.window import MIN_DAYS, QUARTER_DAYS, RECENT_DAYS, Window
from feedback_nlp.themes.rates import PER


def reach(sums: Sums, window: Window, factor: Array | float) -> Array:
    """Return distinct users per quarter, (n_draws,), each as heavy as the policy says.

    `factor`: complaints there are per complaint that the labels let expect, one per draw or one
    for all. Monotone in every user: each adds their value times their chance.
    """
    # Who asks counts 1, and more where the same complaint alone would count more.
    more = sums.both * np.maximum(factor - 1.0, 0.0)
    return np.asarray((sums.complaints * factor + sums.requests + more) * window.scale)


def drawn_factors(correction: Correction | None) -> Array:
    """Return one correction per draw, (DRAWS,): log-normal with the interval of `correction`.

    Not random: quantiles in the order of a fixed permutation, the same for every theme, because
    what the model gets wrong it gets wrong everywhere.
    """
    if correction is None:
        return np.ones(DRAWS)
    spread = np.log(correction.high / correction.low) / (2 * norm.ppf((1 + LEVEL) / 2))
    quantiles = (np.arange(DRAWS) * _STRIDE % DRAWS + 0.5) / DRAWS
    return np.asarray(correction.factor * np.exp(spread * norm.ppf(quantiles)))


_STRIDE: Final = 387
"""Shares no factor with DRAWS, so that every quantile comes once."""


_GROUPS_SHOWN: Final = 3
"""Tiers and segments that are named in full."""


def reach_reason(
    crowd: Crowd,
    window: Window,
    correction: Correction | None,
    *,
    value: tuple[float, float, float],
) -> str:
    """Explain reach; `value` is reach with the ends of its interval."""
    near = [person for person in crowd.people if person.complaint or person.request]
    parts = [_counted(crowd, near, window)]
    undated = sum(person.undated for person in near)
    if undated and window.first is not None:
        parts.append(f"其中 {undated} 位没有时间，也算在内")
    parts += [_loudest(crowd, near), _certainty(near, correction), _weights(near), _likes(near)]
    parts += [_scaled(near, window)]
    low, high = _figure(value[1]), _figure(value[2])
    parts.append(f"得每季度 {_figure(value[0])} 人（80% 区间 {low}—{high}）")
    return "；".join(part for part in parts if part)


def _counted(crowd: Crowd, near: list[Person], window: Window) -> str:
    when = "" if window.first is None else f"最近 {window.days} 天{_of_these(window)}里 "
    if crowd.anonymous == crowd.total:
        return f"{when}{len(near)} 条评论提到（这些评论没有用户标识，每条按一位用户计）"
    unknown = "，没有用户标识的评论每条按一位用户计" if crowd.anonymous else ""
    return f"{when}{len(near)} 位不同用户提到{unknown}"


def _of_these(window: Window) -> str:
    return f"中有订单或活跃用户数的 {len(window.exposure)} 天" if window.exposure else ""


def _loudest(crowd: Crowd, near: list[Person]) -> str:
    most = max((person.voices for person in near), default=0)
    if most <= 1:
        return ""
    if crowd.anonymous == crowd.total:
        return f"一条评论只算一次（最多的一条有 {most} 处意见）"
    return f"一人只算一次（说得最多的一位有 {most} 处意见）"


def _certainty(near: list[Person], correction: Correction | None) -> str:
    complaining = [person.complaint for person in near if person.complaint]
    if not complaining:
        return ""
    of = "其中" if len(complaining) < len(near) else ""
    expected = f"{of}抱怨的 {len(complaining)} 位按判断把握折合 {_figure(sum(complaining))} 位"
    if correction is None:
        return f"{expected}（意见太少或模型没有误差数据，漏判未计入）"
    return f"{expected}，再按整体误判和漏判折算 ×{correction.factor:.2f}"


def _weights(near: list[Person]) -> str:
    counts = Counter((_title(person), person.weight) for person in near if person.weight != 1.0)
    if not counts:
        return ""
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = "、".join(
        f"{title} {count} 位每位按 {weight:g} 人计"
        for (title, weight), count in most[:_GROUPS_SHOWN]
    )
    if len(most) <= _GROUPS_SHOWN:
        return shown
    total = sum(person.weight for person in near) / len(near)
    return f"{shown}等 {len(most)} 组，平均每位按 {total:.2f} 人计"


def _title(person: Person) -> str:
    tier = person.tier or ""
    if tier:
        tier += " 级" if tier.isascii() else "级"
    return tier + (names.SEGMENT[person.segment] if person.segment else "")


def _likes(near: list[Person]) -> str:
    likes = sum(person.likes for person in near)
    if not likes:
        return ""
    added = sum(min(LIKE_WEIGHT * person.likes, LIKE_CAP) for person in near)
    return (
        f"{likes} 个赞按每个 {LIKE_WEIGHT:g} 人折合 {added:.1f} 人"
        f"（每位用户最多加 {LIKE_CAP:g} 人）"
    )


def _scaled(near: list[Person], window: Window) -> str:
    if window.exposure:
        rate = PER * len(near) / window.exposed
        return (
            f"这些天共 {window.exposed:,} 单或人次，万投比 {rate:.2f}；"
            f"按其中最近 {min(RECENT_DAYS, len(window.exposure))} 天日均 {window.daily:,.0f} "
            f"折算到每季度（{QUARTER_DAYS} 天）"
        )
    if window.first is None:
        return "数据没有日期或日期不全，未折算到季度"
    if window.days >= QUARTER_DAYS:
        return "没有订单或活跃用户数，暂按人数而不是万投比"
    used = max(window.days, MIN_DAYS)
    short = f"，不足 {used} 天按 {used} 天算" if window.days < used else ""
    return (
        f"数据跨度 {window.days} 天{short}，折算到每季度（{QUARTER_DAYS} 天）；"
        "没有订单或活跃用户数，暂按人数而不是万投比"
    )


def _figure(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
