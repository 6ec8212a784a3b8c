"""What people read about a fix: verdict first, figures, what they hang on, what is next."""

from dataclasses import replace
from datetime import date

import pytest

from feedback_nlp.records import (
    Baseline,
    Comparison,
    Denominator,
    Doubt,
    Relapse,
    Verdict,
    Verification,
)
from feedback_nlp.verification.wording import percent, relapse_sentence, sentence

RECENT = Comparison(
    Baseline.RECENT, date(2026, 8, 1), date(2026, 9, 25), 56, 80, 40.2, 0.3, 0.18, 0.52
)
EARLIER = Comparison(
    Baseline.EARLIER, date(2026, 4, 1), date(2026, 7, 31), 122, 150, 9.64, 1.24, 0.95, 1.6
)
TREND = replace(RECENT, baseline=Baseline.TREND, ratio=0.25, low=0.1, high=0.4)
FOUND = Verification(
    ticket_id="K-0001",
    theme_id="T-0001",
    release=1,
    as_of=date(2026, 10, 24),
    verdict=Verdict.WORKED,
    target=0.9,
    first=date(2026, 9, 27),
    last=date(2026, 10, 24),
    count=12,
    denominator=Denominator.REVIEWS,
    dispersion=1.0,
    comparisons=(RECENT, TREND),
    controls=5,
    drift=0.98,
    spread=0.1,
    final=True,
)
OPEN = replace(
    FOUND,
    verdict=Verdict.INCONCLUSIVE,
    comparisons=(RECENT, EARLIER, TREND),
    final=False,
    next_look=date(2026, 11, 7),
)


def test_what_worked_is_said_with_its_figures() -> None:
    assert sentence(FOUND) == (
        "有效：发布后 28 天里 12 条，按发布前的水平应有 40 条：是原来的 30%（18%-52%），"
        "整个区间都低于目标 90%。"
        "与发布前的 56 天（2026-08-01 到 2026-09-25，80 条）比，是 2 种比法里最不利的一种，"
        "按评论总数折算。"
        "同期 5 个没有发布的主题平均是原来的 98%，已扣除。"
    )


def test_what_failed_hangs_on_the_most_favourable_comparison() -> None:
    worse = replace(EARLIER, ratio=12.4, low=8.2, high=20.0)
    shown = sentence(
        replace(
            FOUND,
            verdict=Verdict.FAILED,
            comparisons=(worse, replace(RECENT, low=0.95, ratio=1.3, high=2.0)),
            denominator=Denominator.EXPOSURE,
            controls=0,
            dispersion=1.4,
        )
    )
    assert shown.startswith("无效：发布后 28 天里 12 条，按发布前的水平应有 40 条：")
    assert "是原来的 130%（95%-2.0 倍），整个区间都高于目标 90%" in shown
    assert "是 2 种比法里最有利的一种，按曝光数折算" in shown
    assert "没有可作对照的主题" in shown
    assert "纯偶然的 1.4 倍" in shown


@pytest.mark.parametrize(
    ("doubt", "said"),
    [
        pytest.param(Doubt.WIDE, "区间含目标，看不出来", id="wide"),
        pytest.param(Doubt.SPIKE, "发布前的几周比更早多，已回落，但没有低于更早的", id="a rise"),
        pytest.param(Doubt.FADING, "发布前就在下降，没有低于按那个走势推算的", id="fading"),
        pytest.param(Doubt.NO_CONTROL, "可作对照的主题不到 3 个", id="no control"),
        pytest.param(Doubt.NO_DATES, "请导入带时间的评论", id="no dates"),
    ],
)
def test_a_doubt_is_explained_and_the_next_look_named(doubt: Doubt, said: str) -> None:
    shown = sentence(replace(OPEN, doubt=doubt, comparisons=(RECENT, TREND)))
    assert shown.startswith("样本不足：")
    assert said in shown
    assert shown.endswith("。再看一次：2026-11-07。")
    assert "目标是低于 90%" in shown


def test_comparisons_that_disagree_are_no_interval_around_the_target() -> None:
    assert "几种比法说法不一，看不出来" in sentence(replace(OPEN, doubt=Doubt.WIDE))


def test_few_are_counted_and_not_divided() -> None:
    assert sentence(replace(OPEN, doubt=Doubt.FEW)) == (
        "样本不足：发布后 28 天里 12 条。发布前 56 天里 80 条，条数或天数太少，看不出来。"
        "再看一次：2026-11-07。"
    )


def test_a_spike_is_named_with_its_days() -> None:
    spike = (date(2026, 9, 1), date(2026, 9, 20))
    shown = sentence(replace(OPEN, doubt=Doubt.SPIKE, spike=spike))
    assert "按突增之前的水平应有 9.6 条：是原来的 124%（95%-160%）" in shown
    assert (
        "基线里有突增（2026-09-01 到 2026-09-20），已回落，但没有低于突增之前的水平，"
        "分不清是修好了还是自己消退"
    ) in shown
    assert "与突增之前的 122 天" in shown


def test_nothing_to_compare_and_the_last_look_are_said() -> None:
    empty = replace(OPEN, comparisons=(), doubt=Doubt.FEW, next_look=None, final=True)
    assert sentence(empty) == (
        "样本不足：发布后 28 天里 12 条。条数或天数太少，看不出来。"
        "这是最后一次，不再看了；要定论请人判断，移到已验证或进行中。"
    )


def test_a_relapse_is_said_with_its_days_and_figures() -> None:
    relapse = Relapse(date(2026, 12, 9), date(2026, 12, 1), 5.34, 4.25, 25, 9.04)
    told = relapse_sentence(relapse)
    assert told == (
        "复发：2026-12-01 到 2026-12-09 有 25 条，按验证时的水平应有 9.0 条"
        "（累积统计量 5.3，超过 4.2 就报警）。"
    )
    found = replace(FOUND, verdict=Verdict.RELAPSED, comparisons=(), relapse=relapse)
    assert sentence(found) == told


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(0.3, "30%"), (0.004, "0.4%"), (0.0, "0.0%"), (1.3, "130%"), (12.4, "12 倍")],
)
def test_ratios_are_written_as_people_say_them(ratio: float, shown: str) -> None:
    assert percent(ratio) == shown
