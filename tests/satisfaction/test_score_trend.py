"""Scores per week and month of China time, against the period before and a year ago."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.estimates import change, nps
from feedback_nlp.satisfaction.score_trend import Period, between, earliest, start_of, tally, trend

DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
ANSWERS = st.lists(st.tuples(DAYS, st.integers(0, 10).map(float)), max_size=40)


def test_months_are_those_of_the_calendar_and_empty_ones_are_there() -> None:
    daily = tally([(date(2026, 1, 31), 9.0), (date(2026, 3, 1), 0.0), (date(2026, 3, 31), 7.0)])
    points = trend(daily, Metric.NPS, Period.MONTH, first=date(2026, 1, 15), last=date(2026, 3, 31))
    assert [(point.first, point.last) for point in points] == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
    ]
    values = [point.score.value if point.score else None for point in points]
    assert values == [100.0, None, -50.0]
    assert [point.to_previous for point in points] == [None, None, None]


def test_a_week_begins_on_monday() -> None:
    daily = tally([(date(2026, 3, 1), 9.0), (date(2026, 3, 2), 0.0)])
    points = trend(daily, Metric.NPS, Period.WEEK, first=date(2026, 3, 1), last=date(2026, 3, 2))
    assert [point.first for point in points] == [date(2026, 2, 23), date(2026, 3, 2)]
    assert points[1].to_previous == change(nps({9: 1}), nps({0: 1}))


@pytest.mark.parametrize(
    ("period", "year_ago"),
    [
        pytest.param(Period.MONTH, date(2025, 3, 30), id="the same month"),
        pytest.param(Period.WEEK, date(2025, 3, 4), id="52 weeks ago, also a tuesday"),
    ],
)
def test_a_year_ago_is_compared(period: Period, year_ago: date) -> None:
    today = date(2026, 3, 3)
    daily = tally([(year_ago, 0.0), (today, 9.0)])
    (point,) = trend(daily, Metric.NPS, period, first=today, last=today)
    assert point.to_previous is None
    assert point.to_last_year is not None
    assert point.to_last_year.value == 200.0


def test_a_drop_of_many_is_beyond_chance_and_of_few_is_not() -> None:
    for size, beyond in ((3, False), (300, True)):
        daily = {date(2026, 2, 1): {9.0: size, 0.0: size}, date(2026, 3, 1): {9.0: size}}
        *_, point = trend(
            daily, Metric.NPS, Period.MONTH, first=date(2026, 3, 1), last=date(2026, 3, 1)
        )
        assert point.to_previous is not None
        assert point.to_previous.beyond_chance is beyond


@given(ANSWERS, st.sampled_from(Period), DAYS, DAYS)
def test_periods_follow_each_other_and_hold_every_answer(
    answers: list[tuple[date, float]], period: Period, one: date, other: date
) -> None:
    first, last = sorted((one, other))
    points = trend(tally(answers), Metric.NPS, period, first=first, last=last)
    assert points[0].first == start_of(first, period)
    assert points[-1].first <= last <= points[-1].last
    for before, after in pairwise(points):
        assert (after.first - before.last).days == 1
    inside = [day for day, _ in answers if points[0].first <= day <= points[-1].last]
    assert sum(point.score.n for point in points if point.score) == len(inside)


@given(ANSWERS, st.sampled_from(Period), DAYS)
def test_days_before_the_earliest_change_nothing(
    answers: list[tuple[date, float]], period: Period, day: date
) -> None:
    begin = earliest(day, period)
    late = [answer for answer in answers if answer[0] >= begin]
    asked = {"first": day, "last": day}
    assert trend(tally(answers), Metric.NPS, period, **asked) == trend(
        tally(late), Metric.NPS, period, **asked
    )


@given(ANSWERS)
def test_tally_counts_each_answer_once(answers: list[tuple[date, float]]) -> None:
    total = between(tally(answers), date.min, date.max)
    assert sum(total.values()) == len(answers)
    assert tally(answers) == tally(list(reversed(answers)))
