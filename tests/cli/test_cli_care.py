"""Caring for what is stored: quarantine, one person's data, retention, copies and backups."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cli_output import Invoke, Once, count, json_lines, write

REVIEWS = """编号,时间,用户ID,内容
1,2026-03-01,u1,更新以后一打开就闪退
2,2026-03-02,u2,系统默认好评
3,2026-03-02,u3,加微信 abc12345 刷单兼职日赚三百元
4,2026-03-04,u5,优惠券用不了，希望尽快修好
"""
ERASE = ("person", "erase", "--author", "u1", "--by", "张三", "--reason", "请求单 17")
DATABASE = "sqlite:///out/feedback.db"


@pytest.fixture
def run(invoke: Invoke, once: Once, tmp_path: Path) -> Path:
    """Run the whole way over four reviews and return the folder with the report."""
    write(tmp_path / "a.csv", REVIEWS)
    once(lambda: invoke("run", "a.csv", "--out", "out"))
    return tmp_path / "out"


def held(invoke: Invoke, *options: str) -> list[str]:
    """Return the ids of what is listed, without the sum on the last line."""
    return [line.split()[0] for line in invoke("quarantine", "list", *options).stdout.splitlines()][
        :-1
    ]


def quarantined(folder: Path) -> int:
    return int(json.loads((folder / "themes.json").read_text("utf-8"))["run"]["quarantined"])


def refresh(invoke: Invoke) -> None:
    invoke("plan")
    invoke("report", "--out", "out")


def id_of(folder: Path, words: str) -> str:
    lines = json_lines((folder / "opinions.jsonl").read_text("utf-8"))
    return next(str(line["id"]) for line in lines if words in line["text"])


@pytest.mark.usefixtures("run")
def test_quarantine_lists_id_reason_evidence_and_words(invoke: Invoke) -> None:
    done = invoke("quarantine", "list")
    assert (done.exit_code, done.stderr) == (0, "")
    *lines, last = done.stdout.splitlines()
    assert last == "共 2 条"
    assert any("  系统默认好评：" in line and line.endswith("  系统默认好评") for line in lines)
    assert any("  垃圾信息：" in line and "abc12345" not in line for line in lines)
    assert len(held(invoke, "--reason", "spam")) == 1


def test_a_released_review_counts_in_the_next_report(invoke: Invoke, run: Path) -> None:
    assert quarantined(run) == 2
    review = id_of(run, "系统默认好评")
    done = invoke("quarantine", "release", review, "--by", "张三", "--note", "用户自己写的")
    assert (done.exit_code, done.stdout) == (0, "已恢复 1 条评论，下次 plan 生效\n")
    refresh(invoke)
    assert quarantined(run) == 1
    assert "1 条评论被隔离（垃圾信息 1）" in (run / "report.md").read_text("utf-8")
    assert review not in held(invoke)
    assert review in held(invoke, "--all")
    assert invoke("quarantine", "reset", review).stdout == "已撤销 1 条评论的人工决定\n"
    refresh(invoke)
    assert quarantined(run) == 2


def test_a_person_may_hold_what_the_rules_did_not_find(invoke: Invoke, run: Path) -> None:
    review = id_of(run, "优惠券")
    refused = invoke("quarantine", "hold", review, "--by", "张三")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "请同时给出原因" in refused.stderr
    done = invoke("quarantine", "hold", review, "--by", "张三", "--reason", "spam")
    assert done.stdout.startswith("已记录对 1 条评论的隔离决定，下次 plan 生效；")
    refresh(invoke)
    assert quarantined(run) == 3


def test_a_severe_review_is_never_held_and_the_list_says_so(invoke: Invoke, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", REVIEWS + "5,2026-03-04,u6,盗刷了我的银行卡两千块\n")
    invoke("run", "a.csv", "--out", "out")
    review = id_of(tmp_path / "out", "盗刷")
    done = invoke("quarantine", "hold", review, "--by", "张三", "--reason", "spam")
    assert "严重度 3" in done.stdout
    refresh(invoke)
    assert quarantined(tmp_path / "out") == 2
    assert review not in held(invoke)
    (line,) = [
        line
        for line in invoke("quarantine", "list", "--all").stdout.splitlines()
        if line.startswith(review)
    ]
    assert "垃圾信息，人工隔离，涉及严重问题，不隔离" in line


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("list", "--reason", "ugly"), "没有隔离原因“ugly”，可选：spam（垃圾信息）"),
        (("release", "R-0", "--by", "x"), "没有编号为 R-0 的评论"),
        (("hold", "R-0", "--by", "x", "--reason", "ugly"), "没有隔离原因"),
        (("reset", "R-0"), "没有编号为 R-0 的评论"),
    ],
    ids=["list", "release", "hold", "reset"],
)
def test_quarantine_refuses_what_is_not_there(
    invoke: Invoke, words: tuple[str, ...], reason: str
) -> None:
    done = invoke("quarantine", *words)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert reason in done.stderr


def test_one_unknown_id_changes_none(invoke: Invoke, run: Path) -> None:
    review = id_of(run, "系统默认好评")
    assert invoke("quarantine", "release", review, "R-0", "--by", "x").exit_code == 2
    assert review in held(invoke)


@pytest.mark.usefixtures("run")
def test_a_person_is_found_and_exported(invoke: Invoke, tmp_path: Path) -> None:
    found = invoke("person", "find", "--author", "u1")
    assert found.stdout.splitlines()[0] == "reviews: 1"
    document = json.loads(invoke("person", "export", "--author", "u1").stdout)
    assert [review["text"] for review in document["reviews"]] == ["更新以后一打开就闪退"]
    done = invoke("person", "export", "--author", "u1", "--out", "u1.json")
    assert done.stdout == found.stdout + "u1.json\n"
    assert json.loads((tmp_path / "u1.json").read_text("utf-8")) == document


@pytest.mark.usefixtures("run")
def test_erasing_needs_a_yes(invoke: Invoke) -> None:
    done = invoke(*ERASE)
    assert done.exit_code == 0
    assert done.stdout.endswith("什么也没有删除；确认删除请加 --yes\n")
    assert invoke("person", "find", "--author", "u1").stdout.startswith("reviews: 1\n")


def test_an_erased_person_is_gone_and_does_not_come_back(invoke: Invoke, run: Path) -> None:
    done = invoke(*ERASE, "--yes")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "reviews: 1" in done.stdout
    assert done.stdout.endswith("已删除；主题的数量在下次 plan 后更新\n")
    assert invoke("person", "find", "--author", "u1").stdout == "共 0 行\n"
    assert "未变 3，拒绝 0，按删除请求不收 1" in invoke("import", "a.csv").stdout
    assert count(run / "feedback.db", "reviews") == 3


@pytest.mark.parametrize("command", ["find", "export", "erase"])
def test_nobody_named_is_a_usage_error(invoke: Invoke, command: str) -> None:
    who = ("--by", "张三", "--reason", "请求单 17") if command == "erase" else ()
    done = invoke("person", command, *who)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "错误：请用 --author 或 --review 指明是谁\n"


@pytest.mark.usefixtures("run")
def test_a_person_that_cannot_be_written_is_a_fault(invoke: Invoke) -> None:
    done = invoke("person", "export", "--author", "u1", "--out", ".")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "错误：.: 是文件夹，请给出文件名\n"


def test_retention_deletes_what_is_due_and_can_be_tried(invoke: Invoke, run: Path) -> None:
    env = {"FEEDBACK_RETENTION_REVIEW_DAYS": "1"}
    assert invoke("retention").stdout == "共 0 行\n"
    assert invoke("retention", "--dry-run", env=env).stdout == "reviews: 4\n共 4 行\n"
    assert count(run / "feedback.db", "reviews") == 4
    done = invoke("retention", env=env)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "reviews: 4" in done.stdout
    assert count(run / "feedback.db", "reviews") == 0


def test_retention_of_no_day_is_a_usage_error(invoke: Invoke) -> None:
    done = invoke("retention", env={"FEEDBACK_RETENTION_REVIEW_DAYS": "0"})
    assert (done.exit_code, done.stdout) == (2, "")
    assert "FEEDBACK_RETENTION_REVIEW_DAYS" in done.stderr


def rows(database: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT * FROM reviews ORDER BY id").fetchall()


def test_a_backup_brings_back_what_was_there(invoke: Invoke, run: Path, tmp_path: Path) -> None:
    before = rows(run / "feedback.db")
    done = invoke("db", "backup", "b.db")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("b.db: ")
    assert done.stdout.endswith("结构版本 0007\n")
    invoke(*ERASE, "--yes")
    refused = invoke("db", "restore", "b.db")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--overwrite" in refused.stderr
    assert invoke("db", "restore", "b.db", "--overwrite").stdout.startswith("已恢复 ")
    assert rows(run / "feedback.db") == before
    assert invoke("db", "restore", "b.db", "--db", "sqlite:///n.db").exit_code == 0
    assert rows(tmp_path / "n.db") == before


def test_a_copy_holds_the_same_and_spares_what_is_there(
    invoke: Invoke, run: Path, tmp_path: Path
) -> None:
    done = invoke("db", "copy", DATABASE, "sqlite:///c.db")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "reviews: 4\n" in done.stdout
    assert done.stdout.endswith("已逐表核对\n")
    assert rows(tmp_path / "c.db") == rows(run / "feedback.db")
    again = invoke("db", "copy", DATABASE, "sqlite:///c.db")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "请换一个空的数据库" in again.stderr


def test_a_downgrade_keeps_the_reviews(invoke: Invoke, run: Path) -> None:
    assert invoke("db", "downgrade", "0001").stdout == "结构版本 0007 → 0001\n"
    assert count(run / "feedback.db", "reviews") == 4
    assert invoke("imports").exit_code == 0  # opened again, upgraded again
    unknown = invoke("db", "downgrade", "9999")
    assert (unknown.exit_code, unknown.stdout) == (2, "")


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(2, ("backup", "无/b.db"), id="backup into no folder"),
        pytest.param(1, ("backup", "b.db", "--db", "sqlite:///none.db"), id="backup of nothing"),
        pytest.param(1, ("restore", "a.csv", "--db", "sqlite:///n.db"), id="restore of no backup"),
        pytest.param(1, ("copy", "sqlite:///none.db", "sqlite:///n.db"), id="copy of nothing"),
    ],
)
def test_database_care_fails_in_one_line(
    invoke: Invoke, tmp_path: Path, code: int, words: tuple[str, ...]
) -> None:
    done = invoke("db", *words)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (code, "", 1)
    assert done.stderr.startswith("错误：")
    assert not (tmp_path / "n.db").exists()
