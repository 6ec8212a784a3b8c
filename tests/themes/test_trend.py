from datetime import UTC, date, datetime

import pytest
from builders import shanghai

from feedback_nlp.records import WeekCount
from feedback_nlp.themes.trend import count_weeks, day_of, week_of


@pytest.mark.parametrize(
    ("time", "day", "week"),
    [
        pytest.param(shanghai(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 2), id="Monday 00:00"),
        pytest.param(
            shanghai(2026, 3, 1, 23, 59), date(2026, 3, 1), date(2026, 2, 23), id="a minute before"
        ),
        pytest.param(
            datetime(2026, 3, 1, 16, 0, tzinfo=UTC),
            date(2026, 3, 2),
            date(2026, 3, 2),
            id="Sunday afternoon in London is Monday in China",
        ),
        pytest.param(
            datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC),
            date(2026, 3, 1),
            date(2026, 2, 23),
            id="the last second of the week",
        ),
        pytest.param(
            shanghai(2026, 1, 1), date(2026, 1, 1), date(2025, 12, 29), id="week over new year"
        ),
    ],
)
def test_days_and_weeks_begin_in_china(time: datetime, day: date, week: date) -> None:
    assert (day_of(time), week_of(time)) == (day, week)


def test_weeks_are_counted_with_zeros_between() -> None:
    times = [shanghai(2026, 3, 2), shanghai(2026, 3, 8, 23, 59), None, shanghai(2026, 3, 16)]
    weeks = count_weeks(times, first=shanghai(2026, 2, 25), last=shanghai(2026, 3, 24))
    assert weeks == (
        WeekCount(date(2026, 2, 23), 0),
        WeekCount(date(2026, 3, 2), 2),
        WeekCount(date(2026, 3, 9), 0),
        WeekCount(date(2026, 3, 16), 1),
        WeekCount(date(2026, 3, 23), 0),
    )


def test_data_without_dates_has_no_weeks() -> None:
    assert count_weeks([None], first=None, last=None) == ()


def test_times_outside_the_range_are_not_counted() -> None:
    day = shanghai(2026, 3, 4)
    assert count_weeks([shanghai(2026, 4, 1)], first=day, last=day) == (
        WeekCount(date(2026, 3, 2), 0),
    )
