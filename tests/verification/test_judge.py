"""Did it help? Only when the whole interval says so, against every baseline."""

from dataclasses import replace
from datetime import date

import pytest
from histories import AFTER, RELEASED, Level, case, fixed, steady, theme
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.records import Baseline, Denominator, Doubt, Verdict, Verification
from feedback_nlp.themes.rates import DAY, Bases
from feedback_nlp.verification.judge import LOOKS, judge
from feedback_nlp.verification.windows import Case

END = RELEASED + DAY * AFTER


def judged(wanted: Case | Level, *, after: int = AFTER) -> Verification:
    return judge(wanted if isinstance(wanted, Case) else case(wanted), as_of=RELEASED + DAY * after)


def spike(peak: float, *, left: float) -> Level:
    """It rises for four days up to the release and fades by itself, day by day to this share."""

    def level(time: int) -> float:
        return 3 + peak * (max(0.0, 1 + time / 4) if time < 0 else left**time)

    return level


def since(wanted: Case, first: date) -> Case:
    """Leave out the days before."""
    reviews = {day: n for day, n in wanted.bases.reviews.items() if day >= first}
    heard = {day: n for day, n in wanted.theme.reviews.items() if day >= first}
    theme = replace(wanted.theme, reviews=heard)
    return replace(wanted, theme=theme, bases=Bases(reviews))


def test_a_large_drop_is_a_fix_that_worked() -> None:
    found = judged(fixed(4, left=0.3))
    assert (found.verdict, found.doubt, found.final) == (Verdict.WORKED, None, True)
    recent = found.comparisons[0]
    assert recent.baseline is Baseline.RECENT
    assert recent.count == 4 * 56
    assert (found.first, found.last) == (RELEASED + DAY, RELEASED + DAY * LOOKS[0])
    assert found.count == pytest.approx(4 * 0.3 * LOOKS[0], abs=1)
    assert recent.expected == pytest.approx(4 * LOOKS[0], rel=0.05)
    assert recent.ratio == pytest.approx(0.3, abs=0.05)
    assert recent.low < recent.ratio < recent.high < found.target
    assert found.decisive == max(found.comparisons, key=lambda each: each.high)


@pytest.mark.parametrize(
    ("level", "verdict", "doubt"),
    [
        pytest.param(steady(4), Verdict.INCONCLUSIVE, Doubt.WIDE, id="nothing happened"),
        pytest.param(fixed(4, left=1.6), Verdict.FAILED, None, id="worse than before"),
        pytest.param(spike(12, left=0.9), Verdict.FAILED, None, id="fades slowly, stays above"),
        pytest.param(spike(120, left=0.1), Verdict.INCONCLUSIVE, Doubt.SPIKE, id="fades at once"),
        pytest.param(fixed(0.2, left=0.1), Verdict.INCONCLUSIVE, Doubt.FEW, id="few reviews"),
        pytest.param(fixed(0.1, left=20), Verdict.FAILED, None, id="few before, many after"),
    ],
)
def test_what_is_no_proof(level: Level, verdict: Verdict, doubt: Doubt | None) -> None:
    found = judged(level)
    assert (found.verdict, found.doubt) == (verdict, doubt)


def test_what_was_fading_already() -> None:
    wanted = case(lambda time: 8 * 0.5 ** (time / 30))
    young = since(wanted, RELEASED - DAY * 50)
    found = judged(young)
    recent, earlier, trend = found.comparisons
    assert max(recent.high, earlier.high) < found.target < trend.high
    assert (found.verdict, found.doubt) == (Verdict.INCONCLUSIVE, Doubt.FADING)


def test_the_level_before_a_spike_is_that_of_the_days_before_its_first() -> None:
    found = judged(spike(120, left=0.1))
    assert found.spike is not None
    assert found.spike[0] >= RELEASED - DAY * 5
    assert found.spike[1] == RELEASED - DAY
    recent, earlier, _ = found.comparisons
    assert recent.high < found.target < earlier.high
    assert earlier.last < found.spike[0]
    assert earlier.count == pytest.approx(3 * earlier.days, abs=2)


def test_a_spike_that_people_were_told_of_counts_however_small() -> None:
    told = (RELEASED - DAY * 20, RELEASED - DAY * 3)
    found = judged(case(fixed(4, left=0.3), spikes=(told,)))
    assert found.spike == told
    assert found.comparisons[1].last < told[0]


def test_when_all_themes_fall_alike_nobody_fixed_anything() -> None:
    alone = case(fixed(4, left=0.4))
    others = tuple(theme(fixed(3 + n, left=0.4), name=f"T-{n + 2:04}") for n in range(8))
    together = judged(replace(alone, others=others))
    assert judged(alone).verdict is Verdict.WORKED
    assert together.verdict is Verdict.INCONCLUSIVE
    assert together.drift == pytest.approx(0.45, abs=0.1)
    assert together.controls == 8


def test_themes_that_move_by_themselves_widen_the_interval() -> None:
    calm = judged(fixed(4, left=0.5), after=14)
    levels = [fixed(5, left=left) for left in (0.4, 0.6, 0.8, 1.3, 1.6, 2.5)]
    others = tuple(theme(level, name=f"T-{n + 2:04}") for n, level in enumerate(levels))
    restless = judged(replace(case(fixed(4, left=0.5)), others=others), after=14)
    assert restless.spread > 3 * calm.spread
    assert restless.comparisons[0].high > calm.comparisons[0].high


