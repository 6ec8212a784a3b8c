"""What a theme costs: the score without the people who speak of it, against the score of all."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import false_discovery_control, norm

from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.measures import better, points

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRAWS: Final = 1_000
SHUFFLES: Final = 19_999
MOST_CELLS: Final = 200_000
"""Shuffles times different points: marks with many decimals get fewer shuffles, not more time."""
SEED: Final = 20261122
INTERVAL: Final = (10, 90)
MANY: Final = 100
"""With so many answers inside and outside a theme, the shuffled sums are normal enough."""
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Driver:
    """How a score would change if nobody had spoken of a theme; in units of the metric."""

    theme_id: str
    metric: Metric
    without: float
    """The score of the answers that do not touch the theme."""
    with_all: float
    drop: float
    """How much better the score would be without: positive when the theme harms it."""
    low: float
    high: float
    """80 % bootstrap interval of `drop`, which lies inside."""
    answers: int
    """Scored answers that touch the theme."""
    q: float
    """Share of false alarms among themes as striking as this one; 1 when nobody touches it."""


@dataclass(frozen=True, slots=True)
class _Scores:
    """All answers, as counts of the few different points they can have."""

    metric: Metric
    levels: Floats
    """(n_levels,), ascending."""
    counts: Ints
    """(n_levels,)."""

    @property
    def total(self) -> int:
        return int(self.counts.sum())


def drivers(
    scored: Mapping[str, float], touched: Mapping[str, Iterable[str]], measure: Metric
) -> dict[str, Driver]:
    """Return the driver of each theme, by theme id.

    `scored` has the score of each answer as `points` wants it, `touched` the ids of the answers
    that touch a theme, each once; those without a score do not count. A theme that all answers
    touch leaves nothing to compare with and is left out. What order the answers and themes come
    in does not matter, and the interval of a theme does not depend on the other themes.

    Leaving out the answers of a theme is what Thematic calls its impact on a score; a theme that
    touches few answers costs little, however angry these are.

    Source: Thematic, "Impact formulas" (help.getthematic.com, article 32), with the sign turned.
    Interval: bootstrap over answers, drawn as counts, which is the same. Source: B. Efron,
    R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. Significance: permutation
    test, then Benjamini and Hochberg (1995) over all themes that any answer touches.
    """
    worth = {answer: points(measure, score) for answer, score in scored.items()}
    by_level = Counter(worth.values())
    levels = sorted(by_level)
    place = {level: number for number, level in enumerate(levels)}
    of_answer = {answer: place[value] for answer, value in worth.items()}
    counts = np.array([by_level[level] for level in levels], dtype=np.int64)
    scores = _Scores(measure, np.array(levels, dtype=float), counts)
    found = {}
    for theme in sorted(touched):
        inside = _count(of_answer, touched[theme], len(levels))
        if inside.sum() < scores.total:
            found[theme] = _driver(theme, inside, scores)
    return _with_q(found, scores)


def _count(of_answer: Mapping[str, int], answers: Iterable[str], n_levels: int) -> Ints:
    counted = Counter(map(of_answer.get, answers))
    return np.array([counted[level] for level in range(n_levels)], dtype=np.int64)


def _driver(theme: str, inside: Ints, scores: _Scores) -> Driver:
    rest = scores.counts - inside
    without = float(rest @ scores.levels) / int(rest.sum())
    with_all = float(scores.counts @ scores.levels) / scores.total
    answers = int(inside.sum())
    drop = better(scores.metric) * (without - with_all) if answers else 0.0
    low, high = _interval(inside, rest, scores) if answers else (0.0, 0.0)
    return Driver(
        theme_id=theme,
        metric=scores.metric,
        without=without,
        with_all=with_all,
        drop=drop,
        low=min(low, drop),
        high=max(high, drop),
        answers=answers,
        q=1.0,
    )


def _interval(inside: Ints, rest: Ints, scores: _Scores) -> tuple[float, float]:
    cells = np.concatenate([inside, rest])
    values = np.concatenate([scores.levels, scores.levels])
    given = cells > 0
    chances = cells[given] / scores.total
    # The same seed for every theme: its interval does not depend on the other themes.
    drawn = np.random.default_rng(SEED).multinomial(scores.total, chances, size=DRAWS)
    outside = (np.arange(len(cells)) >= len(inside))[given]
    left = drawn[:, outside]
    known = left.sum(axis=1) > 0
    without = left[known] @ values[given][outside] / left[known].sum(axis=1)
    with_all = drawn[known] @ values[given] / scores.total
    drops = better(scores.metric) * (without - with_all)
    low, high = np.percentile(drops, INTERVAL)
    return float(low), float(high)


def _with_q(found: Mapping[str, Driver], scores: _Scores) -> dict[str, Driver]:
    told = [theme for theme, driver in found.items() if driver.answers]
    if not told:
        return dict(found)
    by_size: dict[int, list[str]] = {}
    for theme in told:
        by_size.setdefault(found[theme].answers, []).append(theme)
    p: dict[str, float] = {}
    for size, themes in by_size.items():
        excess = np.array([_excess(found[theme], scores) for theme in themes])
        p |= dict(zip(themes, _chances(excess, size, scores), strict=True))
    q = false_discovery_control([p[theme] for theme in told])
    return dict(found) | {
        theme: replace(found[theme], q=float(value)) for theme, value in zip(told, q, strict=True)
    }


def _excess(driver: Driver, scores: _Scores) -> float:
    """Return how far the sum of the theme's points lies from what as many answers would have."""
    outside = scores.total - driver.answers
    return abs(driver.without - driver.with_all) * outside


def _chances(excess: Floats, size: int, scores: _Scores) -> Floats:
    """Return how often a random theme of this size strays as far, for each excess."""
    mean = float(scores.counts @ scores.levels) / scores.total
    if min(size, scores.total - size) >= MANY:
        squares = float(scores.counts @ (scores.levels - mean) ** 2) / (scores.total - 1)
        spread = np.sqrt(squares * size * (scores.total - size) / scores.total)
        tail: Floats = 2 * norm.sf(excess / spread) if spread else np.ones(len(excess))
        return tail
    generator = np.random.default_rng([SEED, size])
    shuffles = min(SHUFFLES, MOST_CELLS // len(scores.levels))
    drawn = generator.multivariate_hypergeometric(
        scores.counts, size, size=shuffles, method="marginals"
    )
    strays = np.sort(np.abs(drawn @ scores.levels - size * mean))
    least = excess - _ROUNDING * (1 + excess)
    as_far = shuffles - np.searchsorted(strays, least, side="left")
    chances: Floats = (as_far + 1) / (shuffles + 1)
    return chances
