"""Effort of a theme: what a person says, else what such tickets took, else the taxonomy."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from feedback_nlp.records import CHINA, EffortNote, EffortSource, Theme, Topic

WEEKS_PER_MONTH: Final = 4.35
MIN_MONTHS: Final = 0.01
"""Person-months; next to no effort must not make a score infinite."""
LEAST_WEEKS: Final = 0.05
MOST_WEEKS: Final = 520.0
ENOUGH_TICKETS: Final = 2
"""Finished tickets from which on a topic's own history counts."""
_LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class Effort:
    """What a theme takes, and why."""

    weeks: float
    """Person-weeks, from 0.05 to 520."""
    months: float
    """Person-months, at least 0.01."""
    source: EffortSource
    reason: str
    """One Chinese sentence."""


def decide_effort(
    theme: Theme,
    topic: Topic,
    *,
    estimate: EffortNote | None,
    actual_weeks: Sequence[float],
) -> Effort:
    """Decide which effort counts: a person's estimate, else the topic's history, else its default.

    `actual_weeks` are what finished tickets of the topic took; their median counts. Months are
    weeks ÷ 4.35 (365.25 days ÷ 12 ÷ 7).
    """
    default = f"“{topic.name}”类问题默认 {_figure(topic.effort_weeks)} 人周，可由团队改写"
    if estimate is not None and estimate.weeks is not None:
        day = estimate.at.astimezone(CHINA).date().isoformat()
        who = estimate.author or "有人（未署名）"
        reason = f"{who}在 {day} 估计 {theme.id} 要 {_figure(estimate.weeks)} 人周"
        return _effort(estimate.weeks, EffortSource.OVERRIDE, reason)
    if len(actual_weeks) >= ENOUGH_TICKETS:
        middle = median(actual_weeks)
        reason = (
            f"近 {len(actual_weeks)} 张“{topic.name}”工单实际用了 {_took(actual_weeks)} "
            f"人周，取中位数 {_figure(middle)} 人周"
        )
        return _effort(middle, EffortSource.HISTORY, reason)
    if actual_weeks:
        default += (
            f"；这类工单只有 1 张有记录，用了 {_figure(actual_weeks[0])} 人周，"
            f"满 {ENOUGH_TICKETS} 张才按实际的算"
        )
    return _effort(topic.effort_weeks, EffortSource.DEFAULT, default)


def weeks_by_topic(
    actuals: Iterable[EffortNote], topics: Mapping[str, str]
) -> dict[str, list[float]]:
    """Return what tickets took, by the topic of their theme; `topics` maps theme ids to codes."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for note in actuals:
        if note.weeks is not None and note.theme_id in topics:
            found[topics[note.theme_id]].append(note.weeks)
    return dict(found)


def _effort(weeks: float, source: EffortSource, reason: str) -> Effort:
    kept = min(max(weeks, LEAST_WEEKS), MOST_WEEKS)
    months = max(kept / WEEKS_PER_MONTH, MIN_MONTHS)
    cut = "" if kept == weeks else f"，按 {_figure(kept)} 人周算"
    return Effort(kept, months, source, f"{reason}{cut}，合 {months:.2f} 人月")


def _took(weeks: Sequence[float]) -> str:
    if len(weeks) <= _LISTED:
        return "、".join(map(_figure, weeks))
    return f"{_figure(min(weeks))} 到 {_figure(max(weeks))}"


def _figure(weeks: float) -> str:
    return f"{weeks:.2f}".rstrip("0").rstrip(".")
