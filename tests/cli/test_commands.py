"""What each command prints where when all is well, or when single lines are bad."""

import gzip
import json
import re
import sys
from pathlib import Path

import pytest
import typer
from cli_output import COMPLAINTS, FILES, Invoke, count, json_lines, write

from feedback_nlp.cli import app, main
from feedback_nlp.cli.exits import errors_as_exit_codes

HAN = re.compile(r"[\u4e00-\u9fff]")


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
    assert bytes_ == "-:5: 含有无法解码的字节"


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


def test_help_names_every_command_in_chinese(invoke: Invoke) -> None:
    done = invoke("--help")
    assert done.exit_code == 0
    for command, inner in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        assert command in done.stdout
        assert invoke(command, "--help").exit_code == 0
        for name in getattr(inner, "commands", {}):
            told = invoke(command, name, "--help")
            assert (told.exit_code, HAN.search(told.stdout) is None) == (0, False)


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
