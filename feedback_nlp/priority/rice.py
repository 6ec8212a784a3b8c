"""RICE with a reason for every number and an interval from a bootstrap over users."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from feedback_nlp.priority.confidence import Trust, confidence, confidence_reason, trust_of
from feedback_nlp.priority.crowd import Array, Crowd, gather_crowd
from feedback_nlp.priority.draws import DRAWS
from feedback_nlp.priority.effort import Effort, decide_effort
from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.priority.impact import impact, impact_reason, stars_without
from feedback_nlp.priority.reach import drawn_factors, reach, reach_reason
from feedback_nlp.priority.window import Window, window_of
from feedback_nlp.records import Priority, Taxonomy, Theme, Topic, Voice

INTERVAL: Final = (10.0, 90.0)
"""Percentiles of the bootstrap: an 80 % interval."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A theme's priority by itself, and its score in every bootstrap draw."""

    priority: Priority
    draws: Array
    """(DRAWS,); draw k of every theme drew the same users."""


def rice(
    reach: Array, impact: Array, confidence: Array, *, effort: float, strategy: float = 1.0
) -> Array:
    """Return the score of each draw; `effort` in person-months.

    Source: S. McBride, "RICE: Simple prioritization for product managers", Intercom.
    """
    return reach * impact * confidence * strategy / effort


def prioritise(
    theme: Theme, voices: Sequence[Voice], taxonomy: Taxonomy, grounds: Grounds
) -> Scored:
    """Score one theme from its own voices, of which there is at least one.

    Reach, impact and confidence are those observed, so that each can be traced to reviews. The
    score is the median of a bootstrap over users, its interval the 10th to the 90th percentile.
    With the same grounds, what is said in other themes changes neither. Order, quadrant and board
    come later (`order.ranked`), because they compare themes.
    """
    topic = taxonomy.topic(theme.topic)
    known = _Known(theme, voices, grounds)
    effort = decide_effort(
        theme,
        topic,
        estimate=grounds.estimates.get(theme.id),
        actual_weeks=grounds.actual_weeks.get(theme.topic, ()),
    )
    strategy = strategy_of(topic, grounds)
    months = max(round(effort.months, 2), 0.01)
    reached, harm, trust = known.drawn()
    draws = rice(reached, harm, trust, effort=months, strategy=strategy)
    seen = [float(values[0]) for values in known.observed()]
    point = round(seen[0], 1)
    reach_low, reach_high = (round(float(end), 1) for end in np.percentile(reached, INTERVAL))
    low, score, high = (round(float(v), 2) for v in np.percentile(draws, (10, 50, 90)))
    priority = Priority(
        theme_id=theme.id,
        reach=point,
        impact=seen[1],
        confidence=round(seen[2], 2),
        effort=months,
        score=score,
        low=low,
        high=high,
        reasons=(),
        reach_low=min(reach_low, point),
        reach_high=max(reach_high, point),
        strategy=strategy,
        weeks=effort.weeks,
        effort_source=effort.source,
    )
    return Scored(replace(priority, reasons=_reasons(priority, known, effort, topic)), draws)


def strategy_of(topic: Topic, grounds: Grounds) -> float:
    """Return the weight of a topic, else of its group, else 1."""
    weights = dict(grounds.policy.strategy)
    return weights.get(topic.code, weights.get(topic.group, 1.0))


class _Known:
    """What a theme's numbers are computed from, put together once."""

    def __init__(self, theme: Theme, voices: Sequence[Voice], grounds: Grounds) -> None:
        self.theme, self.voices, self.grounds = theme, voices, grounds
        self.window: Window = window_of(grounds)
        self.crowd: Crowd = gather_crowd(voices, grounds, self.window)
        self.drivers = grounds.drivers.get(theme.id, ())
        self.trust: Trust = trust_of(theme, self.crowd, grounds)
        self.stars = stars_without(voices, grounds.ratings)

    def observed(self) -> tuple[Array, Array, Array]:
        """Return reach, impact and confidence of the users as they are, each (1,)."""
        correction = self.grounds.correction
        sums = self.crowd.observed
        return (
            reach(sums, self.window, 1.0 if correction is None else correction.factor),
            impact(sums, self.stars, self.drivers),
            confidence(sums, self.trust),
        )

    def drawn(self) -> tuple[Array, Array, Array]:
        """Return reach, impact and confidence of every draw, each (DRAWS,)."""
        sums = self.crowd.drawn
        return (
            reach(sums, self.window, drawn_factors(self.grounds.correction)),
            impact(sums, self.stars, self.drivers),
            confidence(sums, self.trust),
        )


def _reasons(
    priority: Priority, known: _Known, effort: Effort, topic: Topic
) -> tuple[tuple[str, str], ...]:
    grounds = known.grounds
    reached = (priority.reach, priority.reach_low, priority.reach_high)
    found = (
        ("reach", reach_reason(known.crowd, known.window, grounds.correction, value=reached)),
        (
            "impact",
            impact_reason(
                known.crowd, known.voices, grounds.ratings, known.drivers, value=priority.impact
            ),
        ),
        (
            "confidence",
            confidence_reason(
                known.theme,
                known.crowd,
                known.trust,
                grounds,
                value=priority.confidence,
            ),
        ),
        ("effort", effort.reason),
        ("score", _score_reason(priority)),
    )
    if priority.strategy == 1.0:
        return found
    return (*found, ("strategy", f"“{topic.name}”的战略权重 {priority.strategy:g}，由团队设定"))


def _score_reason(priority: Priority) -> str:
    strategy = "" if priority.strategy == 1.0 else f" × 战略权重 {priority.strategy:g}"
    product = priority.need / priority.effort
    return (
        f"触达 {priority.reach:,.1f} × 影响 {priority.impact:g} × 信心 {priority.confidence:g}"
        f"{strategy} ÷ 投入 {priority.effort:g} 人月 = {product:,.2f}；"
        f"按用户重复抽样 {DRAWS} 次，得分取中位数 {priority.score:,.2f}"
        f"（80% 区间 {priority.low:,.2f}—{priority.high:,.2f}）"
    )
