"""Opinions of one review: listed, corrected, listed again, exported to train on."""

from pathlib import Path

import pytest
from cli_output import Invoke, Once, json_lines, write

REVIEWS = """编号,时间,用户ID,内容
1,2026-03-01,u1,更新以后一打开就闪退
"""


@pytest.fixture
def review(invoke: Invoke, once: Once, tmp_path: Path) -> str:
    """Import and score one complaint and return its id."""
    write(tmp_path / "a.csv", REVIEWS)
    once(lambda: invoke("run", "a.csv", "--out", "out"))
    return str(json_lines((tmp_path / "out" / "opinions.jsonl").read_text("utf-8"))[0]["id"])


def test_a_correction_is_listed_kept_and_exported(
    invoke: Invoke, tmp_path: Path, review: str
) -> None:
    line, last = invoke("opinion", "list", review).stdout.splitlines()
    assert line.startswith("0-10  负面 ")
    assert line.endswith("performance.crash  更新以后一打开就闪退")
    model = last.removeprefix("共 1 个观点，模型 ")
    assert model.startswith("linear-zh/")

    told = ("--polarity", "neu", "--intent", "request", "--reason", "只是说明", "--author", "小李")
    done = invoke("opinion", "correct", review, "--at", "0", *told)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("已改为：中性 1.00，建议，严重程度 0，performance.crash；")
    assert "performance.crash  人工  更新" in invoke("opinion", "list", review).stdout

    line, last = invoke("opinion", "corrections").stdout.splitlines()
    assert f"  {review} 0-10  小李  情感 负面 → 中性，意图 抱怨 → 建议，严重程度 " in line
    assert line.endswith(f" → 0  {model}  只是说明")
    assert last == "共 1 次改正"

    done = invoke("opinion", "corrections", "--export", "mine.jsonl")
    assert done.stdout == "mine.jsonl: 1 行\n"
    (row,) = json_lines((tmp_path / "mine.jsonl").read_text("utf-8"))
    assert (row["text"], row["polarity"], row["severity"]) == ("更新以后一打开就闪退", "neu", 0)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(("--at", "3", "--severity", "1"), "at：", id="no opinion there"),
        pytest.param(("--at", "0"), "没有要改的标签", id="nothing said"),
        pytest.param(("--at", "0", "--polarity", "坏"), "polarity 不能是“坏”", id="polarity"),
        pytest.param(("--at", "0", "--intent", "骂"), "intent 不能是“骂”", id="intent"),
        pytest.param(("--at", "0", "--topic", "x.y"), "topics：类别表", id="topic"),
        pytest.param(("--at", "0", "--severity", "0"), "severity 0 与 polarity neg", id="severity"),
    ],
)
def test_a_wrong_place_or_label_is_one_line_that_names_it(
    invoke: Invoke, review: str, words: tuple[str, ...], complaint: str
) -> None:
    done = invoke("opinion", "correct", review, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("错误：")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
