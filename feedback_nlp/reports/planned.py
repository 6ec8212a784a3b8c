"""The plan as it is printed: what is done in which lane, what waits, what the order was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from feedback_nlp.names import LANE, QUADRANT
from feedback_nlp.records import Load, OrderChange, PlanRecord, Priority, Schedule, Slot, Waiting
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.wording import NAME_LENGTH, clip, number

QUADRANT_HINT: Final = {
    "quick_win": "需求高、成本低：先做",
    "strategic": "需求高、成本高：立项做",
    "fill_in": "需求低、成本低：有空做",
    "defer": "需求低、成本高：先不做",
}
THEMES_SHOWN: Final = 6
"""Themes named in a quadrant; the rest is a number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One ticket in a lane, or waiting."""

    ticket_id: str
    theme_id: str
    title: str
    weeks: float
    reason: str


@dataclass(frozen=True, slots=True)
class LaneView:
    """One lane with what is done in it."""

    key: str
    name: str
    until: str
    capacity: float
    used: float
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class QuadrantView:
    """One of the four quadrants with the themes in it, best first."""

    key: str
    name: str
    hint: str
    themes: tuple[tuple[str, str], ...]
    """(theme id, name) of the first ones."""
    more: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """What is done when."""

    lanes: tuple[LaneView, ...]
    waiting: tuple[Entry, ...]
    quadrants: tuple[QuadrantView, ...]
    gap: str
    """What is not proven; empty when the plan is the best there is."""
    change: str
    """How the order compares with that of the plan before."""


def plan_view(data: ReportData) -> PlanView | None:
    """Return the plan; None when there is none, or nothing in it."""
    made = data.plan
    if made is None or not data.themes:
        return None
    titles = {ticket.id: ticket.title for ticket in data.tickets}
    schedule = made.schedule
    return PlanView(
        lanes=tuple(_lane(load, made, titles) for load in schedule.loads),
        waiting=tuple(_entry(each, titles) for each in schedule.waiting),
        quadrants=_quadrants(data),
        gap=gap_sentence(schedule),
        change=order_sentence(made.change, {theme.id: theme.name for theme in data.themes}),
    )


def order_sentence(change: OrderChange | None, names: Mapping[str, str]) -> str:
    """Say how far the order is that of the plan before, and which themes moved most."""
    if change is None:
        return "这是第一次排序，没有上一次可比。"
    if change.tau is None:
        return f"与上一次共有的主题只有 {change.compared} 个，或得分都相同，无法比较先后。"
    moves = "、".join(
        f"“{clip(names[key], NAME_LENGTH)}”从第 {before} 到第 {now}"
        for key, before, now in change.moved
        if key in names
    )
    return (
        f"与上一次相比，{change.compared} 个共有主题的先后一致程度（Kendall τ）为 {change.tau:.2f}"
        "（1 为完全相同，0 为毫无关系）" + (f"；前 10 名中变动最大的：{moves}。" if moves else "。")
    )


def gap_sentence(schedule: Schedule) -> str:
    """Say how much the plan may miss; empty when it is proven to be the best."""
    if not schedule.gap:
        return ""
    return f"工单太多，未能证明这是最好的排法：总需求最多还能提高 {schedule.gap:.3%}。"


def _entry(each: Slot | Waiting, titles: Mapping[str, str]) -> Entry:
    title = titles.get(each.ticket_id, "")
    return Entry(each.ticket_id, each.theme_id, title, each.weeks, each.reason)


def _lane(load: Load, made: PlanRecord, titles: Mapping[str, str]) -> LaneView:
    return LaneView(
        key=load.lane.value,
        name=LANE[load.lane],
        until=load.until.isoformat(),
        capacity=load.capacity,
        used=load.used,
        entries=tuple(
            _entry(slot, titles) for slot in made.schedule.slots if slot.lane is load.lane
        ),
    )


def _quadrants(data: ReportData) -> tuple[QuadrantView, ...]:
    names = {theme.id: theme.name for theme in data.themes}
    found = []
    for key, name in QUADRANT.items():
        inside = [_named(each, names) for each in data.priorities if each.quadrant == key]
        shown = tuple(inside[:THEMES_SHOWN])
        found.append(QuadrantView(key, name, QUADRANT_HINT[key], shown, len(inside) - len(shown)))
    return tuple(found)


def _named(priority: Priority, names: Mapping[str, str]) -> tuple[str, str]:
    return priority.theme_id, names[priority.theme_id]


def weeks_text(load: LaneView) -> str:
    """Return `已排 2 / 2.4 人周`."""
    return f"已排 {number(load.used)} / {number(load.capacity)} 人周"
