"""Users with a release against those without it: exact on small cases, honest over many looks."""

from dataclasses import replace
from datetime import date
from itertools import product
from math import comb, exp, fsum, inf, log, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Advice, Denominator, Rollout
from feedback_nlp.verification.rollout import Sides, compare_sides
from feedback_nlp.verification.sequential import (
    ALPHA,
    PRIOR_SD,
    FloatArray,
    SideDay,
    less_what_was,
    log_e_values,
    log_likelihood,
    log_ratios,
    span,
)

DAY = date(2026, 3, 16)
GRID = log_ratios()
PLAIN = Sides(1, DAY, DAY, DAY, (), Denominator.REVIEWS, target=0.9, dispersion=1.0)
FIXED = SideDay(12, 3_000, 240, 9_000)


def compare(*days: SideDay, **fields: object) -> Rollout:
    return compare_sides(replace(PLAIN, days=days, **fields))  # type: ignore[arg-type]


def from_side(day: SideDay, ratio: float) -> float:
    """How likely a review of the theme comes from the users with the release."""
    share = day.base / (day.base + day.other_base)
    return ratio * share / (ratio * share + 1 - share)


def chance(days: tuple[SideDay, ...], ratio: float) -> float:
    """How likely these counts are, given how many there were on each day."""
    return prod(
        comb(day.count + day.other_count, day.count)
        * from_side(day, ratio) ** day.count
        * (1 - from_side(day, ratio)) ** day.other_count
        for day in days
    )


def evidence(days: tuple[SideDay, ...], against: float) -> float:
    """What the e-value is by its definition, without logarithms."""
    prior = [exp(-0.5 * (x / PRIOR_SD) ** 2) for x in GRID]
    mixed = fsum(w * chance(days, exp(x)) for w, x in zip(prior, GRID, strict=True))
    return mixed / fsum(prior) / chance(days, against)


def histories() -> list[tuple[SideDay, ...]]:
    """Every outcome of three days with 2, 1 and 3 reviews of the theme; the share widens."""
    bases, totals = ((1, 9), (3, 7), (6, 2)), (2, 1, 3)
    return [
        tuple(
            SideDay(k, with_it, n - k, without)
            for k, n, (with_it, without) in zip(split, totals, bases, strict=True)
        )
        for split in product(*(range(n + 1) for n in totals))
    ]


@pytest.mark.parametrize("place", [380, 500, 640])
def test_e_value_is_its_definition_and_1_on_average(place: int) -> None:
    ratio = exp(GRID[place])
    found = [np.exp(log_e_values(log_likelihood(h, dispersion=1.0))) for h in histories()]
    by_hand = [evidence(history, ratio) for history in histories()]
    np.testing.assert_allclose([values[place] for values in found], by_hand, rtol=1e-9)
    weights = [chance(history, ratio) for history in histories()]
    assert fsum(weights) == pytest.approx(1)
    assert fsum(w * e for w, e in zip(weights, by_hand, strict=True)) == pytest.approx(1)


def looks(rng: np.random.Generator, ratio: float, share: float, straying: float) -> FloatArray:
    """2,000 histories of 60 days: how many reviews either side had by each; `(2, 2000, 60)`."""
    means = np.array([2 * share * ratio, 2 * (1 - share)])[:, None, None]
    if straying == 1:
        return rng.poisson(means, (2, 2_000, 60)).cumsum(2)
    size = means / (straying - 1)
    return rng.negative_binomial(size, 1 / straying, (2, 2_000, 60)).cumsum(2)


