"""The four factors of RICE as functions of weighted users, so that a bootstrap can repeat them.

Every function takes `weights` of shape (n_draws, n_users): how often each user of the theme was
drawn. One row of ones gives the observed value.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.records import Voice

Array = npt.NDArray[np.float64]

QUARTER_DAYS: Final = 91
MIN_SPAN_DAYS: Final = 7
"""Data of less than a week is not scaled up further: one bad day is not a quarter."""
LIKE_CAP: Final = 0.5
"""Likes can add at most this share of the users who wrote."""
LIKE_WEIGHT: Final = 0.1
"""A like is worth this much of a user who wrote."""
IMPACT_TIERS: Final = (0.25, 0.5, 1.0, 2.0, 3.0)
SEVERITY_WEIGHT: Final = (0.25, 0.5, 2.0, 3.0)
"""Impact of one opinion by severity 0 (a request) to 3."""
SAMPLE_HALF: Final = 3
"""Users at which the sample factor reaches one half."""
UNCERTAIN_COST: Final = 0.5
CHANNEL_FACTOR: Final = {1: 0.8, 2: 0.9}
"""Confidence when the issue is heard in only one or two channels; three or more: 1."""


@dataclass(frozen=True, slots=True)
class Users:
    """The distinct users of a theme in a fixed order, as columns of numbers."""

    likes: Array
    impact: Array
    """Mean severity weight of the user's opinions."""
    uncertain: Array
    """Share of the user's opinions on which the classifier abstains."""
    channels: int

    @property
    def count(self) -> int:
        """Distinct users."""
        return len(self.likes)


def users_of(voices: Sequence[Voice]) -> Users:
    """Fold the voices of a theme into one row per user; a user counts once."""
    by_user: dict[str, list[Voice]] = defaultdict(list)
    for voice in voices:
        by_user[voice.user].append(voice)
    rows = [by_user[user] for user in sorted(by_user)]
    return Users(
        likes=np.array([sum({v.review_id: v.likes for v in row}.values()) for row in rows], float),
        impact=np.array([np.mean([_weight(v) for v in row]) for row in rows], float),
        uncertain=np.array([np.mean([v.labels.uncertain for v in row]) for row in rows], float),
        channels=len({voice.channel for voice in voices}),
    )


def _weight(voice: Voice) -> float:
    return SEVERITY_WEIGHT[voice.labels.severity]


def reach(users: Users, weights: Array, *, span_days: float | None) -> Array:
    """Distinct users per quarter, shape (n_draws,); unscaled when the data has no dates."""
    writers = weights.sum(axis=1)
    liked = np.minimum(LIKE_WEIGHT * (weights @ users.likes), LIKE_CAP * writers)
    return np.asarray((writers + liked) * scale(span_days))


def scale(span_days: float | None) -> float:
    """How many times the data's span fits a quarter; 1 when the span is not known."""
    return 1.0 if span_days is None else QUARTER_DAYS / max(span_days, MIN_SPAN_DAYS)


def impact(users: Users, weights: Array) -> Array:
    """Nearest tier, on a log scale, of the mean severity weight, shape (n_draws,)."""
    mean = (weights @ users.impact) / np.maximum(weights.sum(axis=1), 1)
    tiers = np.array(IMPACT_TIERS)
    floor = IMPACT_TIERS[0]
    nearest = np.abs(np.log(np.maximum(mean, floor))[:, None] - np.log(tiers)).argmin(axis=1)
    return np.asarray(tiers[nearest])


def confidence(users: Users, weights: Array) -> Array:
    """Sample factor x certainty of the labels x breadth of channels, in [0, 1], (n_draws,)."""
    drawn = weights.sum(axis=1)
    sample = drawn / (drawn + SAMPLE_HALF)
    uncertain = (weights @ users.uncertain) / np.maximum(drawn, 1)
    breadth = CHANNEL_FACTOR.get(users.channels, 1.0)
    return np.asarray(sample * (1 - UNCERTAIN_COST * uncertain) * breadth)
