"""Confidence: how far the other numbers can be trusted, and the sentence that says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from feedback_nlp.priority.crowd import Array, Crowd, Sums
from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.records import Theme, Verdict
from feedback_nlp.themes.trend import day_of

SAMPLE_HALF: Final = 3
"""Users at which the sample factor reaches one half."""
UNCERTAIN_COST: Final = 0.5
CHANNEL_FACTOR: Final = {1: 0.8, 2: 0.9}
"""When the issue is heard in only one or two channels; three or more: 1."""
LOOSE: Final = 0.75
TIGHT: Final = 0.95
"""Cohesion, as a share of what is usual, from which and at which a theme counts as one problem."""
LOOSE_FACTOR: Final = 0.8
FRESH_DAYS: Final = 28
STALE_DAYS: Final = 91
STALE_FACTOR: Final = 0.5
"""Nobody has said it for a quarter; between a month and a quarter it falls in a straight line."""
PRIOR_OUTCOMES: Final = 4
"""Earlier fixes of the topic are averaged with this many that worked."""
TIERS: Final = ((0.9, 100), (0.65, 80), (0.0, 50))
"""(at least, the percentage that Intercom's scale shows)."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What does not change from draw to draw; each is a factor in [0, 1]."""

    breadth: float
    cohesion: float
    age: float
    outcomes: float

    @property
    def product(self) -> float:
        """All of them together."""
        return self.breadth * self.cohesion * self.age * self.outcomes


def trust_of(theme: Theme, crowd: Crowd, grounds: Grounds) -> Trust:
    """Weigh breadth of channels, cohesion, how long ago it was heard, what earlier fixes did."""
    silent = _silent_days(theme, grounds.as_of)
    stale = np.interp(silent, (FRESH_DAYS, STALE_DAYS), (1.0, STALE_FACTOR))
    tight = 1.0
    if theme.cohesion is not None and grounds.usual_cohesion:
        share = theme.cohesion / grounds.usual_cohesion
        tight = float(np.interp(share, (LOOSE, TIGHT), (LOOSE_FACTOR, 1.0)))
    worked, known = _record(grounds.outcomes.get(theme.topic, ()))
    return Trust(
        CHANNEL_FACTOR.get(crowd.channels, 1.0),
        tight,
        float(stale),
        (worked + PRIOR_OUTCOMES) / (known + PRIOR_OUTCOMES),
    )


def confidence(sums: Sums, trust: Trust) -> Array:
    """Sample size x certainty of the labels x what `trust` holds, in [0, 1], (n_draws,)."""
    sample = sums.users / (sums.users + SAMPLE_HALF)
    doubt = UNCERTAIN_COST * sums.uncertain / np.maximum(sums.users, 1)
    return np.asarray(sample * (1 - doubt) * trust.product)


def tier_of(value: float) -> int:
    """Return the percentage that Intercom's scale shows: 100, 80 or 50."""
    return next(percent for floor, percent in TIERS if value >= floor)


def confidence_reason(
    theme: Theme,
    crowd: Crowd,
    trust: Trust,
    grounds: Grounds,
    *,
    value: float,
) -> str:
    """Explain confidence factor by factor, and show the usual tier."""
    users = float(crowd.observed.users[0])
    unsure = float(crowd.observed.uncertain[0]) / users
    parts = [
        f"样本 {users:.0f} 人（系数 {users / (users + SAMPLE_HALF):.2f}）",
        f"判断把握（{unsure:.0%} 为不确定，系数 {1 - UNCERTAIN_COST * unsure:.2f}）",
        f"{crowd.channels} 个渠道（系数 {trust.breadth:g}）",
    ]
    if theme.cohesion is not None and grounds.usual_cohesion:
        parts.append(
            f"意见相近程度 {theme.cohesion:.2f}，一般主题 {grounds.usual_cohesion:.2f}"
            f"（系数 {trust.cohesion:.2f}）"
        )
    if trust.age < 1:
        parts.append(
            f"已有 {_silent_days(theme, grounds.as_of)} 天没有人提到（系数 {trust.age:.2f}）"
        )
    worked, known = _record(grounds.outcomes.get(theme.topic, ()))
    if known:
        parts.append(f"同类问题以往 {known} 次改进 {worked} 次有效（系数 {trust.outcomes:.2f}）")
    return f"{' × '.join(parts)} ≈ {value:.2f}，相当于 {tier_of(value)}% 档"


def _silent_days(theme: Theme, as_of: date | None) -> int:
    if as_of is None or theme.last_seen is None:
        return 0
    return max((as_of - day_of(theme.last_seen)).days, 0)


def _record(verdicts: Sequence[Verdict]) -> tuple[int, int]:
    """Return how many earlier fixes worked, of those about which anything is known."""
    known = [verdict for verdict in verdicts if verdict is not Verdict.INCONCLUSIVE]
    return sum(verdict is Verdict.WORKED for verdict in known), len(known)
