"""Working days as the State Council announced them, and business time over them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import CHINA
from feedback_nlp.sla.calendar import (
    Opening,
    add_business,
    business_between,
    due_after,
    is_workday,
    unknown_years,
)

OFF = {
    # 国办发明电〔2024〕12号
    2025: "01-01 01-28 01-29 01-30 01-31 02-01 02-02 02-03 02-04 04-04 04-05 04-06 05-01 05-02"
    " 05-03 05-04 05-05 05-31 06-01 06-02 10-01 10-02 10-03 10-04 10-05 10-06 10-07 10-08",
    # 国办发明电〔2025〕7号
    2026: "01-01 01-02 01-03 02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23 04-04 04-05"
    " 04-06 05-01 05-02 05-03 05-04 05-05 06-19 06-20 06-21 09-25 09-26 09-27 10-01 10-02 10-03"
    " 10-04 10-05 10-06 10-07",
}
MADE_UP = {
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
MINUTES = st.integers(0, 60 * 24 * 60).map(lambda n: timedelta(minutes=n))
MOMENTS = st.datetimes(
    datetime(2024, 12, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    datetime(2027, 2, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    timezones=st.sampled_from([UTC, CHINA, timezone(timedelta(hours=-9, minutes=-30))]),
)
OPENINGS = st.builds(
    lambda opens, length: Opening(timedelta(hours=opens), timedelta(hours=opens + length)),
    st.sampled_from([0, 8.5, 9, 13]),
    st.sampled_from([1, 4.25, 9, 11]),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize("year", OFF)
def test_a_year_is_as_it_was_announced(year: int) -> None:
    off, made_up = OFF[year].split(), MADE_UP[year].split()
    day, wrong = date(year, 1, 1), []
    while day.year == year:
        name = f"{day:%m-%d}"
        expected = name in made_up or (day.weekday() < 5 and name not in off)
        if is_workday(day) != (expected, True):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_a_year_that_nobody_announced_has_plain_weekdays_and_says_so() -> None:
    assert is_workday(date(2027, 1, 1)) == (True, False)
    assert is_workday(date(2027, 1, 2)) == (False, False)
    assert unknown_years(at("2026-12-31T23:00"), at("2028-01-01T00:00")) == (2027, 2028)
    assert unknown_years(datetime(2026, 12, 31, 17, tzinfo=UTC), at("2027-02-01")) == (2027,)
    assert unknown_years(at("2025-01-01"), at("2026-12-31")) == ()
    assert add_business(at("2026-12-31T17:30"), timedelta(hours=2)) == at("2027-01-01T10:30")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        pytest.param("2026-03-06T17:30", 2, "2026-03-09T10:30", id="from Friday to Monday"),
        pytest.param("2026-03-06T10:00", 2, "2026-03-06T12:00", id="within a day"),
        pytest.param("2026-03-06T16:00", 2, "2026-03-06T18:00", id="until closing"),
        pytest.param("2026-03-06T18:00", 2, "2026-03-09T11:00", id="at closing"),
        pytest.param("2026-03-05T23:10", 2, "2026-03-06T11:00", id="at night"),
        pytest.param("2026-03-06T06:00", 2, "2026-03-06T11:00", id="before opening"),
        pytest.param("2026-03-07T12:00", 2, "2026-03-09T11:00", id="on a Saturday"),
        pytest.param("2026-03-06T10:00", 20, "2026-03-10T12:00", id="over three days"),
        pytest.param("2025-09-26T17:00", 2, "2025-09-28T10:00", id="on a Sunday worked"),
        pytest.param("2025-09-30T17:00", 2, "2025-10-09T10:00", id="over National Day 2025"),
        pytest.param("2025-10-10T17:00", 11, "2025-10-13T10:00", id="a Saturday in October"),
        pytest.param("2026-09-30T17:30", 2, "2026-10-08T10:30", id="over National Day 2026"),
        pytest.param("2025-01-27T17:00", 2, "2025-02-05T10:00", id="over Spring Festival 2025"),
        pytest.param("2026-02-14T17:30", 2, "2026-02-24T10:30", id="over Spring Festival 2026"),
        pytest.param("2026-03-06T17:59", 30 / 3600, "2026-03-06T17:59:30", id="30 seconds"),
        pytest.param("2026-03-06T17:30", 24, "2026-03-07T17:30", id="24 hours of the calendar"),
        pytest.param("2025-09-30T17:00", 48, "2025-10-02T17:00", id="48 hours over a holiday"),
    ],
)
def test_a_limit_ends(start: str, hours: float, end: str) -> None:
    assert due_after(at(start), hours) == at(end)


def test_the_zone_of_a_time_does_not_matter() -> None:
    end = at("2026-03-09T10:30")
    tokyo = datetime(2026, 3, 6, 18, 30, tzinfo=timezone(timedelta(hours=9)))
    for start in (datetime(2026, 3, 6, 9, 30, tzinfo=UTC), tokyo):
        assert due_after(start, 2) == end
        assert due_after(start, 2).tzinfo is CHINA
    with pytest.raises(ValueError, match="without a zone"):
        due_after(datetime(2026, 3, 6, 9, 30), 2)  # noqa: DTZ001 (the fault)
    with pytest.raises(ValueError, match="negative"):
        add_business(end, timedelta(seconds=-1))


def test_opening_hours_are_the_teams() -> None:
    early = Opening(timedelta(hours=8), timedelta(hours=12))
    assert add_business(at("2026-03-06T11:00"), timedelta(hours=2), early) == at("2026-03-09T09:00")


@given(start=MOMENTS, amount=MINUTES, opening=OPENINGS)
def test_what_is_added_lies_between(start: datetime, amount: timedelta, opening: Opening) -> None:
    end = add_business(start, amount, opening)
    assert end >= start
    assert business_between(start, end, opening) == amount
    assert business_between(end, start, opening) == -amount


@given(start=MOMENTS, more=MINUTES, amount=MINUTES)
def test_later_and_longer_never_ends_earlier(
    start: datetime, more: timedelta, amount: timedelta
) -> None:
    end = add_business(start, amount)
    assert add_business(start + more, amount) >= end
    assert add_business(start, amount + more) >= end
    assert timedelta() <= business_between(start, start + more) <= more