def test_exposure_is_the_denominator_where_it_is_known() -> None:
    # Twice as many people after the release, as many complaints: half the rate.
    crowded = case(steady(6))
    exposed = {day: 20_000 if day > RELEASED else 10_000 for day in crowded.bases.reviews}
    found = judged(replace(crowded, bases=Bases(crowded.bases.reviews, exposed)), after=28)
    assert found.denominator is Denominator.EXPOSURE
    alone = judged(
        replace(crowded, bases=Bases(crowded.bases.reviews, exposed), others=()), after=28
    )
    assert alone.comparisons[0].ratio == pytest.approx(0.5, abs=0.05)
    assert alone.verdict is Verdict.WORKED
    # The other themes halve as well: that is no merit of the release.
    assert found.verdict is Verdict.INCONCLUSIVE


def test_a_stricter_target_asks_for_more() -> None:
    wanted = case(fixed(4, left=0.5))
    assert judged(wanted).verdict is Verdict.WORKED
    strict = judged(replace(wanted, target=0.5))
    assert (strict.verdict, strict.doubt) == (Verdict.INCONCLUSIVE, Doubt.WIDE)
    with pytest.raises(ValueError, match="target"):
        judged(replace(wanted, target=0.0))


@pytest.mark.parametrize("after", [-3, 0, 1, 13])
def test_before_the_first_look_nothing_is_said(after: int) -> None:
    found = judged(fixed(4, left=0.1), after=after)
    assert (found.verdict, found.doubt) == (Verdict.INCONCLUSIVE, Doubt.FEW)
    assert found.comparisons == ()
    assert found.next_look == RELEASED + DAY * 14
    assert not found.final


def test_between_two_looks_the_earlier_one_stands() -> None:
    wanted = case(fixed(4, left=0.8))
    at = judged(wanted, after=28)
    later = judged(wanted, after=41)
    assert at.next_look == RELEASED + DAY * 42
    assert replace(later, as_of=at.as_of) == at


def test_after_the_last_look_it_is_final() -> None:
    found = judged(steady(4), after=84)
    assert (found.final, found.next_look) == (True, None)
    assert not judged(steady(4), after=83).final


def test_what_came_after_a_look_does_not_change_it() -> None:
    wanted = case(lambda time: 4 if time <= 0 else 1 if time <= 14 else 50)
    assert judged(wanted, after=100).verdict is Verdict.WORKED
    assert judged(wanted, after=100).last == RELEASED + DAY * 14


@pytest.mark.parametrize("begin", [10, 27, 60, 83, 84])
def test_young_data(begin: int) -> None:
    found = judged(since(case(fixed(4, left=0.1)), RELEASED - DAY * begin))
    doubt = Doubt.FEW if begin < 84 else None
    assert (found.verdict is Verdict.WORKED, found.doubt) == (doubt is None, doubt)
    if begin == 60:  # the weeks before are cut in half
        recent, earlier, _ = found.comparisons
        assert earlier.last < recent.first
        assert recent.days + earlier.days == begin


@pytest.mark.parametrize(("others", "doubt"), [(2, Doubt.NO_CONTROL), (3, None)])
def test_shares_of_the_reviews_need_other_themes(others: int, doubt: Doubt | None) -> None:
    wanted = case(fixed(4, left=0.3), others=others)
    assert judged(wanted).doubt is doubt
    exposed = dict.fromkeys(wanted.bases.reviews, 10_000)
    known = replace(wanted, bases=Bases(wanted.bases.reviews, exposed))
    assert judged(known).verdict is Verdict.WORKED


@pytest.mark.parametrize("half_life", [35, 50])
def test_a_slow_decline_is_no_fix_however_little_is_known_of_it(half_life: int) -> None:
    wanted = case(lambda time: 1 + 8 * 0.5 ** ((time + 60) / half_life))
    for begin in range(28, 140, 4):
        found = judged(since(wanted, RELEASED - DAY * begin))
        assert found.verdict is not Verdict.WORKED


def test_without_any_date() -> None:
    found = judged(replace(case(steady(0)), bases=Bases({})))
    assert (found.doubt, found.count) == (Doubt.NO_DATES, 0)


def test_the_order_of_the_others_does_not_matter() -> None:
    wanted = case(fixed(4, left=0.6))
    turned = replace(wanted, others=wanted.others[::-1])
    one, other = judged(wanted), judged(turned)
    assert one.verdict is other.verdict
    for here, there in zip(one.comparisons, other.comparisons, strict=True):
        assert (here.low, here.high) == pytest.approx((there.low, there.high))


@given(st.integers(1, 84), st.integers(1, 30))
@settings(max_examples=25, deadline=None)
def test_more_complaints_never_make_it_a_success(time: int, more: int) -> None:
    wanted = case(fixed(3, left=0.55))
    day = RELEASED + DAY * time
    heard = dict(wanted.theme.reviews)
    heard[day] = heard.get(day, 0) + more
    worse = replace(wanted, theme=replace(wanted.theme, reviews=heard))
    for look in LOOKS:
        before, after = judged(wanted, after=look), judged(worse, after=look)
        assert not (after.verdict is Verdict.WORKED and before.verdict is not Verdict.WORKED)
