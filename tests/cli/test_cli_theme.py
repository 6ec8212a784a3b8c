"""Themes on the command line: looked at, edited, previewed, undone."""

import re

import pytest
from cli_output import Invoke

CRASH, SLOW = "T-0001", "T-0002"
FOLLOWS = "优先级和工单下次 plan 更新"


pytestmark = pytest.mark.usefixtures("planned")


def lines(invoke: Invoke, *words: str) -> list[str]:
    done = invoke("theme", *words)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout.splitlines()


def members(invoke: Invoke, theme_id: str) -> dict[str, str]:
    """Return the text of each opinion that `theme show` lists, by its place."""
    shown = [line.split("  ") for line in lines(invoke, "show", theme_id, "--members", "1000")]
    return {parts[1]: parts[-1] for parts in shown if len(parts) == 4 and ":" in parts[1]}


def number_in(line: str) -> str:
    """Return the number of an edit from the line that says it is done."""
    found = re.search(r"第 (\d+) 号修改", line)
    assert found is not None
    return found[1]


def test_themes_are_listed_in_rice_order_with_what_counts(invoke: Invoke) -> None:
    *listed, last = lines(invoke, "list")
    assert last == f"共 {len(listed)} 个主题"
    assert [line.split("  ")[0] for line in listed] == [str(n + 1) for n in range(len(listed))]
    assert re.fullmatch(
        r"1  T-0001  .*闪退  6 个观点，6 个用户，负面 100%，最近 2026-03-12", listed[0]
    )


def test_a_cut_list_says_so(invoke: Invoke) -> None:
    listed, last = lines(invoke, "list", "--limit", "1")
    assert listed.startswith("1  ")
    assert re.fullmatch(r"共 \d 个主题，以上是前 1 个", last)


def test_each_state_has_its_list(invoke: Invoke) -> None:
    everything = lines(invoke, "list", "--state", "all")
    invoke("theme", "close", CRASH)
    (closed, last) = lines(invoke, "list", "--state", "closed")
    assert closed.startswith(f"-  {CRASH}  ")
    assert closed.endswith("  已关闭")
    assert last == "共 1 个主题"
    assert CRASH not in "\n".join(lines(invoke, "list"))
    assert lines(invoke, "list", "--state", "all")[-1] == everything[-1]


def test_show_tells_members_quotes_and_history(invoke: Invoke) -> None:
    shown = lines(invoke, "show", CRASH)
    assert re.fullmatch(r"在列，6 个观点，6 个用户，负面 100%，最近 2026-03-12，6 条评论", shown[1])
    assert "话题 performance.crash，关键词 " in shown[2]
    assert re.fullmatch(r"RICE 第 1 名，得分 [\d.]+", shown[3])
    assert "观点（共 6 个，从第 1 个起）：" in shown
    assert shown[-2] == "历史："
    assert re.fullmatch(r"  \d{4}-\d\d-\d\d \d\d:\d\d  发现 T-0001：“.*闪退”", shown[-1])
    assert set(members(invoke, CRASH).values()) >= {"更新以后一打开就闪退", "更新完打开就闪退"}


def test_pages_of_members_add_up(invoke: Invoke) -> None:
    whole = list(members(invoke, CRASH))
    first, rest = (
        [line.split("  ")[1] for line in lines(invoke, "show", CRASH, *words) if "主题由此" in line]
        for words in (("--members", "2"), ("--members", "9", "--offset", "2"))
    )
    assert [*first, *rest] == whole
    assert len(first) == 2


def test_a_rename_is_kept_told_and_survives_the_next_plan(invoke: Invoke) -> None:
    told = ("--author", "小李", "--reason", "说清\n楚")
    done, change, follows, how_to_undo = lines(invoke, "rename", CRASH, "登录页卡死", *told)
    number = number_in(done)
    assert done == f"已改名，第 {number} 号修改"
    assert change == f"{CRASH}  登录页卡死  在列，6 → 6 个观点"
    assert (follows, how_to_undo) == (FOLLOWS, f"撤销：feedback-nlp theme undo {number}")
    invoke("plan")
    shown = lines(invoke, "show", CRASH)
    assert shown[0] == f"{CRASH}  登录页卡死（人工命名）"
    assert f"  第 {number} 号  小李  改名 {CRASH}：“" in shown[-1]
    assert shown[-1].endswith("” → “登录页卡死”  说清 楚")


