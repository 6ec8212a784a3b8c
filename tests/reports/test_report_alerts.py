"""预警 in the report: what is new first, words as evidence, the rest counted."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from odd_samples import EMPTY, HOSTILE
from report_parsing import page_of
from report_sample import sample

from feedback_nlp.names import ALERT
from feedback_nlp.records import Alert, AlertKind, Denominator, Quote, Spike
from feedback_nlp.reports.alerts import SHOWN, alert_groups, alert_span
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.html import report_html
from feedback_nlp.reports.json_files import dumps, themes_document
from feedback_nlp.reports.markdown import report_markdown

TODAY = date(2026, 11, 6)
SPIKE = Spike(
    window_days=14,
    baseline_days=56,
    observed=33,
    expected=4.123456,
    ratio=8.0,
    low=4.1,
    high=15.9,
    p=1.23456e-9,
    q=1e-7,
    dispersion=1.5,
    denominator=Denominator.REVIEWS,
)
RISEN = Alert(
    AlertKind.SPIKE,
    "T-0001",
    TODAY - timedelta(days=3),
    TODAY,
    "近 14 天 33 条，8.0 倍",
    spike=SPIKE,
)
BURNT = Alert(
    AlertKind.SAFETY,
    "r1040",
    TODAY,
    TODAY,
    "安全：评论提到“起火”",
    (Quote("r1040", 0, 6, "充电宝起火了"),),
)


def told(*alerts: Alert) -> ReportData:
    return replace(sample(), alerts=alerts, alerts_as_of=TODAY)


def test_a_theme_is_told_by_name_with_its_figures_and_words_of_these_days() -> None:
    (group,) = alert_groups(told(RISEN))
    (view,) = group.shown
    assert (group.name, view.label, view.is_new) == ("突增", "「更新后一点付款就闪退」", False)
    assert view.text == "近 14 天 33 条，8.0 倍。"
    assert view.when == "2026-11-03 起，2026-11-06 仍在"
    assert [quote.origin[0] for quote in view.quotes] == ["2026-11-05"]


def test_a_quote_of_earlier_days_stands_in_where_there_is_none_of_these() -> None:
    early = replace(RISEN, last=TODAY - timedelta(days=300))
    (view,) = alert_groups(told(early))[0].shown
    assert [quote.text for quote in view.quotes] == [sample().themes[0].quotes[0].text]


def test_a_review_is_told_by_what_it_speaks_of() -> None:
    (view,) = alert_groups(told(BURNT))[0].shown
    assert (view.label, view.text, view.is_new) == ("评论提到“起火”", "", True)
    assert [(quote.review_id, quote.text) for quote in view.quotes] == [("r1040", "充电宝起火了")]


def test_of_many_alerts_the_newest_are_shown_and_the_others_counted() -> None:
    many = [
        replace(BURNT, subject=f"r{place}", day=TODAY - timedelta(days=place))
        for place in range(SHOWN + 2)
    ]
    (group,) = alert_groups(told(*reversed(many)))
    assert [view.when[:10] for view in group.shown] == [
        (TODAY - timedelta(days=place)).isoformat() for place in range(SHOWN)
    ]
    assert (group.total, group.more) == (
        7,
        "另有 2 条，用 feedback-nlp alerts 查看，也在 themes.json 里。",
    )


def test_both_files_say_the_same_before_anything_rises() -> None:
    data = told(RISEN, BURNT)
    html, markdown = report_html(data), report_markdown(data)
    for text, heading in ((html, "<h2>正在上升</h2>"), (markdown, "## 正在上升")):
        assert text.index("预警") < text.index("充电宝起火了") < text.index(heading)
        assert "2026-11-03 起，2026-11-06 仍在" in text
    assert "- **评论提到“起火”**（新，2026-11-06）\n  > “充电宝起火了” —— 评论 r1040" in markdown


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(told(), "最近 7 天（到2026年11月6日）没有预警。", id="a quiet week"),
        pytest.param(EMPTY, "最近 7 天没有预警。", id="nothing stored"),
    ],
)
def test_no_alerts_are_said_in_one_line(data: ReportData, sentence: str) -> None:
    assert alert_groups(data) == ()
    assert alert_span(data) == sentence
    assert sentence in report_html(data)
    assert f"## 预警\n\n{sentence}\n" in report_markdown(data)


def test_hostile_words_stay_in_their_place() -> None:
    data = told(replace(BURNT, quotes=(Quote("r1040", 0, 9, HOSTILE),), reason=HOSTILE))
    page = page_of(report_html(data))
    assert page.tags.isdisjoint({"script", "img"})
    assert "<script" not in report_markdown(data).replace("\\<script", "")


def test_the_json_has_every_alert_with_its_figures() -> None:
    document: dict[str, Any] = json.loads(dumps(themes_document(told(RISEN, BURNT))))
    spike, burnt = document["alerts"]
    assert (spike["id"], spike["theme"], spike["review_id"]) == (
        "spike/T-0001/2026-11-03",
        "T-0001",
        None,
    )
    assert (spike["new"], burnt["new"]) == (False, True)
    assert (burnt["theme"], burnt["review_id"], burnt["spike"]) == (None, "r1040", None)
    assert burnt["quotes"] == [{"review_id": "r1040", "text": "充电宝起火了"}]
    assert (spike["spike"]["expected"], spike["spike"]["p"]) == (4.123, 1.235e-9)
    assert spike["spike"]["denominator"] == "reviews"


def test_every_kind_has_a_name() -> None:
    assert ALERT.keys() == {kind.value for kind in AlertKind}
