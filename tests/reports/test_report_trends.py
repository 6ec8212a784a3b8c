from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_samples import EMPTY, one_week, undated
from report_sample import monday, sample

from feedback_nlp.records import CHINA, Theme, WeekCount
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.trends import Direction, faded, moved, movement, windows


def six_weeks(reviews: tuple[int, ...], *, last_day: int = 41, first_day: int = 0) -> ReportData:
    """Six weeks with these totals; the data begins and ends on these days from the first Monday."""

    def noon(day: int) -> datetime:
        return datetime.combine(monday(0) + timedelta(days=day), datetime.min.time(), CHINA)

    data = sample()
    return replace(
        data,
        run=replace(data.run, as_of=noon(last_day)),
        first_review=noon(first_day),
        weekly_reviews=tuple(WeekCount(monday(week), total) for week, total in enumerate(reviews)),
        weekly_negative=(),
    )


def theme(weekly: tuple[int, ...], *, per_review: int = 1) -> Theme:
    count = sum(weekly)
    return replace(
        sample().themes[0],
        count=count,
        reviews=max(count // per_review, 1),
        trend=tuple(WeekCount(monday(week), number) for week, number in enumerate(weekly)),
    )


STEADY_TRAFFIC = (100, 100, 100, 100, 100, 100)


@pytest.mark.parametrize(
    ("weekly", "traffic", "expected"),
    [
        pytest.param((5, 5, 5, 5, 15, 18), STEADY_TRAFFIC, Direction.RISING, id="tripled"),
        pytest.param((0, 0, 0, 0, 6, 6), STEADY_TRAFFIC, Direction.NEW, id="never heard before"),
        pytest.param((20, 20, 20, 20, 4, 3), STEADY_TRAFFIC, Direction.FALLING, id="fixed"),
        pytest.param((9, 11, 10, 10, 11, 10), STEADY_TRAFFIC, Direction.STEADY, id="as ever"),
        pytest.param(
            (5, 5, 5, 5, 15, 15),
            (100, 100, 100, 100, 300, 300),
            Direction.STEADY,
            id="more traffic is not a rise",
        ),
        pytest.param(
            (20, 20, 20, 20, 20, 20),
            (100, 100, 100, 100, 900, 900),
            Direction.STEADY,
            id="a flood about something else is not a fall",
        ),
        pytest.param(
            (20, 20, 20, 20, 20, 20),
            (100, 100, 100, 100, 20, 20),
            Direction.STEADY,
            id="the same complaints among fewer reviews are not a rise",
        ),
        pytest.param((0, 1, 0, 0, 2, 1), STEADY_TRAFFIC, Direction.FEW, id="three mentions"),
        pytest.param((0, 0, 0, 0, 0, 0), STEADY_TRAFFIC, Direction.FEW, id="no mention at all"),
        pytest.param(
            (5, 5, 5, 5, 9, 9),
            (0, 0, 0, 0, 100, 100),
            Direction.UNKNOWN,
            id="no reviews to compare with",
        ),
    ],
)
def test_movement_tells_a_rise_from_traffic_and_chance(
    weekly: tuple[int, ...], traffic: tuple[int, ...], expected: Direction
) -> None:
    assert movement(theme(weekly), six_weeks(traffic)).direction is expected


def test_opinions_of_one_review_count_once_as_evidence_of_a_rise() -> None:
    weekly = (2, 2, 2, 2, 9, 9)
    assert movement(theme(weekly), six_weeks(STEADY_TRAFFIC)).direction is Direction.RISING
    clumped = movement(theme(weekly, per_review=6), six_weeks(STEADY_TRAFFIC))
    assert clumped.direction is Direction.STEADY


def test_a_small_but_clear_rise_says_that_it_is_small() -> None:
    move = movement(theme((0, 0, 0, 0, 4, 4)), six_weeks(STEADY_TRAFFIC))
    assert (move.direction, move.few) == (Direction.NEW, True)


@pytest.mark.parametrize(
    ("first_day", "last_day", "recent", "base"),
    [
        pytest.param(0, 41, (4, 5), (0, 1, 2, 3), id="whole weeks"),
        pytest.param(0, 38, (4, 5), (0, 1, 2, 3), id="last week until Thursday takes part"),
        pytest.param(0, 37, (3, 4), (0, 1, 2), id="last week until Wednesday does not"),
        pytest.param(4, 41, (4, 5), (1, 2, 3), id="first week from Friday does not"),
    ],
)
def test_windows_use_weeks_with_four_days(
    first_day: int, last_day: int, recent: tuple[int, ...], base: tuple[int, ...]
) -> None:
    found = windows(six_weeks(STEADY_TRAFFIC, first_day=first_day, last_day=last_day))
    assert found is not None
    assert found[0].weeks == tuple(monday(week) for week in recent)
    assert found[1].weeks == tuple(monday(week) for week in base)
    assert found[0].last <= monday(0) + timedelta(days=last_day)
    assert found[1].first >= monday(0) + timedelta(days=first_day)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(EMPTY, id="no reviews"),
        pytest.param(undated(), id="no dates"),
        pytest.param(one_week(), id="one week"),
    ],
)
def test_without_enough_weeks_nothing_rises_or_falls(data: ReportData) -> None:
    assert windows(data) is None
    assert all(movement(each, data).direction is Direction.UNKNOWN for each in data.themes)
    assert moved(data, Direction.RISING, Direction.NEW, Direction.FALLING) == ()


