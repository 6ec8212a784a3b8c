"""Priorities and the plan on the command line."""

from pathlib import Path

import pytest
from cli_output import Invoke, Once, write

ROWS = "编号,时间,用户ID,内容\n" + "".join(
    f"{n},2026-03-{n:02d},u{n},{text}\n"
    for n, text in enumerate(
        ["更新以后一打开就闪退", "打开就闪退进不去", "新版本打开就闪退"] * 3
        + ["快递送得太慢了", "配送太慢等了两周", "配送太慢三天没动静"] * 2,
        1,
    )
)


@pytest.fixture
def run(invoke: Invoke, once: Once, tmp_path: Path) -> Invoke:
    """Run over fifteen complaints about two things."""
    write(tmp_path / "a.csv", ROWS)
    once(lambda: invoke("run", "a.csv", "--out", "out"))
    return invoke


def test_themes_are_listed_with_score_interval_chance_and_quadrant(run: Invoke) -> None:
    done = run("priority", "list")
    first, *_, total = done.stdout.splitlines()
    assert (done.exit_code, done.stderr) == (0, "")
    assert first.startswith("1  T-0001「")
    assert "前 3：100%  速赢" in first
    assert total.startswith("共 ")


def test_one_quadrant_is_listed(run: Invoke) -> None:
    every = run("priority", "list").stdout.splitlines()
    quick = run("priority", "list", "--quadrant", "quick_win").stdout.splitlines()
    assert quick[:-1] == [line for line in every if line.endswith("速赢")]
    assert run("priority", "list", "--quadrant", "strategic", "--limit", "1").exit_code == 0


def test_a_quadrant_that_is_none_is_refused(run: Invoke) -> None:
    done = run("priority", "list", "--quadrant", "best")
    assert done.exit_code == 2
    assert "quadrant 不能是“best”" in done.stderr
    assert "quick_win（速赢）" in done.stderr


def test_every_number_of_a_theme_has_its_reason(run: Invoke) -> None:
    lines = run("priority", "show", "T-0001").stdout.splitlines()
    names = ["触达", "影响", "信心", "投入", "得分", "名次"]
    assert [line.split()[0] for line in lines[1:]] == names
    assert all("：" in line for line in lines[1:])


@pytest.mark.parametrize("words", [["show", "T-0999"], ["schedule", "--workspace", "other"]])
def test_what_is_not_there_is_told(run: Invoke, words: list[str]) -> None:
    done = run("priority", *words)
    assert done.exit_code == 2
    assert done.stderr


def test_the_schedule_names_each_lane_and_ticket_once(run: Invoke) -> None:
    text = run("priority", "schedule").stdout
    for lane in ("应急通道", "每周修复", "月度更新", "季度迭代", "年度更新"):
        assert text.count(f"\n{lane}（到 2026-") + text.count(f"\n{lane}（到 2027-") == 1
    assert text.startswith("第 1 次排期，到 2026-03-15\n这是第一次排序，没有上一次可比。\n")
    assert text.count("  K-0001「") == 1


def test_a_second_plan_says_how_the_order_compares(run: Invoke, tmp_path: Path) -> None:
    more = "".join(f"9{n},2026-03-16,v{n},配送太慢等了两周\n" for n in range(30))
    write(tmp_path / "b.csv", "编号,时间,用户ID,内容\n" + more)
    run("run", "b.csv", "--out", "out")
    text = run("priority", "schedule").stdout
    assert text.startswith("第 2 次排期，到 2026-03-16\n与上一次相比，")
    assert "Kendall τ）为 -1.00" in text
    assert "从第 2 到第 1" in text