def test_a_preview_changes_nothing(invoke: Invoke) -> None:
    before = lines(invoke, "show", SLOW), lines(invoke, "list")
    done = invoke("theme", "merge", CRASH, SLOW, "--dry-run")
    head, into, gone, moved = done.stdout.splitlines()
    assert head == "预览合并：以下改变没有保存"
    assert into.endswith("  在列，6 → 12 个观点")
    assert gone.endswith(f"  已并入 {CRASH}，6 → 0 个观点")
    assert moved == "移动 6 个观点，原话相同的也在内"
    assert re.fullmatch(r"提示：主题 T-0002 有未完成的工单 K-\d{4}，请另行处理\n", done.stderr)
    assert (lines(invoke, "show", SLOW), lines(invoke, "list")) == before


def test_a_merge_is_undone_by_its_number_and_the_history_keeps_both(invoke: Invoke) -> None:
    before = members(invoke, SLOW)
    number = number_in(invoke("theme", "merge", CRASH, SLOW).stdout)
    assert members(invoke, SLOW) == {}
    undone = lines(invoke, "undo", number, "--author", "小王")
    assert undone[0].startswith("已撤销，第 ")
    assert undone[-1] == FOLLOWS
    assert members(invoke, SLOW) == before
    merged, last = lines(invoke, "show", SLOW)[-2:]
    assert merged.endswith(f"  第 {number} 号  未署名  合并 {CRASH}：并入 {SLOW}（已撤销）")
    assert last.endswith(f"  小王  撤销 {CRASH}：第 {number} 号合并")


def test_a_split_gives_its_opinions_a_theme_of_their_own(invoke: Invoke) -> None:
    held = members(invoke, CRASH)
    place = next(key for key, text in held.items() if text == "更新以后一打开就闪退")
    done = lines(invoke, "split", CRASH, place, "--name", "更新后闪退")
    found = re.fullmatch(r"(T-\d{4})  更新后闪退  在列，0 → 2 个观点", done[1])
    assert found is not None
    assert set(members(invoke, found[1]).values()) == {"更新以后一打开就闪退"}
    assert lines(invoke, "show", found[1])[-1].endswith(f"拆分 {CRASH}：拆出 {found[1]}")
    assert lines(invoke, "list")[-2].startswith(f"-  {found[1]}  ")


@pytest.mark.parametrize(
    ("words", "target"),
    [
        pytest.param(("--to", SLOW), SLOW, id="to a theme"),
        pytest.param(("--out",), None, id="out"),
        pytest.param(("--to", "未归类"), None, id="out by its name"),
    ],
)
def test_opinions_move_where_they_are_told(
    invoke: Invoke, words: tuple[str, ...], target: str | None
) -> None:
    place, text = next(iter(members(invoke, CRASH).items()))
    assert lines(invoke, "move", place, *words)[0].startswith("已移动，第 ")
    assert place not in members(invoke, CRASH)
    if target is not None:
        assert members(invoke, target)[place] == text


def test_a_closed_theme_is_reopened(invoke: Invoke) -> None:
    assert invoke("theme", "close", CRASH).exit_code == 0
    assert lines(invoke, "reopen", CRASH)[1].endswith("  在列，6 → 6 个观点")
    closed, reopened = lines(invoke, "show", CRASH)[-2:]
    assert closed.endswith(f"关闭 {CRASH}：在列 → 已关闭")
    assert reopened.endswith(f"重开 {CRASH}：已关闭 → 在列")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(("list", "--state", "x"), "open（在列）、dormant（休眠）", id="state"),
        pytest.param(("show", "T-0099"), "T-0099", id="no such theme"),
        pytest.param(("rename", CRASH, ""), "name：", id="no name"),
        pytest.param(("merge", CRASH, CRASH), "sources：", id="merged with itself"),
        pytest.param(("reopen", CRASH), "没有关闭", id="reopened while open"),
        pytest.param(("split", CRASH, "R-1"), "评论编号:起始位置", id="place without start"),
        pytest.param(("split", CRASH, "R-1:²"), "评论编号:起始位置", id="start is no number"),
        pytest.param(("split", CRASH, ":0"), "评论编号:起始位置", id="place without review"),
        pytest.param(("split", CRASH, "R-1:0"), "不在主题", id="opinion of no theme"),
        pytest.param(("move", "R-1:0"), "两者写一个", id="moved nowhere"),
        pytest.param(("move", "R-1:0", "--to", SLOW, "--out"), "两者写一个", id="moved twice"),
        pytest.param(("undo",), "没有可以撤销的修改", id="nothing to undo"),
        pytest.param(("undo", "99"), "第 99 号", id="no such edit"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(
    invoke: Invoke, words: tuple[str, ...], complaint: str
) -> None:
    done = invoke("theme", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("错误：")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
