"""排期 in the report: lanes, what waits and why, the four quadrants, the order before."""

from dataclasses import replace
from datetime import date

from odd_samples import EMPTY, hostile
from report_parsing import page_of
from report_sample import sample

from feedback_nlp.names import QUADRANT
from feedback_nlp.records import (
    Lane,
    Load,
    OrderChange,
    PlanRecord,
    Quadrant,
    Schedule,
    Slot,
    Waiting,
)
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.html import report_html
from feedback_nlp.reports.markdown import report_markdown
from feedback_nlp.reports.planned import gap_sentence, order_sentence, plan_view

DAY = date(2026, 11, 13)


def planned(data: ReportData, *, change: OrderChange | None = None) -> ReportData:
    """The first ticket in the weekly lane, the second waiting; each theme in a quadrant."""
    assert data.run.as_of is not None
    one, two = data.tickets[:2]
    schedule = Schedule(
        (Slot(one.id, one.theme_id, Lane.WEEKLY, 2.0, DAY, "排入每周修复，本期可排 2.4 人周"),),
        (Waiting(two.id, two.theme_id, Lane.WEEKLY, 4.0, "每周修复排满了，还差 3.6 人周"),),
        (Load(Lane.EMERGENCY, 14.2, 0.0, DAY), Load(Lane.WEEKLY, 2.4, 2.0, DAY)),
    )
    fields = [*Quadrant]
    ranked = tuple(
        replace(each, quadrant=fields[place % len(fields)])
        for place, each in enumerate(data.priorities)
    )
    record = PlanRecord(3, DAY, data.run.as_of, (), schedule, change)
    return replace(data, plan=record, priorities=ranked)


def test_page_and_markdown_say_what_is_done_when_and_what_waits() -> None:
    data = planned(sample())
    one, two = data.tickets[:2]
    html, markdown = report_html(data), report_markdown(data)
    words = "".join(page_of(html).text)
    for text in (words, markdown):
        for part in ("每周修复", "2026-11-13", "2 / 2.4", "没有排进去的", "还差 3.6 人周", one.id):
            assert part in text
        assert "这是第一次排序，没有上一次可比。" in text
    assert f'<a href="#{two.id}">{two.id}</a>' in html
    assert page_of(html).conflicts == []


def test_every_theme_stands_in_its_quadrant() -> None:
    data = planned(sample())
    view = plan_view(data)
    assert view is not None
    assert [each.name for each in view.quadrants] == list(QUADRANT.values())
    shown = [key for each in view.quadrants for key, _ in each.themes]
    assert sorted(shown) == sorted(theme.id for theme in data.themes)
    assert {each.more for each in view.quadrants} == {0}


def test_a_crowded_quadrant_names_the_best_and_counts_the_rest() -> None:
    data = planned(sample())
    ranked = tuple(replace(each, quadrant=Quadrant.DEFER) for each in data.priorities)
    many = replace(data, themes=data.themes * 2, priorities=ranked * 2, tickets=(), plan=data.plan)
    view = plan_view(many)
    assert view is not None
    (field,) = [each for each in view.quadrants if each.themes]
    assert [key for key, _ in field.themes] == [theme.id for theme in many.themes[:6]]
    assert field.more == len(many.themes) - 6


def test_without_a_plan_there_is_no_section() -> None:
    for data in (sample(), EMPTY, replace(EMPTY, plan=planned(sample()).plan)):
        assert plan_view(data) is None
        assert "排期" not in report_html(data)
        assert "排期" not in report_markdown(data)


def test_the_order_is_compared_with_the_one_before() -> None:
    names = {"T-0001": "闪退", "T-0002": "配送慢"}
    change = OrderChange(8, 0.7142, (("T-0002", 5, 1), ("T-0001", 1, 2), ("T-0009", 9, 4)))
    assert order_sentence(change, names) == (
        "与上一次相比，8 个共有主题的先后一致程度（Kendall τ）为 0.71"
        "（1 为完全相同，0 为毫无关系）；"
        "前 10 名中变动最大的：“配送慢”从第 5 到第 1、“闪退”从第 1 到第 2。"
    )
    assert order_sentence(OrderChange(1, None), names) == (
        "与上一次共有的主题只有 1 个，或得分都相同，无法比较先后。"
    )


def test_what_is_not_proven_is_said() -> None:
    assert gap_sentence(Schedule()) == ""
    assert "最多还能提高 0.003%" in gap_sentence(Schedule(gap=0.00003))


def test_hostile_words_stay_words() -> None:
    html = report_html(planned(hostile(), change=OrderChange(2, 1.0, (("T-0001", 2, 1),))))
    assert not page_of(html).tags & {"script", "img", "iframe", "svg:script"}