@pytest.mark.parametrize(
    ("ratio", "share", "straying"), [(0.9, 0.1, 1.0), (0.9, 0.5, 3.0), (1.0, 0.5, 1.0)]
)
def test_truth_is_rarely_ever_left_out_by_60_daily_looks(
    ratio: float, share: float, straying: float
) -> None:
    seen = looks(np.random.default_rng(20260316), ratio, share, straying)
    pairs, of_pair = np.unique(seen.reshape(2, -1), axis=1, return_inverse=True)
    base = (round(share * 100), round((1 - share) * 100))
    likely = np.array(
        [
            log_likelihood([SideDay(1, base[0], 0, base[1])], dispersion=straying),
            log_likelihood([SideDay(0, base[0], 1, base[1])], dispersion=straying),
        ]
    )
    at = int(np.abs(GRID - log(ratio)).argmin())
    against = log_e_values((pairs[:, :, None] * likely[:, None, :]).sum(0))[:, at]
    alarms = (against >= -log(ALPHA))[of_pair].reshape(2_000, 60)
    assert 0 < alarms.any(1).mean() <= ALPHA
    assert alarms[:, -1].mean() < alarms.any(1).mean()


def test_a_clear_drop_is_widened_and_a_clear_rise_stopped() -> None:
    found = compare(FIXED)
    assert (found.advice, found.more) == (Advice.WIDEN, None)
    assert found.ratio == pytest.approx(12 / 3_000 / (240 / 9_000), rel=1e-3)
    assert (found.count_with, found.base_with) == (12, 3_000)
    assert (found.count_without, found.base_without) == (240, 9_000)
    assert found.before_count is None
    worse = compare(SideDay(100, 3_000, 100, 9_000))
    assert worse.advice is Advice.STOP
    assert 1 < worse.low < worse.ratio < worse.high


def test_waiting_says_how_many_more_reviews_would_do() -> None:
    found = compare(SideDay(12, 3_000, 80, 9_000))
    assert found.advice is Advice.WAIT
    assert found.more is not None
    times = 1 + found.more / 92
    many = [SideDay(round(1_200 * times), 300_000, round(8_000 * times), 900_000)]
    enough, few = (
        span(log_likelihood(many, dispersion=1.0, times=share)) for share in (0.011, 0.008)
    )
    assert enough.high < 0.9 < few.high


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(SideDay(0, 300, 0, 900), id="nobody speaks of it"),
        pytest.param(SideDay(5, 0, 80, 900), id="nobody has it"),
        pytest.param(SideDay(80, 900, 0, 0), id="everybody has it"),
    ],
)
def test_a_day_with_nothing_to_compare_says_nothing(day: SideDay) -> None:
    found = compare(day)
    assert (found.ratio, found.low) == (1.0, 0.0)
    assert found.high == pytest.approx(148.4, abs=0.1)
    assert (found.advice, found.more) == (Advice.WAIT, None)
    together = compare(FIXED, day)
    assert (together.low, together.high) == (compare(FIXED).low, compare(FIXED).high)


def test_no_review_on_one_side_leaves_an_open_end() -> None:
    none_with = compare(SideDay(0, 3_000, 100, 9_000))
    assert (none_with.ratio, none_with.low, none_with.advice) == (0.0, 0.0, Advice.WIDEN)
    none_without = compare(SideDay(9, 3_000, 0, 9_000))
    assert none_without.ratio == none_without.high == pytest.approx(148.4, abs=0.1)


def test_huge_counts_and_bases_stay_finite() -> None:
    found = compare(SideDay(4 * 10**9, 10**17, 10**10, 10**17))
    assert found.low < 0.4 < found.high
    assert found.high - found.low < 0.01


def test_shares_that_widen_are_compared_day_by_day() -> None:
    """All in all 10 % against 10 %, yet half as many on either day."""
    days = (SideDay(10, 200, 80, 800), SideDay(80, 800, 40, 200))
    assert compare(*days).ratio == pytest.approx(0.5, rel=1e-3)


DAYS = st.builds(SideDay, *[st.integers(0, 60), st.integers(1, 500)] * 2)


