import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from odd_samples import hostile, undated, years_of_many_themes
from report_sample import sample

from feedback_nlp.records import WeekCount
from feedback_nlp.reports import charts
from feedback_nlp.reports.periods import MOST_BARS, gathered, period_for
from feedback_nlp.reports.sparks import interval_bar, sparkline


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_chart_is_drawn_for_desk_and_phone_with_dates_as_text() -> None:
    (wide_name, wide), (narrow_name, narrow) = charts.review_chart(sample())
    assert (wide_name, narrow_name) == ("wide", "narrow")
    assert {"8/31", "11/2"} <= set(texts(wide))
    assert "11/2" in texts(narrow)
    assert len(texts(narrow)) < len(texts(wide))


def test_colours_are_those_the_style_sheet_knows() -> None:
    _, narrow = charts.review_chart(sample())[1]
    assert charts.NEGATIVE in narrow
    assert charts.OTHER in narrow
    _, lines = charts.theme_chart(sample(), sample().themes[:3])[0]
    assert all(colour in lines for colour, _ in charts.LINES)


def test_charts_hold_no_text_from_outside() -> None:
    data = hostile()
    for _, svg in charts.theme_chart(data, data.themes[:3]):
        assert all(re.fullmatch(r"[\d/,.]*", text) for text in texts(svg))


def test_bars_add_up_to_the_reviews() -> None:
    data = sample()
    total = sum(entry.count for entry in data.weekly_reviews)
    assert (
        sum(count for _, count in gathered(data.weekly_reviews, period_for(data.weekly_reviews)))
        == total
    )


@pytest.mark.parametrize(
    ("weeks", "name"),
    [
        pytest.param(1, "周", id="one week"),
        pytest.param(60, "周", id="sixty weeks"),
        pytest.param(61, "月", id="sixty-one weeks"),
        pytest.param(600, "年", id="eleven years"),
    ],
)
def test_long_histories_are_gathered(weeks: int, name: str) -> None:
    counts = [WeekCount(date(2010, 1, 4) + timedelta(weeks=week), 1) for week in range(weeks)]
    period = period_for(counts)
    bars = gathered(counts, period)
    assert period.name == name
    assert len(bars) <= MOST_BARS
    assert sum(count for _, count in bars) == weeks


def test_sparkline_has_one_bar_per_week_and_names_the_highest() -> None:
    svg = sparkline(sample().themes[0])
    assert svg.count("<rect") == 10
    assert "最高 19 条（2026-10-26 起的一周）" in svg
    assert sparkline(years_of_many_themes().themes[0]).count("<rect") <= MOST_BARS


def test_sparkline_without_dates_is_empty() -> None:
    assert sparkline(undated().themes[0]) == ""


def test_interval_bar_spans_low_to_high() -> None:
    priority = replace(sample().priorities[0], low=0.0, score=50.0, high=100.0)
    assert 'x1="4" x2="116"' in interval_bar(priority, 100.0)
    assert 'cx="60"' in interval_bar(priority, 100.0)
    assert interval_bar(priority, 0.0) == ""
