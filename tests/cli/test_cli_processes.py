"""The command as a real process: locale, pipes, terminals, and the server."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

PROGRAM: Final = Path(sys.executable).with_name("feedback-nlp")
EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "reviews.csv"
TIMEOUT_S: Final = 120


def environment(**changes: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FEEDBACK_")}
    return kept | changes


def run(
    *words: str | Path, cwd: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 (our own program)
        [str(PROGRAM), *map(str, words)],
        input=stdin,
        cwd=cwd,
        env=env or environment(),
        capture_output=True,
        check=False,
        timeout=TIMEOUT_S,
    )


@pytest.mark.parametrize("locale", ["C", "POSIX", "zh_CN.GBK"])
def test_output_is_utf8_whatever_the_locale_says(tmp_path: Path, locale: str) -> None:
    env = environment(LANG=locale, LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    text = "一打开就闪退😭\n\n"
    done = run("analyze", "-", cwd=tmp_path, stdin=text.encode(), env=env)
    answer, _ = done.stdout.decode("utf-8").splitlines()
    assert json.loads(answer)["text"] == "一打开就闪退😭"
    assert done.stderr.decode("utf-8") == "-:2: 正文为空\n"
    assert done.returncode == 3


def test_a_file_name_that_is_no_text_can_be_complained_about(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xb2\xe2.csv")
    (tmp_path / name).write_text("编号,内容\n\n1,闪退\n2,闪退,慢\n", encoding="utf-8")
    done = run("import", name, cwd=tmp_path)
    assert done.returncode == 3
    assert "\\udcb2\\udce2.csv:4: 有 3 列" in done.stderr.decode("utf-8")


def test_a_reader_that_leaves_ends_the_command_quietly(tmp_path: Path) -> None:
    command = [str(PROGRAM), "analyze", str(EXAMPLES)]
    with subprocess.Popen(  # noqa: S603 (our own program)
        command,
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"id": "A0001"')
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(TIMEOUT_S)


def test_bars_go_to_the_terminal_and_results_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "[red].csv").write_bytes(EXAMPLES.read_bytes())
    terminal, theirs = os.openpty()
    with (
        (tmp_path / "answers").open("wb") as answers,
        subprocess.Popen(  # noqa: S603 (our own program)
            [str(PROGRAM), "analyze", "[red].csv"],
            cwd=tmp_path,
            env=environment(TERM="xterm", COLUMNS="80"),
            stdout=answers,
            stderr=theirs,
        ) as process,
    ):
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(terminal, 65536):
                shown += part
        except OSError:  # Linux says so when the other side is gone.
            pass
        assert process.wait(TIMEOUT_S) == 0
    os.close(terminal)
    lines = (tmp_path / "answers").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines[:2]] == ["A0001", "A0002"]
    assert len(lines) == 400
    assert "分析" in shown.decode()
    assert "A0001" not in shown.decode()


def test_an_import_with_bars_takes_any_file_name(tmp_path: Path) -> None:
    (tmp_path / "[red].csv").write_text("内容\n一打开就闪退\n", encoding="utf-8")
    done = run("import", "[red].csv", cwd=tmp_path, env=environment(FORCE_COLOR="1"))
    assert (done.returncode, done.stdout.decode()) == (
        0,
        "[red].csv: 新增 1，更新 0，未变 0，拒绝 0\n",
    )
    assert "[red].csv" in done.stderr.decode()


def test_the_server_answers_and_stops(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [str(PROGRAM), "serve", "--port", str(port)],
        cwd=tmp_path,
        env=environment(FEEDBACK_DATABASE_URL="sqlite:///served.db"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if b"Uvicorn running" in line:
                break
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"status":"ok"}')
        connection.close()
        taken = run("serve", "--port", str(port), cwd=tmp_path)
        assert taken.returncode == 1
        assert b"Traceback" not in taken.stderr
        process.send_signal(signal.SIGTERM)
        assert b"Traceback" not in process.communicate(timeout=TIMEOUT_S)[1]
    finally:
        process.kill()
        process.wait()
    assert (tmp_path / "served.db").exists()
