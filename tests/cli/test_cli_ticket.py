"""Tickets on the command line."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import make_theme
from cli_output import Invoke

from feedback_nlp.records import TicketState
from feedback_nlp.storage import themes, tickets
from feedback_nlp.storage.database import open_database, transaction

sys.path.append(str(Path(__file__).parents[1] / "storage"))
from storage_samples import ticket

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
BY = ("--by", "张三")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two themes and a ticket about each; each test takes a copy."""
    path = tmp_path_factory.mktemp("tickets") / "feedback.db"
    engine = open_database(f"sqlite:///{path}")
    with transaction(engine) as session:
        drafts = [ticket("K-0001"), ticket("K-0002", "T-0002", TicketState.IN_PROGRESS)]
        kept = [make_theme(id="T-0001", name="闪退"), make_theme(id="T-0002", name="卡顿")]
        themes.save(session, "default", kept, now=MARCH)
        tickets.save(session, "default", drafts, now=MARCH)
    engine.dispose()
    return path


@pytest.fixture
def run(invoke: Invoke, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    shutil.copy(planned, tmp_path / "feedback.db")
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", "sqlite:///feedback.db")
    return invoke


def test_tickets_are_listed_and_filtered(run: Invoke) -> None:
    lines = run("ticket", "list").stdout.splitlines()
    assert lines == [
        "K-0001「修复启动闪退」  待评估  截止 2026-03-09（逾期）  客户端  无负责人  每周修复",
        "K-0002「修复启动闪退」  进行中  截止 2026-03-09（逾期）  客户端  无负责人  每周修复",
        "共 2 张工单",
    ]
    for words in (("--state", "In-Progress"), ("--state", "进行中"), ("--theme", "T-0002")):
        assert run("ticket", "list", *words).stdout.splitlines() == [lines[1], "共 1 张工单"]
    assert run("ticket", "list", "--lane", "yearly").stdout == "共 0 张工单\n"
    shown = run("ticket", "list", "--overdue", "--owner", "", "--limit", "1").stdout.splitlines()
    assert shown == [lines[0], "共 2 张工单，以上是前 1 张"]


def test_a_ticket_goes_its_way_and_the_file_shows_it(run: Invoke) -> None:
    moved = run("ticket", "move", "K-0001", "已排期", *BY, "--reason", "评审通过")
    assert moved.stdout == (
        "K-0001 已移到“已排期”；现在是第 1 版，可以移到：进行中、待评估、挂起、不予实施\n"
    )
    run("ticket", "assign", "K-0001", "--owner", "王五", "--department", "安卓", *BY)
    run("ticket", "comment", "K-0001", "先做\n灰度", *BY)
    run("effort", "actual", "K-0001", "2.5", *BY)
    lines = run("ticket", "show", "K-0001").stdout.splitlines()
    assert lines[:4] == [
        "K-0001「修复启动闪退」",
        "已排期，第 2 版，可以移到：进行中、待评估、挂起、不予实施",
        "主题 T-0001「闪退」，每周修复，RICE 得分 120.5",
        "负责人 王五，责任部门 安卓，截止 2026-03-09",
    ]
    assert lines[8:11] == ["实际投入 2.5 人周（张三）", "证据 1 条：", "  r1:0  闪退了"]
    trail = [
        line.split("  ", 1)[1] for line in run("ticket", "history", "K-0001").stdout.splitlines()
    ]
    assert trail == [
        "程序  起草“修复启动闪退”",
        "张三  移动 待评估 → 已排期  评审通过",
        "张三  分派责任部门 客户端 → 安卓",
        "张三  分派负责人 无 → 王五",
        "张三  备注：先做 灰度",
    ]
    assert [line.strip().split("  ", 1)[1] for line in lines[-5:]] == trail


def test_fields_are_set_and_given_back(run: Invoke) -> None:
    words = ("--due", "2026-12-24", "--target", "0.7", "--title", "新题")
    assert run("ticket", "edit", "K-0001", *words, *BY).stdout.startswith(
        "K-0001 负责人 无，责任部门 客户端，截止 2026-12-24，验证目标 0.7，标题“新题”；现在是第 1"
    )
    back = run("ticket", "edit", "K-0001", "--due", "default", "--title", "default", *BY)
    assert "截止 2026-03-09，验证目标 0.7，标题“修复启动闪退”" in back.stdout
    last = run("ticket", "history", "K-0001").stdout.splitlines()[-1]
    assert last.endswith("修改标题 新题 → 修复启动闪退（交还草稿）")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            ["move", "K-0001", "已发布"],
            "现在是“待评估”，不能移到“已发布”；可以移到：已排期、不予实施、挂起",
            id="forbidden",
        ),
        pytest.param(["move", "K-0001", "on_hold"], "要写明原因", id="unexplained"),
        pytest.param(["move", "K-0001", "完成"], "released", id="no such state"),
        pytest.param(
            ["move", "K-0001", "已排期", "--expect", "3"], "现在是第 0 版，不是第 3 版", id="stale"
        ),
        pytest.param(["move", "K-0009", "已排期"], "K-0009", id="no such ticket"),
        pytest.param(["assign", "K-0001"], "负责人或责任部门", id="nobody"),
        pytest.param(["edit", "K-0001", "--due", "明天"], "--due：“明天”不是日期", id="no day"),
        pytest.param(["edit", "K-0001", "--target", "低"], "“低”不是数字", id="no number"),
        pytest.param(["comment", "K-0001", " "], "1 到 2000 个字", id="no words"),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Invoke, words: list[str], message: str) -> None:
    done = run("ticket", *words, *BY)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_week_says_what_is_done_what_is_not_and_what_comes(run: Invoke) -> None:
    late = run("ticket", "progress", "--week", "2026-03-15").stdout.splitlines()
    assert late == [
        "2026-03-09 到 2026-03-15；已完成不等于已根治：验证说“有效”才算根治",
        "客户端：已完成 0 张，未完成 2 张，下周计划 1 张",
        "  未完成  K-0001「修复启动闪退」  待评估  截止 2026-03-09  原因：未说明原因",
        "  未完成  K-0002「修复启动闪退」  进行中  截止 2026-03-09  原因：未说明原因",
        "  下周计划  K-0002「修复启动闪退」  进行中  截止 2026-03-09  无负责人",
    ]
    run("ticket", "move", "K-0002", "已发布", *BY)
    run("ticket", "comment", "K-0001", "人手不够", *BY)
    now = run("ticket", "progress").stdout
    assert "  已发布  " in now
    assert "尚未根治：还没有验证结论" in now
    assert "原因：人手不够（张三，" in now
    empty = run("ticket", "progress", "--week", "2020-01-01").stdout.splitlines()
    assert empty[1:] == ["这一周没有完成、到期或计划中的工单"]
