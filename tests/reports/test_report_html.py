from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from delivery_sample import delivered, worked_on
from odd_samples import EMPTY, HOSTILE, hostile, one_week, undated, years_of_many_themes
from report_parsing import page_of
from report_sample import LONG_TEXT, sample

from feedback_nlp.records import CHINA
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.html import report_html
from feedback_nlp.reports.wording import QUOTE_LENGTH

SAMPLES = [
    pytest.param(sample, id="ten weeks"),
    pytest.param(hostile, id="hostile texts"),
    pytest.param(delivered, id="tickets worked on"),
    pytest.param(lambda: worked_on(hostile()), id="hostile tickets worked on"),
    pytest.param(undated, id="no dates"),
    pytest.param(one_week, id="one week"),
    pytest.param(years_of_many_themes, id="three years"),
    pytest.param(lambda: EMPTY, id="nothing"),
]


@pytest.mark.parametrize("make", SAMPLES)
def test_every_link_leads_to_an_anchor_and_no_anchor_is_double(
    make: Callable[[], ReportData],
) -> None:
    page = page_of(report_html(make()))
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


@pytest.mark.parametrize("make", SAMPLES)
def test_page_needs_nothing_from_outside(make: Callable[[], ReportData]) -> None:
    html = report_html(make())
    page = page_of(html)
    assert page.outside == []
    assert page.tags.isdisjoint({"script", "img", "link", "iframe", "object", "form"})
    assert "@import" not in html
    assert "url(" not in html


def test_hostile_texts_are_shown_and_never_run() -> None:
    html = report_html(hostile())
    page = page_of(html)
    assert "<script" not in html
    assert page.tags.isdisjoint({"script", "img", "b"})
    assert any(HOSTILE in text for text in page.text)


def test_a_theme_that_a_sentence_or_ticket_names_is_shown_with_its_quotes() -> None:
    data = years_of_many_themes()
    last, second = data.themes[-1], data.themes[-2]
    trend = (*last.trend[:-2], *(replace(entry, count=80) for entry in last.trend[-2:]))
    rising = replace(last, trend=trend)
    ticket = replace(sample().tickets[0], theme_id=second.id, evidence=second.quotes)
    page = page_of(
        report_html(replace(data, themes=(*data.themes[:-1], rising), tickets=(ticket,)))
    )
    assert {f"{last.id}-q1", f"{second.id}-q1"} <= set(page.ids)
    assert {f"#{last.id}", f"#{second.id}-q1"} <= set(page.links)
    assert f"{data.themes[10].id}-q1" not in page.ids


def test_a_quote_whose_review_is_gone_is_still_shown() -> None:
    page = page_of(report_html(replace(sample(), sources=())))
    assert "昨天开始付款必闪退，安卓 14。" in page.text


def test_whole_weeks_need_no_explanation() -> None:
    data = sample()
    monday, sunday = (
        datetime(2026, month, day, 9, tzinfo=CHINA) for month, day in ((8, 31), (11, 8))
    )
    whole = replace(data, first_review=monday, run=replace(data.run, as_of=sunday))
    assert "最后一周只到" not in report_html(whole)


def test_a_first_week_that_begins_late_is_explained() -> None:
    late = replace(sample(), first_review=datetime(2026, 9, 3, tzinfo=CHINA))
    assert "第一周从 2026年9月3日 开始" in report_html(late)


def test_every_theme_has_a_section_even_after_the_first_ten() -> None:
    data = years_of_many_themes()
    page = page_of(report_html(data))
    assert {theme.id for theme in data.themes} <= set(page.ids)
    assert len(page.themes) == 15


def test_ticket_evidence_leads_to_the_quote_in_its_theme() -> None:
    page = page_of(report_html(sample()))
    assert {"#T-0001-q1", "#T-0001-q4", "#T-0003-q2"} <= set(page.links)


def test_long_quotes_are_cut_with_an_ellipsis_and_keep_their_review_id() -> None:
    text = "\n".join(page_of(report_html(sample())).text)
    assert LONG_TEXT not in text
    assert LONG_TEXT[: QUOTE_LENGTH - 1] + "…" in text
    assert "评论 r1039" in text


def test_red_is_explained() -> None:
    assert "负面评论（红色＝负面）" in report_html(sample())


def test_short_weeks_are_explained() -> None:
    assert "最后一周只到 2026年11月6日" in report_html(sample())
    assert "最前和最后一段可能不满" in report_html(years_of_many_themes())


def test_without_dates_there_is_no_chart() -> None:
    assert 'class="wide"' not in report_html(undated())
    assert "没有周图" in report_html(undated())


def test_breakdowns_say_where_a_theme_comes_from() -> None:
    text = "".join(page_of(report_html(sample())).text)
    assert "3.2.1 29 条（70.7%）" in text
    assert "2026-10-26 起的一周，19 条（46.3%）" in text
    assert "地区" not in text
