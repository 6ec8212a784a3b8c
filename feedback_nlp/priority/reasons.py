"""One Chinese sentence for each number of a priority; every figure in it can be counted."""

from collections import Counter
from collections.abc import Sequence

from feedback_nlp import names
from feedback_nlp.priority import factors
from feedback_nlp.records import Topic, Voice

_TIERS = ((0.9, 100), (0.65, 80), (0.0, 50))


def reach(
    users: factors.Users, voices: Sequence[Voice], *, span_days: float | None, value: float
) -> str:
    """Explain reach: who was counted, what likes added, how it was scaled to a quarter."""
    anonymous = sum(voice.author_id is None for voice in voices)
    parts = [f"{users.count} 位不同用户提到"]
    if anonymous == len(voices):
        parts = [f"{users.count} 条评论提到（这些评论没有用户标识，每条按一位用户计）"]
    elif anonymous:
        parts.append("没有用户标识的评论每条按一位用户计")
    added = min(factors.LIKE_WEIGHT * float(users.likes.sum()), factors.LIKE_CAP * users.count)
    if added:
        parts.append(
            f"{users.likes.sum():.0f} 个赞按每个 {factors.LIKE_WEIGHT:g} 人折合 {added:.1f} 人"
            f"（上限为用户数的 {factors.LIKE_CAP:.0%}）"
        )
    if span_days is None:
        parts.append(f"数据没有日期或日期不全，未折算到季度，计 {_figure(value)} 人")
    else:
        used = max(span_days, factors.MIN_SPAN_DAYS)
        short = f"，不足 {used} 天按 {used} 天算" if span_days < used else ""
        parts.append(
            f"数据跨度 {_figure(span_days)} 天{short}，"
            f"折算到每季度（{factors.QUARTER_DAYS} 天）为 {_figure(value)} 人"
        )
    parts.append("没有订单或活跃用户数，暂按人数而不是万投比")
    return "；".join(parts)


def _figure(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def impact(voices: Sequence[Voice], *, value: float) -> str:
    """Explain impact by the severities found."""
    counts = Counter(voice.labels.severity for voice in voices)
    found = "、".join(
        f"{names.SEVERITY[level]} {counts[level]} 条" if level else f"建议类 {counts[level]} 条"
        for level in (3, 2, 1, 0)
        if counts[level]
    )
    return f"严重度：{found}；按用户平均后取最近一档 {value:g}"


def confidence(users: factors.Users, *, value: float) -> str:
    """Explain confidence by sample, certainty and breadth, and show the usual tier."""
    sample = users.count / (users.count + factors.SAMPLE_HALF)
    uncertain = float(users.uncertain.mean())
    breadth = factors.CHANNEL_FACTOR.get(users.channels, 1.0)
    tier = next(percent for floor, percent in _TIERS if value >= floor)
    return (
        f"样本 {users.count} 人（系数 {sample:.2f}）× 判断把握"
        f"（{uncertain:.0%} 为不确定，系数 {1 - factors.UNCERTAIN_COST * uncertain:.2f}）× "
        f"{users.channels} 个渠道（系数 {breadth:g}）≈ {value:.2f}，相当于 {tier}% 档"
    )


def effort(topic: Topic, *, value: float) -> str:
    """Explain effort by the default of the topic."""
    return (
        f"“{topic.name}”类问题默认 {topic.effort_weeks:g} 人周 ÷ 4.35 = {value:g} 人月，"
        "可由团队改写"
    )


def score(
    product: tuple[float, float, float, float], *, value: float, interval: tuple[float, float]
) -> str:
    """Explain the score: `product` holds reach, impact, confidence and effort."""
    reached, tier, trust, months = product
    return (
        f"触达 {_figure(reached)} × 影响 {tier:g} × 信心 {trust:g} ÷ 投入 {months:g} 人月 = "
        f"{value:.2f}；按用户重复抽样的区间为 {interval[0]:.2f} 到 {interval[1]:.2f}"
    )
