"""The watch over made-up days: what is told, when, and only once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest
from builders import make_voice, shanghai
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Alert, AlertKind, Denominator
from feedback_nlp.themes.rates import DAY, Bases, ThemeDays, days_between
from feedback_nlp.themes.spikes import SpikeRule, find_spikes
from feedback_nlp.themes.watch import WatchRule, find_alerts, spike_reason

START = date(2026, 1, 1)
LAST = START + 99 * DAY
DAYS = days_between(START, LAST)
REVIEWS = dict.fromkeys(DAYS, 100)
PLENTY = Bases(REVIEWS)
EAGER = WatchRule(least_reviews=5)
QUIET = [1, 0, 2, 1, 0, 1, 1] * 15


def theme(counts: Sequence[int], theme_id: str = "T-0001") -> ThemeDays:
    """A theme whose last count falls on LAST; each review has a user of its own."""
    begin = LAST - DAY * (len(counts) - 1)
    days = {begin + DAY * place: count for place, count in enumerate(counts) if count}
    return ThemeDays(theme_id, "闪退", days, days)


def past(*recent: int) -> list[int]:
    """A hundred days of one review a day or so, the last ones given."""
    return QUIET[: 100 - len(recent)] + list(recent)


@pytest.mark.parametrize(
    ("counts", "spikes"),
    [
        pytest.param(past(), False, id="nothing happens"),
        pytest.param(past(20), True, id="one day"),
        pytest.param(past(8, 9, 9), True, id="three days"),
        pytest.param(past(*[4] * 14), True, id="a fortnight"),
        pytest.param(past(20, *[1] * 20), False, id="over long ago"),
        pytest.param([40, 35, 45, 38] * 23 + [60, 58, 62], False, id="large but not twice"),
        pytest.param([0, 0, 0, 0, 0, 0, 0, 0, 0, 1] * 9 + [0] * 9 + [4], False, id="twice but few"),
        pytest.param([*past()[:60], 25, 30, *past()[:35], 20, 18, 22], True, id="a second time"),
    ],
)
def test_spike_needs_a_relative_and_an_absolute_change(
    counts: list[int],
    spikes: bool,  # noqa: FBT001 (a row of the table)
) -> None:
    found = find_spikes([theme(counts)], PLENTY, as_of=LAST)
    assert (set(found) == {"T-0001"}) is spikes


def test_spike_shows_its_figures() -> None:
    spike = find_spikes([theme(past(8, 9, 9))], PLENTY, as_of=LAST)["T-0001"]
    assert (spike.window_days, spike.baseline_days, spike.observed) == (3, 56, 26)
    assert spike.expected == pytest.approx(18 / 7, rel=0.1)
    assert spike.ratio == pytest.approx(26 / spike.expected)
    assert spike.low < spike.ratio < spike.high
    assert spike.p <= spike.q <= 0.05
    assert spike.denominator is Denominator.REVIEWS


def test_reason_is_one_sentence() -> None:
    spike = find_spikes([theme(past(8, 9, 9))], PLENTY, as_of=LAST)["T-0001"]
    made = replace(spike, expected=3.1, ratio=5.8, low=3.2, high=9.9, q=0.0012)
    assert spike_reason(made) == (
        "近 3 天 26 条，按此前 56 天预期 3.1 条，5.8 倍（3.2-9.9），q=0.001（按评论总数折算）"
    )
    sharp = replace(made, q=0.0002, high=312.0, denominator=Denominator.EXPOSURE)
    assert spike_reason(sharp).endswith("5.8 倍（3.2 以上），q<0.001（按曝光量折算）")


@pytest.mark.parametrize(
    ("bases", "spikes"),
    [
        pytest.param(PLENTY, True, id="reviews as ever"),
        pytest.param(Bases(REVIEWS | {LAST: 2000}), False, id="twenty times the reviews that day"),
        pytest.param(
            Bases(REVIEWS | {LAST: 2000}, dict.fromkeys(DAYS, 10_000)),
            True,
            id="exposure wins over reviews",
        ),
        pytest.param(
            Bases(REVIEWS, dict.fromkeys(DAYS, 10_000) | {LAST: 200_000}),
            False,
            id="twenty times the exposure",
        ),
        pytest.param(
            Bases(REVIEWS | {LAST: 2000}, dict.fromkeys(DAYS[:-1], 10_000)),
            False,
            id="exposure of the last day not known yet",
        ),
    ],
)
def test_counts_are_compared_by_their_denominator(
    bases: Bases,
    spikes: bool,  # noqa: FBT001 (a row of the table)
) -> None:
    assert bool(find_spikes([theme(past(20))], bases, as_of=LAST)) is spikes


def test_every_theme_of_the_day_makes_a_spike_harder_to_believe() -> None:
    alone, among = (
        find_spikes(
            [theme(past(9)), *(theme(past(), f"T-1{n:03}") for n in range(others))],
            PLENTY,
            as_of=LAST,
        )["T-0001"]
        for others in (0, 30)
    )
    assert among.q / among.p > 10 * alone.q / alone.p


def test_young_data_has_no_spike() -> None:
    bases = Bases(dict.fromkeys(DAYS[-40:], 100))
    assert not find_spikes([theme(past(30))], bases, as_of=LAST)


def test_window_too_long_to_measure_its_variance_still_works() -> None:
    rule = SpikeRule(windows=(30,))
    assert find_spikes([theme(past(*[4] * 30))], PLENTY, as_of=LAST, rule=rule)
    assert not find_spikes([theme(past())], PLENTY, as_of=LAST, rule=rule)


def test_no_theme_has_no_spike() -> None:
    assert find_spikes([], PLENTY, as_of=LAST) == {}


def test_days_after_as_of_do_not_count() -> None:
    quiet, loud = theme(past(1)), theme(past(500))
    yesterday = LAST - DAY
    assert find_alerts([loud], PLENTY, as_of=yesterday) == find_alerts(
        [quiet], PLENTY, as_of=yesterday
    )
    assert find_alerts([loud], PLENTY, as_of=LAST)


def replay(themes: Sequence[ThemeDays], days: Iterable[date]) -> dict[str, Alert]:
    known: dict[str, Alert] = {}
    for day in days:
        for alert in find_alerts(themes, PLENTY, as_of=day, known=known.values()):
            known[alert.key] = alert
    return known


def test_spike_that_goes_on_is_told_once() -> None:
    known = replay([theme(past(*[20] * 10))], DAYS[-15:])
    (alert,) = known.values()
    assert (alert.kind, alert.day, alert.last) == (AlertKind.SPIKE, LAST - 9 * DAY, LAST)


def test_spike_long_after_the_last_is_a_new_episode() -> None:
    known = replay([theme(past(30, *QUIET[:34], 30))], DAYS[-40:])
    assert [alert.day for alert in known.values()] == [LAST - 35 * DAY, LAST]


def test_night_repeated_with_its_own_alerts_gives_the_same() -> None:
    said = [make_voice("插头冒烟了", created_at=shanghai(2026, 4, 1))]
    themes = [theme(past(20)), theme([3, 4, 5], "T-0002")]
    first = find_alerts(themes, PLENTY, said, as_of=LAST)
    assert {alert.kind for alert in first} == {
        AlertKind.SPIKE,
        AlertKind.NEW_THEME,
        AlertKind.SAFETY,
    }
    assert find_alerts(themes, PLENTY, said, as_of=LAST, known=first) == first


def test_next_night_tells_new_themes_and_sharp_words_no_more() -> None:
    said = [make_voice("插头冒烟了", created_at=shanghai(2026, 4, 1))]
    themes = [theme([3, 4, 0, 1], "T-0002")]
    known = find_alerts(themes, PLENTY, said, as_of=LAST - DAY, rule=EAGER)
    later = find_alerts(themes, PLENTY, said, as_of=LAST, known=known, rule=EAGER)
    assert {alert.kind for alert in known} >= {AlertKind.NEW_THEME, AlertKind.SAFETY}
    assert not {alert.kind for alert in later} & {AlertKind.NEW_THEME, AlertKind.SAFETY}


@pytest.mark.parametrize(
    ("counts", "users", "told"),
    [
        pytest.param([3, 4, 5], {LAST: 12}, True, id="enough reviews and users"),
        pytest.param([3, 4], {LAST: 7}, False, id="few reviews"),
        pytest.param([3, 4, 5], {LAST: 4}, False, id="few users"),
        pytest.param([1] * 14, {LAST: 14}, True, id="first opinion 13 days ago"),
        pytest.param([1] * 15, {LAST: 15}, False, id="first opinion 14 days ago"),
        pytest.param([], {}, False, id="no opinion"),
    ],
)
def test_new_theme_has_enough_reviews_and_users(
    counts: list[int],
    users: Mapping[date, int],
    told: bool,  # noqa: FBT001 (a row of the table)
) -> None:
    new = replace(theme(counts), newcomers=users)
    alerts = find_alerts([new], PLENTY, as_of=LAST)
    assert any(alert.kind is AlertKind.NEW_THEME for alert in alerts) is told


def test_nothing_is_new_in_young_data() -> None:
    bases = Bases(dict.fromkeys(DAYS[-20:], 100))
    assert find_alerts([theme([3, 4, 5])], bases, as_of=LAST) == []


tables = st.lists(st.lists(st.integers(0, 9), min_size=60, max_size=60), min_size=1, max_size=5)


@given(tables, st.permutations(range(5)))
def test_order_of_themes_does_not_matter(table: list[list[int]], order: list[int]) -> None:
    themes = [theme(counts, f"T-{row:04}") for row, counts in enumerate(table)]
    shuffled = [themes[row] for row in order if row < len(themes)]
    assert find_alerts(themes, PLENTY, as_of=LAST) == find_alerts(shuffled, PLENTY, as_of=LAST)


@given(tables)
def test_every_spike_keeps_its_promises(table: list[list[int]]) -> None:
    rule = SpikeRule(most_q=0.5)
    themes = [theme(counts, f"T-{row:04}") for row, counts in enumerate(table)]
    for spike in find_spikes(themes, PLENTY, as_of=LAST, rule=rule).values():
        assert spike.ratio >= rule.least_ratio
        assert spike.observed - spike.expected >= rule.least_excess
        assert 0 <= spike.p <= spike.q <= rule.most_q
        assert 0 <= spike.low <= spike.ratio <= spike.high
        assert spike.dispersion > 1


# --- calibration: 40 themes with a weekly season; figures of benchmarks/alerts.py ---------------

SEASON = np.array([1, 0.9, 0.9, 1, 1.1, 1.3, 1.4]) / 7.6 * 7


def made_up(seed: int, dispersion: float, *, jump: int = 0) -> tuple[list[ThemeDays], Bases]:
    """Negative binomial counts; the first theme gets ten a week, and thrice that at the end."""
    generator = np.random.default_rng(seed)
    season = SEASON[[day.weekday() for day in DAYS]]
    means = generator.choice([0.1, 0.3, 1, 10 / 7, 3, 8], 40)[:, None] * season
    means[0] = 10 / 7 * season
    means[0, len(DAYS) - jump :] *= 3
    counts = _draw(generator, means, dispersion)
    total = counts.sum(0) + _draw(generator, 40 * season, dispersion)
    themes = [theme([int(count) for count in row], f"T-{n:04}") for n, row in enumerate(counts)]
    return themes, Bases(dict(zip(DAYS, map(int, total), strict=True)))


def _draw(
    generator: np.random.Generator, means: npt.NDArray[np.float64], dispersion: float
) -> npt.NDArray[np.int64]:
    if dispersion == 1:
        return generator.poisson(means)
    return generator.negative_binomial(means / (dispersion - 1), 1 / dispersion)


@pytest.mark.parametrize("dispersion", [1.0, 3.0, 6.0], ids="variance ÷ mean = {:g}".format)
def test_counts_without_effect_rarely_spike(dispersion: float) -> None:
    nights = [
        bool(find_spikes(themes, bases, as_of=LAST - timedelta(days=5 * back)))
        for themes, bases in (made_up(seed, dispersion) for seed in range(12))
        for back in range(5)
    ]
    assert np.mean(nights) <= 0.12


def test_jump_to_three_times_is_seen_within_a_week() -> None:
    seen = [
        any("T-0000" in find_spikes(themes, bases, as_of=day) for day in DAYS[-7:])
        for themes, bases in (made_up(seed, 1, jump=7) for seed in range(15))
    ]
    assert np.mean(seen) >= 0.6
