from dataclasses import replace

import pytest
from odd_samples import EMPTY, one_week, undated
from report_sample import sample

from feedback_nlp.records import WeekCount
from feedback_nlp.reports.content import Exposed, PolarityCounts, ReportData
from feedback_nlp.reports.notes import notes
from feedback_nlp.reports.statements import movement_sentence, summary
from feedback_nlp.reports.trends import movement


def said(data: ReportData) -> dict[str, str]:
    return {statement.label: statement.text for statement in summary(data)}


def test_summary_says_what_is_worst_what_rises_and_what_to_do_first() -> None:
    assert said(replace(sample(), with_author=9)) == {
        "抱怨最多": "「退款要等一周，进度查不到」：73 位用户提了 76 条意见，其中 64 条负面。",
        "正在上升": (
            "「更新后一点付款就闪退」上升：最近两周 33 条，每百条评论 34 条；"
            "此前四周 4 条，每百条评论 2.3 条（约 14.5 倍）。"
        ),
        "建议先做": (
            "「更新后一点付款就闪退」：RICE 337.77（80% 区间 268.5—402.7），预计 0.46 人月，"
            "由研发负责，2026年11月20日前完成。它的区间不与其他主题重叠。"
        ),
    }


def test_summary_counts_reviews_where_nobody_knows_the_users() -> None:
    worst = said(sample())["抱怨最多"]
    reviews = next(theme.reviews for theme in sample().themes if theme.id == "T-0003")
    assert worst == (
        f"「退款要等一周，进度查不到」：{reviews} 条评论提了 76 条意见，其中 64 条负面。"
    )


def test_each_sentence_leads_to_the_theme_it_speaks_of() -> None:
    assert [statement.theme_id for statement in summary(sample())] == ["T-0003", "T-0001", "T-0001"]


def test_overlapping_intervals_are_said() -> None:
    data = sample()
    first, second, *rest = data.priorities
    close = replace(data, priorities=(first, replace(second, high=300.0), *rest))
    assert said(close)["建议先做"].endswith("它的区间与另外 1 个主题重叠，这几个的先后可以商量。")


def test_a_single_theme_has_no_rivals_and_may_have_no_ticket() -> None:
    data = sample()
    alone = replace(data, themes=data.themes[:1], priorities=data.priorities[:1], tickets=())
    assert said(alone)["建议先做"].endswith("预计 0.46 人月。")


def test_two_rising_themes_are_both_counted() -> None:
    data = sample()
    twin = replace(data.themes[0], id="T-0009")
    both = replace(
        data,
        themes=(*data.themes, twin),
        priorities=(*data.priorities, replace(data.priorities[0], theme_id="T-0009")),
    )
    assert said(both)["正在上升"].endswith("另有 1 个主题也在上升。")


@pytest.mark.parametrize(
    ("data", "rising"),
    [
        pytest.param(EMPTY, "没有评论，看不出上升或下降。", id="no reviews"),
        pytest.param(undated(), "评论没有时间，看不出上升或下降。", id="no dates"),
        pytest.param(one_week(), "有时间的评论不足四周，看不出上升或下降。", id="one week"),
    ],
)
def test_summary_says_why_nothing_can_rise(data: ReportData, rising: str) -> None:
    assert said(data)["正在上升"] == rising


def test_nothing_rises_in_quiet_weeks() -> None:
    data = sample()
    quiet = replace(data, themes=data.themes[2:], priorities=data.priorities[2:])
    assert said(quiet)["正在上升"] == "没有主题明显上升。"


def test_no_theme_is_said() -> None:
    assert said(EMPTY)["抱怨最多"] == "这批评论里没有形成主题。"
    assert said(EMPTY)["建议先做"] == "没有主题，也就没有可排的优先级。"


def test_requests_alone_are_not_called_complaints() -> None:
    data = sample()
    kind = replace(data, themes=tuple(replace(one, negative_share=0.0) for one in data.themes))
    assert said(kind)["抱怨最多"] == "归入主题的意见里没有负面意见，都是建议。"


