"""Faults: one line on stderr and the promised exit code. And how `serve` starts."""

import sys
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from cli_output import COMPLAINTS, Invoke, write


def _damaged_model(folder: Path) -> str:
    (folder / "linear-x" / "2026-01-01").mkdir(parents=True)
    (folder / "linear-x" / "2026-01-01" / "manifest.json").write_text("{}", encoding="utf-8")
    return str(folder / "linear-x" / "2026-01-01")


@pytest.mark.parametrize(
    ("code", "words", "reason"),
    [
        pytest.param(2, ["run", "无.csv", "--out", "o"], "无.csv: 没有这个文件", id="missing"),
        pytest.param(2, ["import", "ok.csv", "无.csv"], "没有这个文件", id="one is missing"),
        pytest.param(2, ["analyze", "无.txt"], "没有这个文件", id="nothing to analyse"),
        pytest.param(2, ["themes", "."], "是文件夹", id="a folder"),
        pytest.param(2, ["import", "nocol.csv"], "找不到正文列", id="no text column"),
        pytest.param(2, ["import", "ok.md"], "不支持的文件类型", id="another kind of file"),
        pytest.param(2, ["analyze", "a.xlsx"], "Excel", id="a workbook"),
        pytest.param(2, ["analyze", "broken.gz"], "gzip", id="broken gzip"),
        pytest.param(2, ["run", "ok.csv", "--out", "为何?"], "--db", id="question mark"),
        pytest.param(1, ["score", "--db", "foo"], "数据库地址", id="no database address"),
        pytest.param(1, ["plan", "--db", "mysql://x/y"], "不支持的数据库", id="other database"),
        pytest.param(1, ["score", "--db", "sqlite:///ok.csv"], "不是数据库", id="not a database"),
        pytest.param(1, ["run", "ok.csv", "--out", "ok.md"], "已有同名文件", id="out is a file"),
        pytest.param(1, ["report", "--out", "ok.md"], "已有同名文件", id="report into a file"),
        pytest.param(1, ["analyze", "ok.md", "--model", "无"], "无", id="no such model"),
        pytest.param(1, ["score", "--model", "MODEL"], "manifest.json", id="damaged model"),
    ],
)
def test_a_fault_is_one_line_and_the_promised_code(
    invoke: Invoke, tmp_path: Path, code: int, words: list[str], reason: str
) -> None:
    model = _damaged_model(tmp_path)
    write(tmp_path / "ok.csv", "内容\n一打开就闪退\n")
    write(tmp_path / "ok.md", "一打开就闪退\n")
    write(tmp_path / "nocol.csv", "编号,备注\n1,好\n")
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08broken")
    done = invoke(*(model if word == "MODEL" else word for word in words))
    assert done.exit_code == code
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("错误：")
    assert reason in done.stderr


def test_a_missing_file_leaves_nothing_behind(invoke: Invoke, tmp_path: Path) -> None:
    invoke("run", "无.csv", "--out", "o")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["import", COMPLAINTS], id="import"),
        pytest.param(["score"], id="score"),
        pytest.param(["run", COMPLAINTS, "--out", "o"], id="run"),
        pytest.param(["analyze", COMPLAINTS], id="analyze"),
        pytest.param(["themes", COMPLAINTS], id="themes"),
        pytest.param(["serve"], id="serve"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_usage_error(
    invoke: Invoke, words: list[str | Path]
) -> None:
    done = invoke(*words, env={"FEEDBACK_PORT": "eighty"})
    assert done.exit_code == 2
    assert done.stderr.startswith("错误：环境变量 FEEDBACK_PORT")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["run", "a.csv"], id="no output folder"),
        pytest.param(["fly"], id="no such command"),
        pytest.param(["analyze"], id="no file"),
        pytest.param(["serve", "--port", "70000"], id="no such port"),
    ],
)
def test_wrong_usage_exits_with_2(invoke: Invoke, words: list[str]) -> None:
    done = invoke(*words)
    assert (done.exit_code, done.stdout) == (2, "")


def test_a_second_file_that_cannot_be_read_keeps_the_first(invoke: Invoke, tmp_path: Path) -> None:
    bad = write(tmp_path / "nocol.csv", "编号,备注\n1,好\n")
    assert invoke("import", COMPLAINTS, bad).exit_code == 2
    assert "未变 30" in invoke("import", COMPLAINTS).stdout


@pytest.mark.parametrize(
    ("words", "env", "host", "port"),
    [
        pytest.param([], {}, "127.0.0.1", 8000, id="defaults"),
        pytest.param([], {"FEEDBACK_HOST": "::1", "FEEDBACK_PORT": "81"}, "::1", 81, id="settings"),
        pytest.param(
            ["--host", "0.0.0.0", "--port", "82"],  # noqa: S104 (asked for)
            {"FEEDBACK_HOST": "::1", "FEEDBACK_PORT": "81"},
            "0.0.0.0",  # noqa: S104 (asked for)
            82,
            id="options win",
        ),
    ],
)
def test_serve_listens_where_it_is_told(
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    env: dict[str, str],
    host: str,
    port: int,
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda name, **options: asked.update(options, name=name))
    # Only this machine is served before somebody may enter.
    assert invoke("key", "add", "--name", "客服系统", "--role", "viewer").exit_code == 0
    assert invoke("serve", *words, env=env).exit_code == 0
    told = {"name": "api.app:create_app", "factory": True, "host": host, "port": port, "workers": 1}
    assert told.items() <= asked.items()


@pytest.mark.parametrize(("theirs", "ours"), [(0, 0), (1, 1), (3, 1)])
def test_a_server_that_does_not_start_exits_with_1(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, theirs: int, ours: int
) -> None:
    monkeypatch.setattr(uvicorn, "run", lambda *_words, **_options: sys.exit(theirs))
    assert invoke("serve").exit_code == ours


def test_serve_tries_database_and_model_before_it_starts(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uvicorn, "run", lambda *_words, **_options: pytest.fail("it started"))
    for env in ({"FEEDBACK_DATABASE_URL": "foo"}, {"FEEDBACK_MODEL": "no-such"}):
        done = invoke("serve", env=env)
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
