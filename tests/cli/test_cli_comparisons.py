"""Competitors and segments on the command line."""

import csv
import io
from pathlib import Path

import pytest
from cli_output import Invoke, Once, write

OURS, THEIRS = "我家买菜", "别家买菜"
COLUMNS = ("编号", "时间", "用户ID", "内容", "产品", "版本")


def rows(prefix: str, product: str, version: str, complaining: int, of: int) -> list[list[str]]:
    """So many of so many users complain that the delivery is late."""
    return [
        [
            f"{prefix}{n}",
            f"2026-03-{n % 28 + 1:02}",
            f"u-{prefix}{n}",
            f"物流太慢了，等了{n + 2}天" if n < complaining else f"很好，第{n + 2}次买了，喜欢",
            product,
            version,
        ]
        for n in range(of)
    ]


@pytest.fixture
def run(invoke: Invoke, once: Once, tmp_path: Path) -> Invoke:
    """Run over two products, ours in two versions."""
    buffer = io.StringIO(newline="")
    found = [
        *rows("a", OURS, "3.1", 40, 60),
        *rows("b", OURS, "3.0", 10, 60),
        *rows("x", THEIRS, "9.0", 2, 60),
    ]
    csv.writer(buffer).writerows([COLUMNS, *found])
    write(tmp_path / "a.csv", buffer.getvalue())
    once(lambda: (invoke("import", "a.csv"), invoke("score")))
    return invoke


def test_products_are_listed_marked_and_unmarked(run: Invoke) -> None:
    assert run("competitor", "list").stdout.splitlines() == [
        f"{OURS}  120 条评论",
        f"{THEIRS}  60 条评论",
        "共 2 个产品名，其中 0 个是竞品；没有写产品名的评论算本品",
    ]
    done = run("competitor", "mark", THEIRS, "--by", "小李", "--reason", "同类产品")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "现有 60 条评论" in done.stdout
    first = run("competitor", "list").stdout.splitlines()[0]
    assert first.startswith(f"{THEIRS}  60 条评论  竞品（20")
    assert first.endswith(" 小李：同类产品）")
    done = run("competitor", "unmark", THEIRS, "--by", "小李")
    assert "60 条评论重新计入" in done.stdout
    assert "其中 0 个是竞品" in run("competitor", "list").stdout


def test_a_name_that_no_review_has_is_marked_with_a_hint(run: Invoke) -> None:
    done = run("competitor", "mark", "别家", "--by", "小李")
    assert done.exit_code == 0
    assert done.stderr.startswith("提示：还没有产品名是“别家”的评论")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(["unmark", OURS, "--by", "x"], "没有标记为竞品", id="unmark ours"),
        pytest.param(["mark", " ", "--by", "x"], "product", id="no name"),
        pytest.param(["compare", "--product", OURS], "没有标记为竞品", id="compare with ours"),
        pytest.param(["mark", THEIRS], "--by", id="nobody signs"),
        pytest.param(["compare", "--days", "0"], "--days", id="no days"),
    ],
)
def test_what_cannot_be_done_is_a_usage_error(
    run: Invoke, words: list[str], complaint: str
) -> None:
    done = run("competitor", *words)
    assert done.exit_code == 2
    assert complaint in done.stderr


def test_comparison_shows_shares_interval_and_words_of_both(run: Invoke) -> None:
    run("competitor", "mark", THEIRS, "--by", "小李")
    done = run("competitor", "compare")
    lines = done.stdout.splitlines()
    assert lines[0] == (
        f"竞品“{THEIRS}”，双方都有评论的时间 2026-03-01 到 2026-03-28："
        "我们 120 位用户（120 条评论），他们 60 位（60 条）"
    )
    assert lines[1].startswith("  我们更差  logistics.speed ")
    assert "（50/120）  他们 3.3%（2/60）  差 +38.3 个百分点（区间 +" in lines[1]
    assert lines[2].startswith("    我们 R-")
    assert "“物流太慢了" in lines[2]
    assert sum(line.startswith("    他们 R-") for line in lines) == 2
    assert lines[-1].startswith("同时比较了 ")


def test_everything_or_the_last_days_can_be_asked_for(run: Invoke) -> None:
    run("competitor", "mark", THEIRS, "--by", "小李")
    few = run("competitor", "compare", "--days", "2")
    assert "2026-03-27 到 2026-03-28" in few.stdout
    assert "  没有能确认的差别；--all 列出全部话题" in few.stdout
    assert "  样本太少  " in run("competitor", "compare", "--days", "2", "--all").stdout


def test_without_competitors_comparing_says_what_to_do(run: Invoke) -> None:
    done = run("competitor", "compare")
    assert done.stdout == ("还没有标记竞品；用 competitor list 查看产品名，competitor mark 标记\n")


def test_segments_show_what_stands_out(run: Invoke) -> None:
    run("competitor", "mark", THEIRS, "--by", "小李")
    lines = run("segments", "--by", "version").stdout.splitlines()
    assert lines[0] == "按版本比较，2026-03-01 到 2026-03-28"
    assert lines[1:3] == ["  3.0  60 位用户，60 条评论", "  3.1  60 位用户，60 条评论"]
    assert lines[3].startswith("偏高  3.1  logistics.speed ")
    assert "66.7%（40/60）  其他 16.7%（10/60）  差 +50.0 个百分点（区间 +" in lines[3]
    assert lines[4].startswith("    原话 R-")
    assert any(line.startswith("偏低  3.0  logistics.speed ") for line in lines)


def test_values_with_few_users_and_unknown_ones_are_told(run: Invoke) -> None:
    lines = run("segments", "--by", "version", "--days", "3", "--all").stdout.splitlines()
    assert lines[0].startswith("按版本比较，2026-03-26 到 2026-03-28；3 个值没有比较")
    assert lines[1].endswith("条评论（没有比较）")
    assert lines[-1] == "没有可以比较的：至少要有两个值，各有 30 位以上的用户"
    unknown = run("segments", "--by", "tier").stdout.splitlines()
    assert unknown[0].endswith("；180 条评论不知道属于哪一边")


def test_an_unknown_dimension_is_refused_with_the_choices(run: Invoke) -> None:
    done = run("segments", "--by", "age")
    assert done.exit_code == 2
    assert "by 不能是“age”，可选：version（版本）、region（地区）" in done.stderr
