"""Alerts on the command line: of the last days, or all of them."""

from pathlib import Path

import pytest
from cli_output import Invoke, Once, write

ROWS = """编号,时间,用户ID,内容
1,2026-03-30,u1,再不退款我就打12315
2,2026-03-01,u2,充电宝用着用着起火了
3,2026-03-31,u3,界面还可以
"""


@pytest.fixture
def run(invoke: Invoke, once: Once, tmp_path: Path) -> Invoke:
    """Run over three reviews, one of them older than a week."""
    write(tmp_path / "a.csv", ROWS)
    once(lambda: invoke("run", "a.csv", "--out", "out"))
    return invoke


def test_the_last_days_are_listed_with_the_words(run: Invoke) -> None:
    done = run("alerts")
    line, words, total = done.stdout.splitlines()
    assert (done.exit_code, done.stderr) == (0, "")
    assert line.startswith("2026-03-31（新）  法律与曝光  评论 R-")
    assert line.endswith("  评论提到“12315”。")
    assert words == "    “再不退款我就打12315”"
    assert total == "到 2026-03-31，最近 7 天共 1 条预警"


@pytest.mark.parametrize(
    ("options", "total"),
    [
        pytest.param(["--days", "31"], "到 2026-03-31，最近 31 天共 2 条预警", id="days"),
        pytest.param(["--days", "30"], "到 2026-03-31，最近 30 天共 1 条预警", id="a day less"),
        pytest.param(["--all"], "到 2026-03-31，共 2 条预警", id="all"),
        pytest.param(["--workspace", "other"], "最近 7 天共 0 条预警", id="another workspace"),
    ],
)
def test_more_or_fewer_can_be_asked_for(run: Invoke, options: list[str], total: str) -> None:
    assert run("alerts", *options).stdout.splitlines()[-1] == total


def test_no_days_are_refused(run: Invoke) -> None:
    assert run("alerts", "--days", "0").exit_code == 2