@given(day=DAYS, parts=st.integers(2, 5))
def test_how_a_time_is_cut_into_days_with_equal_shares_does_not_matter(
    day: SideDay, parts: int
) -> None:
    whole = SideDay(day.count * parts, day.base, day.other_count * parts, day.other_base)
    np.testing.assert_allclose(
        log_likelihood([whole], dispersion=1.5),
        log_likelihood([day] * parts, dispersion=1.5),
        rtol=1e-9,
        atol=1e-9,
    )


@given(day=DAYS, dispersion=st.floats(1, 20), more=st.floats(1.01, 5))
def test_interval_holds_the_ratio_and_widens_with_dispersion(
    day: SideDay, dispersion: float, more: float
) -> None:
    narrow = compare(day, dispersion=dispersion)
    wide = compare(day, dispersion=dispersion * more)
    assert 0 <= wide.low <= narrow.low <= narrow.ratio <= narrow.high <= wide.high < inf


@given(day=DAYS)
def test_fewer_complaints_with_the_release_never_move_the_interval_up(day: SideDay) -> None:
    more = compare(replace(day, count=day.count + 1))
    fewer = compare(day)
    assert (fewer.low <= more.low, fewer.high <= more.high) == (True, True)


BEFORE = tuple(SideDay(4, 1_000, 9, 9_000) for _ in range(56))
"""Four times as many with it, before they had it."""


def test_what_the_sides_were_before_is_taken_off() -> None:
    days = [SideDay(2, 1_000, 9, 9_000)] * 28
    raw, found = compare(*days), compare(*days, before=BEFORE)
    assert raw.advice is Advice.STOP
    assert found.advice is Advice.WIDEN
    assert raw.ratio == pytest.approx(2.0, rel=1e-3)
    assert found.ratio == pytest.approx(0.5, rel=0.02)
    assert found.before_count == 56 * 13
    assert found.before_ratio == pytest.approx(4.0, rel=1e-3)
    assert log(found.high / found.low) > log(raw.high / raw.low)


def test_little_known_before_leaves_it_open_and_nothing_known_says_wait() -> None:
    days = [SideDay(2, 1_000, 40, 9_000)] * 28
    assert compare(*days).advice is Advice.WIDEN
    little = compare(*days, before=BEFORE[:1])
    assert (little.advice, little.before_count) == (Advice.WAIT, 13)
    for nothing in ((), (SideDay(0, 50, 0, 90),), (SideDay(9, 50, 0, 0),)):
        blind = compare(*days, before=nothing)
        assert (blind.advice, blind.before_count, blind.more) == (Advice.WAIT, 0, None)
        assert blind.ratio == compare(*days).ratio


def test_integrating_out_the_time_before_is_the_double_sum_it_stands_for() -> None:
    days, before = [SideDay(3, 200, 20, 600)], [SideDay(5, 100, 10, 400)]
    pseudo = [SideDay(1, 100, 1, 400)]
    weights = log_likelihood(before, dispersion=1.0) + log_likelihood(pseudo, dispersion=1.0) / 2
    chances = np.exp(weights) / np.exp(weights).sum()
    found = np.exp(less_what_was(days, before, dispersion=1.0))
    for place in (400, 500, 520):
        ratios = np.exp(GRID[place] + GRID)
        by_hand = [from_side(days[0], ratio) for ratio in ratios]
        expected = fsum(w * p**3 * (1 - p) ** 20 for w, p in zip(chances, by_hand, strict=True))
        assert found[place] == pytest.approx(expected, rel=1e-9)


def test_a_split_that_strays_before_the_release_widens_the_interval() -> None:
    straying = tuple(SideDay(8 if n % 2 else 0, 1_000, 9, 9_000) for n in range(56))
    calm = compare(FIXED, before=BEFORE)
    assert calm.dispersion == 1.0
    assert compare(FIXED, before=straying).dispersion > 1.5


def test_a_target_is_a_ratio() -> None:
    with pytest.raises(ValueError, match="target"):
        compare(FIXED, target=1.5)
