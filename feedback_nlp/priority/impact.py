"""Impact: how much one user is troubled, on Intercom's scale, and the sentence that says why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final

import numpy as np

from feedback_nlp import names
from feedback_nlp.priority.crowd import Array, Crowd, Sums
from feedback_nlp.priority.grounds import Ratings
from feedback_nlp.records import Metric, Voice
from feedback_nlp.satisfaction.drivers import Driver

IMPACT_TIERS: Final = (0.25, 0.5, 1.0, 2.0, 3.0)
STARS_STEP: Final = 0.5
"""Low stars raise impact by at most this much, in doublings."""
STARS_FROM: Final = 1.0
STARS_TO: Final = 2.5
"""Stars below the other reviews from which, and at which, that counts in full."""
LEAVING_STEP: Final = 1.0
"""Users who leave raise impact by their share times this, in doublings."""
SURVEY_STEP: Final = 0.5
"""A theme that drags NPS or CSAT down beyond chance raises impact by this, in doublings."""
SURVEY_Q: Final = 0.1
SHARP_SHARE: Final = 0.2
SHARP_USERS: Final = 3
"""So many users, and such a share of them, make a theme one of the highest impact."""

_SHOWN: Final = 1.005
"""A smaller factor would be written as 1.00."""


@dataclass(frozen=True, slots=True)
class Stars:
    """What the other reviews are rated, and how far the theme drags the mean down."""

    others: float | None
    """Mean stars of the reviews that are not in the theme; None when none is rated."""
    drag: float
    """Mean without the theme's reviews minus mean with them."""


def stars_without(voices: Sequence[Voice], ratings: Ratings) -> Stars:
    """Take a theme's reviews out of the ratings of all."""
    rated = {v.review_id: v.rating for v in voices if v.rating is not None}
    others = ratings.count - len(rated)
    if others <= 0 or not rated:
        return Stars(None, 0.0)
    mean = (ratings.total - fsum(rated.values())) / others
    return Stars(mean, mean - ratings.total / ratings.count)


def impact(sums: Sums, stars: Stars, drivers: Sequence[Driver]) -> Array:
    """Return the nearest tier, on a log scale, (n_draws,).

    Mean severity weight of the users, doubled or halved by: stars below those of the other
    reviews, users who leave, a drag on NPS or CSAT. Safety, minors, law, exposure and losses make
    it the highest tier where enough users speak of them.
    """
    users = np.maximum(sums.users, 1)
    level = np.log2(np.maximum(sums.severity / users, IMPACT_TIERS[0]))
    level = level + _low_stars(sums, stars) + LEAVING_STEP * sums.leaving / users
    level = level + SURVEY_STEP * _drags(drivers)
    tiers = np.array(IMPACT_TIERS)
    nearest = tiers[np.abs(level[:, None] - np.log2(tiers)).argmin(axis=1)]
    return np.asarray(np.where(_is_sharp(sums), IMPACT_TIERS[-1], nearest))


def _low_stars(sums: Sums, stars: Stars) -> Array:
    if stars.others is None:
        return np.zeros_like(sums.users)
    below = stars.others - sums.stars / np.maximum(sums.rated, 1)
    share = np.clip((below - STARS_FROM) / (STARS_TO - STARS_FROM), 0.0, 1.0)
    return np.asarray(np.where(sums.rated > 0, STARS_STEP * share, 0.0))


def _drags(drivers: Sequence[Driver]) -> bool:
    return any(driver.drop > 0 and driver.q <= SURVEY_Q for driver in drivers)


def _is_sharp(sums: Sums) -> Array:
    return np.asarray(
        (sums.sharp >= SHARP_USERS) & (sums.sharp / np.maximum(sums.users, 1) >= SHARP_SHARE)
    )


def impact_reason(
    crowd: Crowd,
    voices: Sequence[Voice],
    ratings: Ratings,
    drivers: Sequence[Driver],
    *,
    value: float,
) -> str:
    """Explain impact by what was found."""
    sums = crowd.observed
    counts = Counter(voice.labels.severity for voice in voices)
    found = "、".join(
        f"{names.SEVERITY[level]} {counts[level]} 条" if level else f"建议类 {counts[level]} 条"
        for level in (3, 2, 1, 0)
        if counts[level]
    )
    mean = float(sums.severity[0] / sums.users[0])
    parts = [f"严重度：{found}，按用户平均 {mean:.2f}"]
    parts += [_stars_text(sums, stars_without(voices, ratings)), _leaving_text(sums)]
    parts += _survey_texts([driver for driver in drivers if driver.answers])
    parts += [_sharp_text(sums), f"取最近一档 {value:g}"]
    return "；".join(part for part in parts if part)


def _stars_text(sums: Sums, stars: Stars) -> str:
    if stars.others is None:
        return ""
    mean = float(sums.stars[0] / sums.rated[0])
    moved = "拉低" if stars.drag >= 0 else "抬高"
    raised = _times(float(_low_stars(sums, stars)[0]))
    return (
        f"提到它的用户平均打 {mean:.1f} 星，其余评论 {stars.others:.1f} 星，"
        f"{moved}总评 {abs(stars.drag):.2f} 星{raised}"
    )


def _leaving_text(sums: Sums) -> str:
    leaving = float(sums.leaving[0])
    if not leaving:
        return ""
    share = leaving / float(sums.users[0])
    return f"{leaving:.0f} 位（{share:.0%}）说要卸载、注销或换别家{_times(LEAVING_STEP * share)}"


def _survey_texts(drivers: Sequence[Driver]) -> list[str]:
    texts = []
    for place, driver in enumerate(drivers):
        moved = "高" if driver.drop >= 0 else "低"
        effect = "（看不出差别，不计）"
        if _drags([driver]):
            effect = "（与上一项只计一次）" if _drags(drivers[:place]) else _times(SURVEY_STEP)
        texts.append(
            f"去掉提到它的 {driver.answers} 份问卷，{_named(driver.metric)}会{moved} "
            f"{_points(driver)}{effect}"
        )
    return texts


def _named(metric: Metric) -> str:
    """Write a name so that the next word stands right beside it."""
    name = names.METRIC[metric]
    return f"{name} " if name.isascii() else name


def _points(driver: Driver) -> str:
    if driver.metric is Metric.CSAT:
        return f"{100 * abs(driver.drop):.1f} 个百分点"
    return f"{abs(driver.drop):.1f} 分"


def _sharp_text(sums: Sums) -> str:
    sharp = float(sums.sharp[0])
    if not sharp:
        return ""
    top = "，达到最高档的条件" if _is_sharp(sums)[0] else ""
    return f"{sharp:.0f} 位的意见为严重，或提到安全、未成年人、法律、曝光{top}"


def _times(doublings: float) -> str:
    return f"（×{2**doublings:.2f}）" if 2**doublings >= _SHOWN else ""
