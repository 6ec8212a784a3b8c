"""RICE with a reason for every number and an interval for the score."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from feedback_nlp.priority import factors, reasons
from feedback_nlp.records import Priority, Taxonomy, Theme, Voice

WEEKS_PER_MONTH: Final = 4.35
MIN_EFFORT: Final = 0.01
"""Person-months; a taxonomy that says zero weeks must not make a score infinite."""
DRAWS: Final = 1000
SEED: Final = 20261122
INTERVAL: Final = (5, 95)
_MAX_CELLS: Final = 2_000_000


def prioritise(
    theme: Theme, voices: Sequence[Voice], taxonomy: Taxonomy, *, span_days: float | None
) -> Priority:
    """Score one theme from its own voices; `span_days` is how long the data reaches.

    The point values are those observed, so that each can be traced to reviews. The interval is
    the 5th to 95th percentile of a Poisson bootstrap over users, widened to hold the score.

    Source: S. McBride, "RICE: Simple prioritization for product managers", Intercom; Poisson
    bootstrap: Chamandy et al., "Estimating uncertainty for massive data streams", Google 2012.
    """
    users = factors.users_of(voices)
    observed = np.ones((1, users.count))
    reach = round(float(factors.reach(users, observed, span_days=span_days)[0]), 1)
    impact = float(factors.impact(users, observed)[0])
    confidence = round(float(factors.confidence(users, observed)[0]), 2)
    topic = taxonomy.topic(theme.topic)
    effort = max(round(topic.effort_weeks / WEEKS_PER_MONTH, 2), MIN_EFFORT)
    score = round(reach * impact * confidence / effort, 2)
    low, high = _interval(users, span_days=span_days, effort=effort)
    low, high = min(low, score), max(high, score)
    return Priority(
        theme_id=theme.id,
        reach=reach,
        impact=impact,
        confidence=confidence,
        effort=effort,
        score=score,
        low=low,
        high=high,
        reasons=(
            ("reach", reasons.reach(users, voices, span_days=span_days, value=reach)),
            ("impact", reasons.impact(voices, value=impact)),
            ("confidence", reasons.confidence(users, value=confidence)),
            ("effort", reasons.effort(topic, value=effort)),
            (
                "score",
                reasons.score(
                    (reach, impact, confidence, effort), value=score, interval=(low, high)
                ),
            ),
        ),
    )


def rank(priorities: Sequence[Priority]) -> list[Priority]:
    """Order by score, largest first; ties by theme id."""
    return sorted(priorities, key=lambda priority: (-priority.score, priority.theme_id))


def _interval(
    users: factors.Users, *, span_days: float | None, effort: float
) -> tuple[float, float]:
    # The same seed for every theme: the interval of a theme does not depend on the other themes.
    generator = np.random.default_rng(SEED)
    scores = []
    step = max(1, _MAX_CELLS // users.count)
    for begin in range(0, DRAWS, step):
        shape = (min(step, DRAWS - begin), users.count)
        weights = generator.poisson(1.0, size=shape).astype(float)
        scores.append(
            factors.reach(users, weights, span_days=span_days)
            * factors.impact(users, weights)
            * factors.confidence(users, weights)
            / effort
        )
    low, high = np.percentile(np.concatenate(scores), INTERVAL)
    return round(float(low), 2), round(float(high), 2)