def test_notes_count_everything_and_admit_what_is_not_known() -> None:
    text = "\n".join(notes(sample()))
    for fact in (
        "448 条评论切成 892 条意见；其中 266 条是负面或建议",
        "归入 229 条，未归类 37 条（13.9%）",
        "另有 3 行无法读取",
        "41 条评论（9.2%）模型没有把握",
        "评论没有用户编号",
        "没有曝光数据",
        "2 条评论没有时间",
        "「上升」指：2026年10月26日—11月6日与此前四周（2026年9月28日—10月25日）相比",
    ):
        assert fact in text


@pytest.mark.parametrize(
    ("with_author", "expected"),
    [
        pytest.param(112, "25% 的评论带用户编号", id="some"),
        pytest.param(448, "每条评论都带用户编号", id="all"),
    ],
)
def test_notes_say_how_users_were_told_apart(with_author: int, expected: str) -> None:
    assert any(expected in note for note in notes(replace(sample(), with_author=with_author)))


def test_notes_without_dates_or_reviews_claim_no_dates() -> None:
    assert any("评论没有时间：没有周图" in note for note in notes(undated()))
    assert not any("截至" in note or "不确定" in note for note in notes(EMPTY))


def test_priorities_of_other_themes_are_refused() -> None:
    data = sample()
    with pytest.raises(ValueError, match="same order"):
        replace(data, priorities=data.priorities[::-1])


def test_a_problem_that_is_over_is_not_recommended_blindly() -> None:
    data = sample()
    weeks = [entry.week for entry in data.weekly_reviews]
    spike = tuple(WeekCount(week, 90 if place == 2 else 0) for place, week in enumerate(weeks))
    first = replace(data.themes[0], trend=spike)
    text = said(replace(data, themes=(first, *data.themes[1:])))["建议先做"]
    assert "但高峰已过（2026年9月14日起的一周 90 条，最近两周 0 条）：先核实是否已经解决。" in text


@pytest.mark.parametrize(
    ("recent", "base", "expected"),
    [
        pytest.param(0, 30, "最近两周 0 条，每百条评论 0 条；此前四周 30 条，", id="none lately"),
        pytest.param(1, 30, "（约为 6%）。", id="a part"),
        pytest.param(1, 400, "（不到 1%）。", id="hardly any"),
        pytest.param(2, 1, "样本少，看不出升降：", id="too few to tell"),
    ],
)
def test_movement_is_told_with_its_counts(recent: int, base: int, expected: str) -> None:
    data = sample()
    weeks = [entry.week for entry in data.weekly_reviews]
    trend = (WeekCount(weeks[7], base), WeekCount(weeks[9], recent))
    theme = replace(data.themes[0], count=recent + base, reviews=recent + base, trend=trend)
    assert expected in movement_sentence(movement(theme, data), data)


def test_dated_reviews_alone_are_not_called_undated() -> None:
    assert not any("没有时间" in note for note in notes(replace(sample(), undated=0)))


@pytest.mark.parametrize(
    ("exposure", "expected"),
    [
        pytest.param(None, "没有曝光数据", id="nobody knows the denominator"),
        pytest.param(
            Exposed("订单", 200_000, 68, 68), "期间订单 200,000，负面评论 ", id="every day known"
        ),
        pytest.param(
            Exposed("订单", 200_000, 60, 68),
            "只覆盖 68 天中的 60 天，不足以算万投比",
            id="days are missing",
        ),
    ],
)
def test_notes_give_a_rate_only_where_every_day_has_a_denominator(
    exposure: Exposed | None, expected: str
) -> None:
    data = replace(sample(), exposure=exposure)
    assert any(expected in note for note in notes(data))


def test_rate_is_negative_reviews_per_ten_thousand() -> None:
    data = replace(
        sample(), polarity=PolarityCounts(30, 5, 5, 0), exposure=Exposed("订单", 60_000, 68, 68)
    )
    assert any("万投比（每一万对应的条数）5。" in note for note in notes(data))


def test_notes_say_what_is_quarantined_and_why() -> None:
    run = replace(sample().run, quarantined=7)
    data = replace(sample(), run=run, quarantined=(("duplicate", 5), ("default_praise", 2)))
    said = "\n".join(notes(data))
    assert "7 条评论被隔离（重复 5、系统默认好评 2）" in said
    assert "隔离" not in "\n".join(notes(sample()))


def test_notes_say_how_many_texts_look_garbled() -> None:
    assert any("3 条评论疑似乱码" in note for note in notes(replace(sample(), garbled=3)))
    assert not any("乱码" in note for note in notes(sample()))
