"""Differences of shares: the published example, laws, and what chance makes of no difference."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from feedback_nlp.compare.gaps import (
    ALPHA,
    Contrast,
    Gap,
    Judged,
    Table,
    fisher,
    judge,
    newcombe,
    wilson,
)

FEW_PER_CENT = 0.06
RUNS = 300
TOPICS = 55


@st.composite
def tables(draw: st.DrawFn) -> Table:
    of, other_of = draw(st.integers(0, 400)), draw(st.integers(0, 400))
    return Table(draw(st.integers(0, of)), of, draw(st.integers(0, other_of)), other_of)


def swapped(table: Table) -> Table:
    return Table(table.other, table.other_of, table.count, table.of)


def alone(table: Table) -> Gap:
    return judge([table]).gaps[0]


@pytest.mark.parametrize(
    ("table", "gap", "low", "high"),
    [
        pytest.param(Table(56, 70, 48, 80), 0.2, 0.0524, 0.3339, id="a"),
        pytest.param(Table(9, 10, 3, 10), 0.6, 0.1705, 0.8090, id="b"),
        pytest.param(Table(5, 56, 0, 29), 0.0893, -0.0381, 0.1926, id="d"),
        pytest.param(Table(0, 10, 0, 10), 0.0, -0.2775, 0.2775, id="g"),
        pytest.param(Table(10, 10, 0, 10), 1.0, 0.6075, 1.0, id="h"),
    ],
)
def test_intervals_are_those_that_newcombe_published(
    table: Table, gap: float, low: float, high: float
) -> None:
    found = [float(each[0]) for each in newcombe([table], level=0.95)]
    assert found == pytest.approx([gap, low, high], abs=5e-5)


def test_interval_of_one_share_is_that_of_the_textbook() -> None:
    # Newcombe 1998, two-sided intervals for the single proportion: 81 of 263.
    low, high = wilson(np.array([81.0]), np.array([263.0]), level=0.95)
    assert (float(low[0]), float(high[0])) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@given(tables())
def test_chances_are_those_of_fishers_exact_test(table: Table) -> None:
    rows = [[table.count, table.of - table.count], [table.other, table.other_of - table.other]]
    assert fisher([table])[0] == pytest.approx(fisher_exact(rows).pvalue, rel=1e-6, abs=1e-12)


@given(st.lists(tables(), max_size=8))
def test_swapping_the_sides_negates_every_gap(found: list[Table]) -> None:
    one, other = judge(found), judge([swapped(table) for table in found])
    turned = {Contrast.HIGHER: Contrast.LOWER, Contrast.LOWER: Contrast.HIGHER}
    assert (one.tests, one.found, one.level) == (other.tests, other.found, other.level)
    for here, there in zip(one.gaps, other.gaps, strict=True):
        assert there.contrast is turned.get(here.contrast, here.contrast)
        assert (there.p, there.q) == pytest.approx((here.p, here.q))
        if here.gap is not None and here.low is not None and here.high is not None:
            mirrored = (-here.gap, -here.high, -here.low)
            assert (there.gap, there.low, there.high) == pytest.approx(mirrored, abs=1e-12)


@given(
    st.lists(tables(), max_size=8).flatmap(
        lambda each: st.permutations(range(len(each))).map(lambda order: (each, order))
    )
)
def test_order_does_not_matter(found: tuple[list[Table], list[int]]) -> None:
    given_, order = found
    straight, mixed = judge(given_), judge([given_[place] for place in order])
    assert [straight.gaps[place] for place in order] == list(mixed.gaps)


@given(st.lists(tables(), max_size=8))
def test_intervals_enclose_their_gap_and_lie_between_minus_one_and_one(found: list[Table]) -> None:
    for gap in judge(found).gaps:
        if gap.gap is not None and gap.low is not None and gap.high is not None:
            assert -1 <= gap.low <= gap.gap <= gap.high <= 1


@given(st.lists(tables(), max_size=8))
def test_what_is_called_a_difference_has_a_small_q_and_an_interval_without_zero(
    found: list[Table],
) -> None:
    judged = judge(found)
    called = [gap for gap in judged.gaps if gap.contrast in {Contrast.HIGHER, Contrast.LOWER}]
    assert len(called) == judged.found <= judged.tests
    for gap in called:
        assert gap.q is not None
        assert gap.q <= ALPHA
        near = gap.low if gap.contrast is Contrast.HIGHER else gap.high
        assert near is not None
        assert near > 0 if gap.contrast is Contrast.HIGHER else near < 0


@pytest.mark.parametrize(
    ("table", "contrast"),
    [
        pytest.param(Table(29, 29, 0, 500), Contrast.TOO_FEW, id="29 users"),
        pytest.param(Table(0, 500, 29, 29), Contrast.TOO_FEW, id="29 users on the other side"),
        pytest.param(Table(30, 30, 0, 500), Contrast.HIGHER, id="30 users"),
        pytest.param(Table(4, 30, 0, 5_000), Contrast.TOO_FEW, id="4 mentions"),
        pytest.param(Table(5, 30, 0, 5_000), Contrast.HIGHER, id="5 mentions"),
        pytest.param(Table(0, 5_000, 5, 30), Contrast.LOWER, id="the other way round"),
        pytest.param(Table(10, 100, 10, 100), Contrast.UNCLEAR, id="the same"),
        pytest.param(Table(0, 0, 0, 0), Contrast.TOO_FEW, id="nobody"),
    ],
)
def test_contrasts(table: Table, contrast: Contrast) -> None:
    assert alone(table).contrast is contrast


def test_too_few_users_get_no_verdict_but_their_numbers() -> None:
    few, nobody = judge([Table(9, 10, 3, 10), Table(0, 0, 3, 10)]).gaps
    assert few.gap == pytest.approx(0.6)
    assert (few.p, few.q) == (None, None)
    assert nobody == Gap(None, None, None, None, None, Contrast.TOO_FEW)


def test_nothing_to_compare_is_no_test() -> None:
    assert judge([]) == Judged((), tests=0, found=0, level=1 - ALPHA)


def test_tables_that_are_not_tested_leave_the_others_alone() -> None:
    clear = Table(60, 200, 20, 200)
    with_small = judge([clear, *[Table(1, 20, 1, 20)] * 50])
    assert with_small.gaps[0] == alone(clear)


def test_more_questions_make_the_same_difference_less_sure() -> None:
    hint = Table(30, 200, 15, 200)
    assert alone(hint).contrast is Contrast.HIGHER
    among = judge([hint, *[Table(20, 200, 20, 200)] * 20])
    assert among.gaps[0].contrast is Contrast.UNCLEAR
    assert among.level > judge([hint]).level


def _drawn(
    rng: np.random.Generator, of: int, other_of: int, *, truths: list[tuple[float, float]]
) -> list[Table]:
    return [
        Table(int(rng.binomial(of, one)), of, int(rng.binomial(other_of, two)), other_of)
        for one, two in truths
    ]


@pytest.mark.parametrize("sizes", [(60, 3_000), (400, 500)], ids=["unequal", "equal"])
def test_without_any_difference_few_runs_find_one(sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(20261122)
    shares = rng.uniform(0.002, 0.3, TOPICS)
    truths = [(share, share) for share in shares]
    found = [judge(_drawn(rng, *sizes, truths=truths)).found > 0 for _ in range(RUNS)]
    assert np.mean(found) <= FEW_PER_CENT


def test_intervals_cover_the_true_gap_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20261123)
    draws = 2_000
    for one, two, of in product((0.03, 0.1), (0.03, 0.3), (60, 500)):
        drawn = _drawn(rng, of, 300, truths=[(one, two)] * draws)
        _, low, high = newcombe(drawn, level=0.95)
        covered = np.mean((low <= one - two) & (one - two <= high))
        assert 0.93 <= covered <= 0.985, (one, two, of)


def test_intervals_of_found_differences_are_wrong_as_rarely_as_promised() -> None:
    rng = np.random.default_rng(20261124)
    truths = [(0.1, 0.1)] * 40 + [(0.12, 0.1)] * 8 + [(0.2, 0.1)] * 7
    wrong = []
    for _ in range(RUNS):
        gaps = judge(_drawn(rng, 400, 500, truths=truths)).gaps
        called = [
            not (gap.low <= one - two <= gap.high)  # type: ignore[operator]
            for gap, (one, two) in zip(gaps, truths, strict=True)
            if gap.contrast in {Contrast.HIGHER, Contrast.LOWER}
        ]
        wrong.append(float(np.mean(called)) if called else 0.0)
    assert np.mean(wrong) <= ALPHA
