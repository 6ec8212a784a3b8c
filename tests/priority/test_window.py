"""The quarter that counts, and what its count is multiplied by."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from priority_samples import AS_OF, ago, sure

from feedback_nlp.priority.grounds import Grounds
from feedback_nlp.priority.window import MIN_DAYS, QUARTER_DAYS, Window, window_of


def exposed(counts: dict[int, int], span_days: int = 91) -> Window:
    """A window with so much exposure so many days ago."""
    exposure = {AS_OF - timedelta(days=day): count for day, count in counts.items()}
    return window_of(Grounds(as_of=AS_OF, span_days=span_days, exposure=exposure))


def plain(span_days: int) -> Window:
    return window_of(Grounds(as_of=AS_OF, span_days=span_days))


# --- days --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span_days", "scale"),
    [
        pytest.param(1, 13.0, id="one day counts as a week"),
        pytest.param(7, 13.0, id="a week"),
        pytest.param(45, 91 / 45, id="half a quarter"),
        pytest.param(91, 1.0, id="a quarter"),
        pytest.param(3_650, 1.0, id="ten years, of which a quarter counts"),
    ],
)
def test_count_is_scaled_by_days(span_days: int, scale: float) -> None:
    assert plain(span_days).scale == pytest.approx(scale)


def test_without_dates_everything_counts_once() -> None:
    window = window_of(Grounds())
    assert (window.first, window.scale) == (None, 1.0)
    assert window.holds(sure(created_at=ago(5_000)))
    assert window.holds(sure(created_at=None))


@pytest.mark.parametrize(
    ("days", "holds"),
    [(0, True), (90, True), (91, False), (4_000, False)],
    ids=["the newest", "the first of 91 days", "a day earlier", "years ago"],
)
def test_a_quarter_ends_with_the_newest_review(days: int, holds: bool) -> None:  # noqa: FBT001 (a table)
    assert plain(400).holds(sure(created_at=ago(days))) is holds


def test_what_has_no_date_counts() -> None:
    assert plain(400).holds(sure(created_at=None))
    assert exposed(dict.fromkeys(range(10), 5)).holds(sure(created_at=None))


def test_a_day_is_a_day_in_china() -> None:
    late = ago(90).replace(hour=0, minute=30)
    assert plain(400).holds(sure(created_at=late))
    assert not plain(400).holds(sure(created_at=late - timedelta(hours=1)))


# --- exposure ----------------------------------------------------------------------------------


@given(st.integers(MIN_DAYS, QUARTER_DAYS), st.integers(1, 10**9))
def test_constant_exposure_scales_as_days_do(days: int, count: int) -> None:
    window = exposed(dict.fromkeys(range(days), count), span_days=days)
    assert window.scale == pytest.approx(plain(days).scale)


@given(st.integers(1, 10**6))
def test_a_quarter_like_the_last_weeks_has_their_exposure(count: int) -> None:
    usual = exposed(dict.fromkeys(range(91), count))
    grown = exposed(dict.fromkeys(range(28), 2 * count) | dict.fromkeys(range(28, 91), count))
    # One complaint per exposure: as many complaints as exposure, and twice as many to come.
    assert usual.exposed * usual.scale == pytest.approx(91 * count)
    assert grown.exposed * grown.scale == pytest.approx(2 * 91 * count)


@given(st.dictionaries(st.integers(0, 90), st.integers(1, 10**6), min_size=46))
def test_scale_is_that_of_the_rate(counts: dict[int, int]) -> None:
    window = exposed(counts)
    recent = [counts[day] for day in sorted(counts)[:28]]
    expected = sum(recent) / len(recent) * 91 / sum(counts.values())
    assert window.scale == pytest.approx(expected)


@given(st.dictionaries(st.integers(0, 90), st.integers(1, 100), min_size=46), st.integers(2, 9))
def test_the_unit_of_exposure_does_not_matter(counts: dict[int, int], times: int) -> None:
    more = {day: times * count for day, count in counts.items()}
    assert exposed(more).scale == pytest.approx(exposed(counts).scale)


def test_days_without_exposure_do_not_count() -> None:
    window = exposed({day: 0 if day == 3 else 5 for day in range(10) if day != 4}, span_days=12)
    assert window.exposed == 8 * 5
    held = [day for day in range(12) if window.holds(sure(created_at=ago(day)))]
    assert held == [0, 1, 2, 5, 6, 7, 8, 9]


def test_exposure_outside_the_quarter_does_not_count() -> None:
    window = exposed(dict.fromkeys(range(-3, 120), 5), span_days=200)
    assert len(window.exposure) == 91
    assert min(window.exposure) == date(2025, 12, 2)
    assert max(window.exposure) == AS_OF


def test_exposure_of_half_the_days_is_enough() -> None:
    assert exposed(dict.fromkeys(range(23), 5), span_days=45).exposure


@pytest.mark.parametrize("days", [0, 1, MIN_DAYS - 1, 22])
def test_too_few_days_of_exposure_do_not_count(days: int) -> None:
    window = exposed(dict.fromkeys(range(days), 5), span_days=45)
    assert not window.exposure
    assert window.scale == pytest.approx(91 / 45)
    assert window.holds(sure(created_at=ago(80)))
