"""The command line: what it prints where, and the exit codes it promises."""

import gzip
import json
import re
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from typer.testing import CliRunner, Result

from feedback_nlp.cli import app, errors_as_exit_codes, main

SAMPLES = Path(__file__).parent / "samples"
COMPLAINTS = SAMPLES / "complaints.csv"
FILES = [
    "opinions.jsonl",
    "themes.json",
    "tickets.csv",
    "tickets.xlsx",
    "report.html",
    "report.md",
]
Invoke = Callable[..., Result]


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run one command in an empty folder, with `out/feedback.db` there as the database."""
    monkeypatch.chdir(tmp_path)

    def call(
        *words: str | Path, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None
    ) -> Result:
        arguments = [str(word) for word in words]
        return CliRunner().invoke(app, arguments, input=stdin, env=env, catch_exceptions=False)

    return call


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own name)


def test_run_writes_every_file_and_says_where(invoke: Invoke, tmp_path: Path) -> None:
    done = invoke("run", COMPLAINTS, "--out", "results")
    assert (done.exit_code, done.stderr) == (0, "")
    first, *paths, last = done.stdout.splitlines()
    assert re.fullmatch(r"评论 30 条，观点 30 个，主题 4 个，工单 \d 张，未归类 \d+ 个", first)
    assert paths == [f"results/{name}" for name in FILES]
    assert last == f"{COMPLAINTS}: 新增 30，更新 0，未变 0，拒绝 0"
    assert {path.name for path in (tmp_path / "results").iterdir()} == {*FILES, "feedback.db"}


def test_run_counts_agree_with_what_it_printed(invoke: Invoke, tmp_path: Path) -> None:
    done = invoke("run", COMPLAINTS, "--out", "results")
    run = json.loads((tmp_path / "results" / "themes.json").read_text("utf-8"))["run"]
    assert done.stdout.splitlines()[0] == (
        f"评论 {run['reviews']} 条，观点 {run['opinions']} 个，主题 {run['themes']} 个，"
        f"工单 {run['tickets']} 张，未归类 {run['unassigned']} 个"
    )


def test_rejected_lines_go_to_stderr_and_exit_with_3(invoke: Invoke, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", '内容,时间\n一打开就闪退,2026-03-02\n,2026-03-02\n慢,"前\n天"\n'
    )
    for words in (("run", path, "--out", "o"), ("import", path)):
        done = invoke(*words)
        assert done.exit_code == 3
        second, third = done.stderr.splitlines()
        assert second == f"{path}:3: 正文为空"
        assert third.startswith(f"{path}:4: 时间“前 天”看不懂")
        assert "拒绝 2" in done.stdout.splitlines()[-1]
    assert count(tmp_path / "o" / "feedback.db", "rejections") == 2


def test_step_by_step_gives_the_files_of_run(invoke: Invoke, tmp_path: Path) -> None:
    invoke("run", COMPLAINTS, "--out", "whole")
    assert invoke("import", COMPLAINTS).stdout == (
        f"{COMPLAINTS}: 新增 30，更新 0，未变 0，拒绝 0\n"
    )
    assert invoke("score").stdout == "分析了 30 条评论\n"
    assert re.fullmatch(r"主题 4 个，工单草稿 \d 张\n", invoke("plan").stdout)
    report = invoke("report", "--out", "steps")
    assert report.stdout.splitlines() == [f"steps/{name}" for name in FILES]
    for name in FILES:
        one, other = (tmp_path / folder / name for folder in ("whole", "steps"))
        assert one.read_bytes() == other.read_bytes()


def test_steps_repeated_change_nothing(invoke: Invoke) -> None:
    steps: list[list[str | Path]] = [["import", COMPLAINTS], ["score"], ["plan"]]
    first, (imported, scored, planned) = ([invoke(*words) for words in steps] for _ in range(2))
    assert "新增 0，更新 0，未变 30" in imported.stdout
    assert scored.stdout == "分析了 0 条评论\n"
    assert planned.stdout == first[2].stdout


def test_database_workspace_channel_and_model_can_be_chosen(invoke: Invoke, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / '库' / 'x.db'}"
    options = ("--db", url, "--workspace", "门店")
    file = write(tmp_path / "a.csv", "内容\n一打开就闪退\n")
    invoke("import", file, "--channel", "问卷", *options)
    assert invoke("score", "--db", url).stdout == "分析了 0 条评论\n"
    assert invoke("score", "--model", "linear-zh", *options).stdout == "分析了 1 条评论\n"
    invoke("plan", *options)
    assert invoke("report", "--out", "o", *options).exit_code == 0
    (line,) = json_lines((tmp_path / "o" / "opinions.jsonl").read_text("utf-8"))
    assert line["channel"] == "问卷"
    assert not (tmp_path / "out").exists()


def test_settings_come_from_the_environment(invoke: Invoke, tmp_path: Path) -> None:
    env = {
        "FEEDBACK_DATABASE_URL": f"sqlite:///{tmp_path / 'env.db'}",
        "FEEDBACK_WORKSPACE": "环境",
        "FEEDBACK_MODEL": "linear-zh",
    }
    invoke("import", COMPLAINTS, env=env)
    assert invoke("score", env=env).stdout == "分析了 30 条评论\n"
    assert count(tmp_path / "env.db", "reviews WHERE workspace_id = '环境'") == 30


def test_analyze_answers_each_line_of_stdin(invoke: Invoke) -> None:
    text = '客服很好，但是物流太慢\n\n{"id": "甲", "text": "闪退"}\n{"id": 1\n'
    done = invoke("analyze", "-", stdin=text.encode() + b"\xff\xfe\n")
    answers = json_lines(done.stdout)
    assert [answer["id"] for answer in answers] == ["1", "2", "甲", "4", "5"]
    assert [answer["error"] is None for answer in answers] == [True, False, True, False, False]
    assert [len(answer["opinions"]) for answer in answers] == [2, 0, 1, 0, 0]
    assert done.exit_code == 3
    blank, broken, bytes_ = done.stderr.splitlines()
    assert blank == "-:2: 正文为空"
    assert broken.startswith("-:4: 不是合法的 JSON")
    assert bytes_ == "-:5: 不是合法的 UTF-8 文本"


def test_analyze_drops_a_byte_order_mark(invoke: Invoke) -> None:
    done = invoke("analyze", "-", stdin="闪退\n".encode("utf-8-sig"))
    assert (done.exit_code, json_lines(done.stdout)[0]["text"]) == (0, "闪退")


def test_analyze_has_the_shape_of_the_contract(invoke: Invoke) -> None:
    (answer,) = json_lines(invoke("analyze", "-", stdin="客服很好，但是物流太慢\n").stdout)
    assert list(answer) == [
        "id",
        "text",
        "polarity",
        "probabilities",
        "uncertain",
        "opinions",
        "quarantine",
        "model",
        "error",
    ]
    assert list(answer["probabilities"]) == ["neg", "neu", "pos"]
    assert list(answer["opinions"][0]) == [
        "start",
        "end",
        "text",
        "polarity",
        "probabilities",
        "uncertain",
        "topics",
        "intent",
        "severity",
    ]
    assert list(answer["opinions"][0]["topics"][0]) == ["code", "probability"]


def test_analyze_can_leave_texts_whole(invoke: Invoke) -> None:
    done = invoke("analyze", "-", "--no-split", stdin="客服很好，但是物流太慢\n")
    (opinion,) = json_lines(done.stdout)[0]["opinions"]
    assert (opinion["start"], opinion["end"]) == (0, 11)


@pytest.mark.parametrize("command", ["analyze", "themes"])
def test_line_numbers_are_those_of_the_csv_file(
    invoke: Invoke, tmp_path: Path, command: str
) -> None:
    path = tmp_path / "评论.csv.gz"
    path.write_bytes(gzip.compress('编号,内容\nA,"两\n行"\nB,\nC,闪退\n'.encode()))
    done = invoke(command, path)
    assert [answer["id"] for answer in json_lines(done.stdout)] == ["A", "B", "C"]
    assert (done.exit_code, done.stderr) == (3, f"{path}:4: 正文为空\n")


def test_an_empty_input_has_an_empty_answer(invoke: Invoke) -> None:
    for command in ("analyze", "themes"):
        done = invoke(command, "-", stdin="")
        assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")


def test_themes_groups_every_line(invoke: Invoke) -> None:
    texts = ["一打开就闪退", "打开就闪退", "更新后打开就闪退", "界面好看"]
    lines = [json.dumps({"id": f"L{n}", "text": text}) for n, text in enumerate(texts)]
    done = invoke("themes", "-", stdin="\n".join([*lines, ""]))
    answers = json_lines(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert [list(answer) for answer in answers] == [["id", "theme", "name"]] * 4
    assert [answer["id"] for answer in answers] == ["L0", "L1", "L2", "L3"]
    assert [answer["theme"] for answer in answers] == ["T-0001"] * 3 + [None]
    assert answers[3]["name"] is None
    assert "闪退" in answers[0]["name"]


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
    assert invoke("serve", *words, env=env).exit_code == 0
    assert asked == {"name": "api.app:create_app", "factory": True, "host": host, "port": port}


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


def test_help_names_every_command_in_chinese(invoke: Invoke) -> None:
    done = invoke("--help")
    assert done.exit_code == 0
    for command in ("run", "analyze", "themes", "import", "score", "plan", "report", "serve"):
        assert command in done.stdout
        assert invoke(command, "--help").exit_code == 0


def test_main_runs_the_application(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["feedback-nlp", "analyze", "无.txt"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert capsys.readouterr().err == "错误：无.txt: 没有这个文件\n"


def test_a_reader_that_leaves_is_no_fault() -> None:
    with pytest.raises(BrokenPipeError), errors_as_exit_codes():
        raise BrokenPipeError
