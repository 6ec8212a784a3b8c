"""NPS, CSAT, rating and shares: the values, and intervals that hold as often as they say."""

from collections import Counter
from collections.abc import Callable, Mapping
from random import Random  # noqa: TID251 (the type of what Hypothesis draws)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.estimates import (
    Estimate,
    change,
    csat,
    csat_mean,
    estimate,
    negative_share,
    nps,
    rating,
    share,
)
from feedback_nlp.satisfaction.measures import BOUNDS, points

MARKS = (1, 2, 3, 4, 5)
NPS_SCORES = st.lists(st.integers(0, 10), min_size=1, max_size=60)
STARS = st.lists(st.integers(1, 5), min_size=1, max_size=60)
SCORES: dict[Metric, st.SearchStrategy[list[float]]] = {
    Metric.NPS: NPS_SCORES.map(lambda found: [float(score) for score in found]),
    Metric.CSAT: STARS.map(lambda found: [float(score) for score in found]),
    Metric.RATING: st.lists(st.floats(1, 5), min_size=1, max_size=60),
    Metric.NEGATIVE_SHARE: st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=60),
}
GIVEN = st.sampled_from(Metric).flatmap(lambda m: st.tuples(st.just(m), SCORES[m]))


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        pytest.param({10: 5, 9: 1, 8: 2, 6: 1, 0: 1}, 40.0, id="6 promoters, 2 detractors of 10"),
        pytest.param({7: 3, 8: 4}, 0.0, id="passives only"),
        pytest.param({0: 2, 6: 1}, -100.0, id="detractors only"),
        pytest.param({9: 1}, 100.0, id="one promoter"),
    ],
)
def test_nps_is_promoters_less_detractors(counts: Mapping[float, int], value: float) -> None:
    assert nps(counts).value == value


def test_nps_interval_is_adjusted_wald() -> None:
    """By hand: 3 pseudo answers, 0.75 of them promoters and 0.75 detractors."""
    found = nps({10: 10, 7: 5, 3: 5})
    p, d = 10.75 / 23, 5.75 / 23
    half = 1.959963985 * ((p + d - (p - d) ** 2) / 23) ** 0.5
    assert (found.low, found.high) == pytest.approx((100 * (p - d - half), 100 * (p - d + half)))


def test_csat_is_the_top_two_box_and_has_a_mean() -> None:
    counts: dict[float, int] = {5: 3, 4: 2, 3: 4, 1: 1}
    assert csat(counts).value == 0.5
    assert csat_mean(counts).value == 3.6
    assert estimate(Metric.CSAT, counts) == csat(counts)


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (0, 30), (7, 20), (30, 30), (199, 200)])
def test_share_has_wilsons_interval(hits: int, n: int) -> None:
    known = binomtest(hits, n).proportion_ci(0.95, method="wilson")
    found = share(hits, n)
    assert (found.low, found.high) == pytest.approx((known.low, known.high))
    assert negative_share(hits, n) == found


def test_one_rating_says_next_to_nothing() -> None:
    assert rating({5: 1}) == Estimate(5.0, 1.0, 5.0, 1)


def test_ratings_that_are_all_alike_are_not_certain() -> None:
    assert 4.5 < rating({5: 20}).low < 4.9


def test_nobody_has_no_score() -> None:
    assert [estimate(metric, {}) for metric in Metric] == [None] * 4
    assert estimate(Metric.NPS, {3: 0}) is None


Drawn = Callable[[Mapping[float, int]], Estimate]
OF_TRINOMIAL = ([0.2, 0.3, 0.5], [0.1, 0.2, 0.7], [0.4, 0.3, 0.3], [0.7, 0.2, 0.1])
OF_MARKS = (
    [0.1, 0.1, 0.2, 0.3, 0.3],
    [0.05, 0.05, 0.1, 0.2, 0.6],
    [0.4, 0.1, 0.1, 0.1, 0.3],
    [0.2, 0.2, 0.2, 0.2, 0.2],
)


def coverage(interval: Drawn, scores: tuple[int, ...], chances: list[float], n: int) -> float:
    """Return how often the interval of `n` drawn answers holds the true value."""
    drawn = np.random.default_rng(7).multinomial(n, chances, size=2_000)
    found = [interval(dict(zip(scores, row.tolist(), strict=True))) for row in drawn]
    true = interval({s: round(1_000_000 * c) for s, c in zip(scores, chances, strict=True)}).value
    return float(np.mean([each.low <= true <= each.high for each in found]))


