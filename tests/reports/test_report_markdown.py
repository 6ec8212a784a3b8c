import pytest
from odd_samples import EMPTY, hostile, undated, years_of_many_themes
from report_sample import sample

from feedback_nlp.reports.markdown import plain, report_markdown


def test_markdown_reads_like_the_page() -> None:
    text = report_markdown(sample())
    for line in (
        "# 饭来到家 用户反馈报告",
        "2026年8月31日—11月6日的评论",
        "| 1 | T-0001 | 更新后一点付款就闪退 | 41 | 39 | 100% | 上升 | 337.77 | 268.5—402.7 |",
        "### W-0001 更新后一点付款就闪退",
        "### 其余工单",
        "## 正在下降",
        "证据：评论 r1040、r1037、r1038、r1039",
    ):
        assert f"{line}\n" in text
    assert "> “昨天开始付款必闪退，安卓 14。” —— 评论 r1038，2026-11-03" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a|b", "a\\|b", id="table cell"),
        pytest.param("<script>", "\\<script\\>", id="HTML"),
        pytest.param("[点我](http://a.cn)", "\\[点我\\](http://a.cn)", id="link"),
        pytest.param("第一行\n# 第二行", "第一行 # 第二行", id="line break"),
        pytest.param("3.2.1-beta T-0001", "3.2.1-beta T-0001", id="harmless stays readable"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_hostile_texts_stay_in_their_place() -> None:
    text = report_markdown(hostile())
    assert "<script" not in text.replace("\\<script", "")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "T-000" in line]
    assert len(rows) == 7


def test_empty_report_says_so() -> None:
    text = report_markdown(EMPTY)
    for sentence in ("没有形成主题。", "没有工单。", "没有评论，看不出上升或下降。", "| — |"):
        assert sentence in text


def test_markdown_without_dates_or_tickets() -> None:
    assert "评论没有时间" in report_markdown(undated())
    assert "没有工单。" in report_markdown(years_of_many_themes())
