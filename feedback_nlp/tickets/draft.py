"""A theme and its priority -> a ticket draft. Extractive: every statement is counted or quoted."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from feedback_nlp.records import (
    LANE_DAYS,
    EffortSource,
    Lane,
    Priority,
    Taxonomy,
    Theme,
    Ticket,
    TicketState,
    Topic,
    Voice,
    WeekCount,
)
from feedback_nlp.themes.trend import day_of

BASELINE_WEEKS: Final = 4
TARGET_DROP: Final = 0.5
FADED: Final = 0.25
"""All recent weeks together hold at most this share of the peak week: the problem has faded."""
EMERGENCY_SHARE: Final = 0.2
EMERGENCY_COUNT: Final = 3
_SEVERE: Final = 3


def draft(
    theme: Theme,
    priority: Priority,
    voices: Sequence[Voice],
    taxonomy: Taxonomy,
    *,
    ticket_id: str,
    today: date,
) -> Ticket:
    """Draft a ticket in state 待评估; the due date counts from `today`."""
    topic = taxonomy.topic(theme.topic)
    lane = _lane(topic.lane, voices)
    return Ticket(
        id=ticket_id,
        theme_id=theme.id,
        title=theme.name,
        problem=_problem(theme, voices),
        evidence=theme.quotes,
        department=topic.department,
        lane=lane,
        due=today + timedelta(days=LANE_DAYS[Lane(lane)]),
        resources=_resources(topic, priority),
        acceptance=_acceptance(theme),
        state=TicketState.TRIAGE,
        priority=priority,
    )


def _resources(topic: Topic, priority: Priority) -> str:
    known_by = {
        EffortSource.OVERRIDE: "人工估计",
        EffortSource.HISTORY: "按同类工单的实际投入",
        EffortSource.DEFAULT: "按类别默认，待团队确认",
    }
    return f"{topic.department} 约 {priority.weeks:g} 人周（{known_by[priority.effort_source]}）"


def _lane(lane: str, voices: Sequence[Voice]) -> str:
    return "emergency" if is_severe(voices) else lane


def is_severe(voices: Sequence[Voice]) -> bool:
    """Say whether many of these users fear for safety, health, money or rights, or are shut out.

    Users, not opinions: who is shut out says more than that, and mostly in milder words.
    """
    users = {voice.user for voice in voices}
    severe = {voice.user for voice in voices if voice.labels.severity == _SEVERE}
    return len(severe) >= EMERGENCY_COUNT and len(severe) / len(users) >= EMERGENCY_SHARE


def _problem(theme: Theme, voices: Sequence[Voice]) -> str:
    anonymous = all(voice.author_id is None for voice in voices)
    who = "" if anonymous else f"{theme.users} 位用户的 "
    parts = [f"{who}{theme.reviews} 条反馈提到，共 {theme.count} 条意见"]
    severe = sum(voice.labels.severity == _SEVERE for voice in voices)
    if severe:
        parts.append(f"其中严重（涉及安全、健康、资金、法律或完全不可用）{severe} 条")
    if theme.first_seen is not None and theme.last_seen is not None:
        parts.append(f"首次 {day_of(theme.first_seen)}，最近 {day_of(theme.last_seen)}")
    for title, counts in (("版本", theme.by_version), ("渠道", theme.by_channel)):
        (value, count), *others = counts
        if value and others and all(count > other for _, other in others):
            parts.append(f"最集中的{title}是 {value}（{count} 条）")
    return "；".join(parts) + "。"


def _acceptance(theme: Theme) -> str:
    # A trend without dated opinions is all zeros: nothing heard of, which is not "faded".
    if theme.last_seen is None or not theme.trend:
        return (
            f"发布后 {BASELINE_WEEKS} 周内，该主题的意见占比比发布前下降至少 {TARGET_DROP:.0%}"
            "（这些意见没有日期，补充日期后才能核对）。"
        )
    return _target(theme.trend[:-BASELINE_WEEKS], theme.trend[-BASELINE_WEEKS:])


def _target(earlier: Sequence[WeekCount], weeks: Sequence[WeekCount]) -> str:
    """Set a target for the weeks after the release by the last weeks of the data."""
    recent = sum(week.count for week in weeks)
    average = recent / len(weeks)
    before = f"最近 {len(weeks)} 周平均每周 {average:.1f} 条"
    if average < 1:
        peak = max(earlier, key=lambda week: week.count, default=None)
        story = ""
        if peak is not None and recent <= FADED * peak.count:
            story = f"，比 {peak.week} 那周的 {peak.count} 条已经回落：先核实是否已解决"
        return f"{before}{story}；发布后 {BASELINE_WEEKS} 周内合计不多于 1 条，且没有新的严重意见。"
    return (
        f"发布后 {BASELINE_WEEKS} 周内，每周意见数比{before}下降至少 {TARGET_DROP:.0%}，"
        "且没有新的严重意见。"
    )
