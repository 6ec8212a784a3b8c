"""Scores and targets on the command line."""

from pathlib import Path

import pytest
from cli_output import Invoke, Once, write

SURVEY = """答卷编号,提交时间,用户标识,NPS,满意度,建议
1,2026-03-01 10:00,u1,2,1,更新以后一直闪退
2,2026-03-02 10:00,u2,10,5,
3,2026-03-05 10:00,u3,9,4,很好用
4,2026-02-05 10:00,u4,3,2,总是闪退打不开
5,2026-02-07 10:00,u5,9,5,
6,2026-01-08 10:00,u6,8,5,
"""
REVIEWS = """编号,时间,用户ID,内容,评分
1,2026-03-06 10:00,u7,更新以后一直闪退，打不开,1
2,2026-03-06 11:00,u5,老是闪退求修复,2
3,2026-03-06 12:00,u9,物流很快喜欢,5
"""
DATABASE = ("--db", "sqlite:///out/feedback.db")
SET = ("target", "set")
SPRING = ("--from", "2026-03-01", "--to", "2026-03-31", "--by", "小李")


@pytest.fixture
def run(invoke: Invoke, once: Once, tmp_path: Path) -> Invoke:
    """Import six questionnaires and run over three reviews."""
    write(tmp_path / "s.csv", SURVEY)
    write(tmp_path / "r.csv", REVIEWS)
    steps = (
        ("run", "r.csv", "--out", "out"),
        ("survey", "import", "s.csv", *DATABASE),
        ("score", *DATABASE),
        ("plan", *DATABASE),
    )
    once(lambda: [invoke(*words) for words in steps])
    return invoke


def test_values_trend_and_drivers_are_shown(run: Invoke) -> None:
    done = run("satisfaction", "--metric", "nps", "--days", "50", *DATABASE)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "2026-01-16 到 2026-03-06（50 天）"
    assert lines[2].startswith("NPS 20.0（95% 区间 -")
    assert lines[2].endswith("，5 份）")
    assert lines[3].startswith("  比前 50 天 +20.0（")
    assert lines[3].endswith("），看不出变化")
    assert [line.split()[0] for line in lines[4:7]] == ["2026-01", "2026-02", "2026-03（未完）"]
    assert "环比 +0.0（" in lines[5]
    assert lines[7] == "  拖累最大的主题：去掉提到它的人，会好多少"
    assert "闪退" in lines[8]
    assert "可能只是偶然" in lines[8]


def test_every_metric_is_shown_and_shares_are_percent(run: Invoke) -> None:
    shown = run("satisfaction", *DATABASE).stdout
    heads = [part.split()[0] for part in shown.split("\n\n")[1:]]
    assert heads == ["NPS", "满意度", "平均评分", "负面占比"]
    assert "满意度 66.7%（95% 区间 30.0% 至 90.3%，6 份），平均 3.67（" in shown
    assert " 个百分点（" in shown


def test_weeks_without_answers_are_shown(run: Invoke) -> None:
    shown = run("satisfaction", "--by", "week", "--metric", "csat", *DATABASE).stdout
    assert "  2026-02-09  没有数据\n" in shown


def test_nothing_stored_is_said(run: Invoke) -> None:
    done = run("satisfaction", "--workspace", "other", *DATABASE)
    assert done.stdout == "还没有带时间的问卷或评论\n"


def test_a_target_is_set_compared_and_withdrawn(run: Invoke) -> None:
    done = run(*SET, "nps", "60", *SPRING, "--reason", "春季", *DATABASE)
    assert done.stdout == "已设定目标 1：NPS 60.0，2026-03-01 到 2026-03-31\n"
    target, why, cause, total = run("target", "list", *DATABASE).stdout.splitlines()
    assert target.startswith(
        "1  NPS 60.0  2026-03-01 到 2026-03-31  看不出，时间过了 19%，现在 33.3"
    )
    assert target.endswith("，还差 26.7  小李（春季）")
    assert why == "    差距原因：去掉提到它的人，会好多少"
    assert "闪退" in cause
    assert total == "共 1 个目标，数据到 2026-03-06"
    assert run("target", "withdraw", "1", "--by", "小李", *DATABASE).stdout == "已撤回目标 1\n"
    assert run("target", "list", *DATABASE).stdout == "共 0 个目标，数据到 2026-03-06\n"


@pytest.mark.parametrize(
    ("metric", "value", "shown"),
    [
        pytest.param("nps", "-10", "NPS -10.0", id="below zero"),
        pytest.param("csat", "0.855", "满意度 85.5%", id="a share"),
        pytest.param("negative_share", "15%", "负面占比 15.0%", id="percent"),
        pytest.param("rating", "4.25", "平均评分 4.25", id="stars"),
    ],
)
def test_values_are_written_as_people_do(
    invoke: Invoke, metric: str, value: str, shown: str
) -> None:
    done = invoke(*SET, metric, value, *SPRING, *DATABASE)
    assert done.stdout == f"已设定目标 1：{shown}，2026-03-01 到 2026-03-31\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("satisfaction", "--by", "day"), "--by 不能是“day”", id="by day"),
        pytest.param(("satisfaction", "--metric", "ces"), "没有指标“ces”", id="no such metric"),
        pytest.param((*SET, "ces", "1", *SPRING), "没有指标“ces”", id="target of no metric"),
        pytest.param((*SET, "nps", "很高", *SPRING), "“很高”不是数字", id="no number"),
        pytest.param((*SET, "nps", "30%", *SPRING), "“30%”不是数字", id="NPS in percent"),
        pytest.param((*SET, "nps", "nan", *SPRING), "value：", id="nan"),
        pytest.param((*SET, "rating", "6", *SPRING), "1 到 5", id="six stars"),
        pytest.param(
            (*SET, "nps", "1", "--from", "3月1日", "--to", "2026-03-31", "--by", "李"),
            "--from：“3月1日”不是日期",
            id="no date",
        ),
        pytest.param(("target", "withdraw", "7", "--by", "李"), "没有编号为 7", id="no target"),
    ],
)
def test_what_cannot_be_is_refused(invoke: Invoke, words: tuple[str, ...], said: str) -> None:
    done = invoke(*words, *DATABASE)
    assert done.exit_code == 2
    assert said in done.stderr
