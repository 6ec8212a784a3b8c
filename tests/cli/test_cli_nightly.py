"""The night on the command line: what it says and with which code it ends."""

import json
import os
import sys
from pathlib import Path

import pytest
from cli_output import Invoke, write
from typer.testing import Result

sys.path.append(str(Path(__file__).parents[1] / "workflows"))
from night_story import DAYS, whole_file, write_day

from feedback_nlp.storage.database import open_database
from feedback_nlp.storage.job_lock import Holder, only_one

DB = ("--db", "sqlite:///n.db")
OUT = ("--out", "out", "--no-report")


def test_a_night_is_told_and_nothing_new_is_nothing_to_do(invoke: Invoke, tmp_path: Path) -> None:
    write_day(tmp_path / "inbox", DAYS[0])
    write(tmp_path / "inbox" / "z.csv", "编号,评分,内容\n1,9,慢\n")
    first = invoke("nightly", "inbox", *DB, *OUT)
    assert first.exit_code == 3
    assert first.stderr.startswith("inbox/z.csv:2: 评分“9”超出 1 到 5")
    told, found, *_, manifest = first.stdout.splitlines()
    assert "第 1 夜：读了 2 个文件，新评论或新版本 9 条，拒绝 1 行" in told
    assert found.startswith("评论 9 条（隔离 0）")
    assert json.loads(Path(manifest).read_text("utf-8"))["state"] == "done"
    second = invoke("nightly", "inbox", *DB, *OUT)
    assert second.exit_code == 0
    assert second.stdout.splitlines()[0].endswith("此后没有变化；要再做一遍请加 --again")
    write(tmp_path / "inbox" / "y.csv", "编号,评分\n1,5\n")
    failed = invoke("nightly", "inbox", *DB, *OUT)
    assert failed.exit_code == 1
    assert failed.stderr.splitlines()[-1].startswith("错误：")
    assert "第 2 夜，导入：inbox/y.csv: 找不到正文列" in failed.stderr
    me = Holder("2026-11-22 02:00:00", os.getpid(), "rechner")
    engine = open_database(DB[1])
    with only_one(engine, "default", me):
        locked = invoke("nightly", *DB, *OUT)
    engine.dispose()
    assert (locked.exit_code, locked.stdout) == (1, "")
    assert f"正在运行（2026-11-22 02:00:00 起，主机 rechner，进程 {os.getpid()}）" in locked.stderr


def test_a_past_day_is_played_and_replayed(invoke: Invoke, tmp_path: Path) -> None:
    file = whole_file(tmp_path)

    def night(day: object, *sources: object) -> Result:
        return invoke("nightly", *map(str, sources), *DB, *OUT, "--as-of", str(day))

    played = night(DAYS[0], file)
    assert played.exit_code == 0
    assert "新评论或新版本 9 条，还没有到的 64 行" in played.stdout
    assert night(DAYS[2], file).exit_code == 0
    again = night(DAYS[0], file)
    assert (again.exit_code, again.stdout.splitlines()[0]) == (0, f"{DAYS[0]} 第 1 夜：与当时一致")
    assert again.stderr == "提示：重放只用库里当时已有的数据，没有读给出的文件\n"
    never = night(DAYS[1])
    assert never.exit_code == 0
    assert never.stdout.startswith(f"{DAYS[1]} 没有做过；")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["无.csv"], "无.csv: 没有这个文件"),
        (["--as-of", "2999-01-01"], "只能是已经过完的一天"),
        (["--as-of", "昨天"], "--as-of：“昨天”不是日期"),
    ],
)
def test_what_cannot_be_done_is_refused(invoke: Invoke, words: list[str], reason: str) -> None:
    done = invoke("nightly", *words, *DB, *OUT)
    assert done.exit_code == 2
    assert reason in done.stderr