@pytest.mark.parametrize("n", [20, 50, 200])
@pytest.mark.parametrize("chances", OF_TRINOMIAL, ids=str)
def test_nps_intervals_hold_as_often_as_they_say(chances: list[float], n: int) -> None:
    assert 0.92 <= coverage(nps, (3, 7, 10), chances, n) <= 0.98


@pytest.mark.parametrize("n", [20, 50, 200])
@pytest.mark.parametrize("chances", OF_MARKS, ids=str)
@pytest.mark.parametrize("interval", [csat, rating])
def test_csat_and_rating_intervals_hold_as_often_as_they_say(
    interval: Drawn, chances: list[float], n: int
) -> None:
    assert 0.92 <= coverage(interval, MARKS, chances, n) <= 0.98


@pytest.mark.parametrize("n", [20, 50, 200])
@pytest.mark.parametrize("share_of", [0.1, 0.3, 0.5])
def test_negative_share_intervals_hold_as_often_as_they_say(share_of: float, n: int) -> None:
    def interval(counts: Mapping[float, int]) -> Estimate:
        return negative_share(counts[1], sum(counts.values()))

    assert 0.92 <= coverage(interval, (0, 1), [1 - share_of, share_of], n) <= 0.98


def test_lopsided_ratings_err_on_the_safe_side() -> None:
    """Most of a shop's ratings are 5; plain t holds for them 83 % of the time."""
    assert coverage(rating, MARKS, [0.02, 0.02, 0.03, 0.13, 0.8], 20) >= 0.95


def test_changes_are_beyond_chance_as_rarely_as_they_say() -> None:
    drawn = np.random.default_rng(3).multinomial(60, [0.25, 0.3, 0.45], size=(1_000, 2))
    found = [
        change(*(nps(dict(zip((0, 7, 10), row.tolist(), strict=True))) for row in pair))
        for pair in drawn
    ]
    assert 0.02 <= np.mean([each.beyond_chance for each in found]) <= 0.08


def test_a_change_of_shares_has_newcombes_interval() -> None:
    """The example of Newcombe (1998), table II: 56/70 and 48/80, method 10."""
    found = change(share(48, 80), share(56, 70))
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.beyond_chance


@given(GIVEN)
def test_interval_holds_the_value_and_stays_on_the_scale(
    case: tuple[Metric, list[float]],
) -> None:
    metric, scores = case
    found = estimate(metric, Counter(scores))
    least, most = BOUNDS[metric]
    assert found is not None
    assert least <= found.low <= found.value <= found.high <= most
    assert found.n == len(scores)


@given(GIVEN)
def test_value_is_the_mean_of_the_points(case: tuple[Metric, list[float]]) -> None:
    metric, scores = case
    found = estimate(metric, Counter(scores))
    assert found is not None
    assert found.value == pytest.approx(np.mean([points(metric, score) for score in scores]))


@given(GIVEN, st.randoms(use_true_random=False))
def test_order_of_the_answers_is_irrelevant(
    case: tuple[Metric, list[float]], random: Random
) -> None:
    metric, scores = case
    shuffled = list(scores)
    random.shuffle(shuffled)
    ours, theirs = estimate(metric, Counter(scores)), estimate(metric, Counter(shuffled))
    assert ours is not None
    assert theirs is not None
    assert (ours.value, ours.low, ours.high) == pytest.approx(
        (theirs.value, theirs.low, theirs.high)
    )


@given(NPS_SCORES, st.sampled_from([9, 10]))
def test_a_promoter_more_never_lowers_nps(scores: list[int], promoter: int) -> None:
    assert nps(Counter([*scores, promoter])).value >= nps(Counter(scores)).value


@given(NPS_SCORES, NPS_SCORES)
def test_change_holds_its_value_and_turns_its_sign(before: list[int], now: list[int]) -> None:
    first, last = nps(Counter(before)), nps(Counter(now))
    there, back = change(first, last), change(last, first)
    assert there.low <= there.value <= there.high
    assert (back.low, back.value, back.high) == (-there.high, -there.value, -there.low)