def test_the_sample_has_one_rise_and_one_fall_with_countable_numbers() -> None:
    data = sample()
    ((rising, move),) = moved(data, Direction.RISING)
    assert rising.name == "更新后一点付款就闪退"
    assert (move.recent, move.base) == (33, 4)
    assert move.recent_window is not None
    assert move.recent_window.last == date(2026, 11, 6)
    ((falling, _),) = moved(data, Direction.FALLING)
    assert falling.name == "退款要等一周，进度查不到"


COUNTS = st.lists(st.integers(0, 60), min_size=6, max_size=6).map(tuple)


@given(weekly=COUNTS, more=st.integers(1, 40))
def test_a_rise_stays_a_rise_when_more_people_complain(weekly: tuple[int, ...], more: int) -> None:
    data = six_weeks((200, 200, 200, 200, 200, 200))
    up = {Direction.RISING, Direction.NEW}
    if movement(theme(weekly), data).direction in up:
        assert movement(theme((*weekly[:5], weekly[5] + more)), data).direction in up


@given(weekly=COUNTS, traffic=COUNTS)
def test_a_rise_has_more_opinions_than_the_earlier_rate_gives(
    weekly: tuple[int, ...], traffic: tuple[int, ...]
) -> None:
    move = movement(theme(weekly), six_weeks(traffic))
    if move.direction in {Direction.RISING, Direction.NEW}:
        assert move.excess >= 3
    if move.direction is Direction.FALLING:
        assert move.excess < 0


def spiked(recent: int, recent_reviews: int) -> tuple[Theme, ReportData]:
    """A spike in the first of eight weeks, then quiet, then two weeks with these counts."""
    data = six_weeks((90, 20, 60, 60, 60, 60, recent_reviews, 0), last_day=55)
    return theme((60, 0, 1, 0, 1, 0, recent, 0)), data


@pytest.mark.parametrize(
    ("recent", "recent_reviews", "over"),
    [
        pytest.param(1, 120, True, id="quiet since"),
        pytest.param(30, 120, False, id="still there"),
        pytest.param(0, 1, False, id="hardly any reviews lately"),
    ],
)
def test_a_peak_is_over_only_when_recent_reviews_show_it(
    recent: int, recent_reviews: int, *, over: bool
) -> None:
    story, data = spiked(recent, recent_reviews)
    assert (faded(story, data) is not None) == over


def test_a_peak_inside_the_compared_weeks_is_not_over() -> None:
    assert faded(theme((0, 0, 0, 60, 0, 0)), six_weeks(STEADY_TRAFFIC)) is None
