from datetime import UTC, date, datetime, timedelta

import pytest
from builders import make_voice, shanghai
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Denominator, Rate, Voice
from feedback_nlp.themes.rates import (
    Bases,
    ThemeDays,
    count_days,
    daily_rates,
    theme_days,
    weekly_rates,
)

MONDAY = date(2026, 3, 2)
THEME = ThemeDays("T-0001", "闪退", {MONDAY: 3, date(2026, 3, 4): 1}, {MONDAY: 2})
REVIEWS = {MONDAY: 12, date(2026, 3, 4): 4}


def test_days_are_those_of_china_and_unknown_times_are_left_out() -> None:
    times = [datetime(2026, 3, 1, 16, 0, tzinfo=UTC), None, shanghai(2026, 3, 1, 23, 59)]
    assert count_days(times) == {date(2026, 3, 1): 1, MONDAY: 1}


def test_theme_days_count_reviews_once_and_users_on_their_first_day() -> None:
    voices = [
        make_voice("闪退", review_id="R-1", author_id="甲", created_at=shanghai(2026, 3, 2)),
        make_voice("又闪退", review_id="R-1", author_id="甲", created_at=shanghai(2026, 3, 2)),
        make_voice("还闪退", review_id="R-2", author_id="甲", created_at=shanghai(2026, 3, 4)),
        make_voice("闪退了", review_id="R-3", author_id="乙", created_at=shanghai(2026, 3, 4)),
        make_voice("闪退吗", review_id="R-4", created_at=None),
    ]
    assert theme_days("T-0001", "闪退", voices) == ThemeDays(
        "T-0001",
        "闪退",
        {MONDAY: 1, date(2026, 3, 4): 2},
        {MONDAY: 1, date(2026, 3, 4): 1},
    )


@pytest.mark.parametrize(
    ("exposure", "base", "denominator", "value"),
    [
        pytest.param(None, 12, Denominator.REVIEWS, 0.25, id="share of reviews without exposure"),
        pytest.param({MONDAY: 60_000}, 60_000, Denominator.EXPOSURE, 0.5, id="per 10,000 with it"),
        pytest.param({MONDAY: 0}, 12, Denominator.REVIEWS, 0.25, id="exposure of 0 is unknown"),
        pytest.param(
            {date(2026, 3, 3): 9}, 12, Denominator.REVIEWS, 0.25, id="exposure of another day"
        ),
    ],
)
def test_rate_of_a_day_says_what_it_was_divided_by(
    exposure: dict[date, int] | None, base: int, denominator: Denominator, value: float
) -> None:
    rates = daily_rates(THEME, Bases(REVIEWS, exposure), first=MONDAY, last=MONDAY)
    assert rates == (Rate(MONDAY, 3, base, denominator, value),)


def test_days_without_reviews_are_zeros() -> None:
    rates = daily_rates(THEME, Bases(REVIEWS), first=MONDAY, last=date(2026, 3, 4))
    assert [(rate.count, rate.base, rate.value) for rate in rates] == [
        (3, 12, 0.25),
        (0, 0, 0.0),
        (1, 4, 0.25),
    ]


@pytest.mark.parametrize(
    ("days", "denominator", "value"),
    [
        pytest.param(7, Denominator.EXPOSURE, 4 / 7, id="exposure of the whole week"),
        pytest.param(6, Denominator.REVIEWS, 0.25, id="a day of the week without exposure"),
    ],
)
def test_week_needs_exposure_of_all_its_days(
    days: int, denominator: Denominator, value: float
) -> None:
    exposure = {MONDAY + timedelta(days=place): 10_000 for place in range(days)}
    rates = weekly_rates(THEME, Bases(REVIEWS, exposure), first=MONDAY, last=date(2026, 3, 8))
    assert [(rate.start, rate.count, rate.denominator) for rate in rates] == [
        (MONDAY, 4, denominator)
    ]
    assert rates[0].value == pytest.approx(value)


def test_week_at_the_end_counts_only_days_inside_the_range() -> None:
    rates = weekly_rates(THEME, Bases(REVIEWS), first=date(2026, 2, 27), last=date(2026, 3, 3))
    assert [(rate.start, rate.count) for rate in rates] == [(date(2026, 2, 23), 0), (MONDAY, 3)]


voices = st.builds(
    make_voice,
    st.just("闪退"),
    review_id=st.sampled_from(["R-1", "R-2", "R-3"]),
    author_id=st.sampled_from([None, "甲", "乙"]),
    created_at=st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1)),  # noqa: DTZ001
)


@given(st.lists(voices))
def test_theme_days_ignore_the_order_of_voices(said: list[Voice]) -> None:
    counted = theme_days("T-0001", "闪退", said)
    assert theme_days("T-0001", "闪退", said[::-1]) == counted
    dated = [voice for voice in said if voice.created_at is not None]
    assert sum(counted.reviews.values()) == len({voice.review_id for voice in dated})
    assert sum(counted.newcomers.values()) == len({voice.user for voice in dated})
