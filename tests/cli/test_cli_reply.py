"""Replies on the command line, on one database that is filled once."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from cli_output import Invoke, write
from told_ticket import SAID, TICKET, TOLD, fill

from feedback_nlp.storage.database import open_database, transaction


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("replies") / "feedback.db"
    engine = open_database(f"sqlite:///{path}")
    with transaction(engine) as session:
        fill(session, "default")
    engine.dispose()
    return path


@pytest.fixture
def reply(invoke: Invoke, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run `reply` on a copy of the database."""
    shutil.copy(filled, tmp_path / "mine.db")
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{tmp_path}/mine.db")
    return lambda *words: invoke("reply", *words)


def test_the_story_of_one_ticket(reply: Invoke, tmp_path: Path) -> None:
    first, *users, total = reply("list", TICKET).stdout.splitlines()
    assert first == "K-0001  修复闪退  已验证（验证有效，版本 8.2）"
    assert [line.split("  ")[0] for line in users] == list(TOLD)
    assert users[0] == "R-2  应用商店  U-1  A  明显  1 星（共 2 条）  昨晚又闪退"
    assert total == "要通知 3 位用户；没有列入：属于竞品 1、评论被隔离 1、发布后又提到 1"

    lines = reply("draft", TICKET, "--limit", "1").stdout.splitlines()
    assert lines[1].endswith(f"公开回复，低分，{len(lines[2].strip())} 字")
    assert lines[2].startswith("    很抱歉给您带来了不便。您提到的“昨晚又闪退”已在8.2版本中解决")
    assert lines[3].startswith("要通知 3 位用户，以上是前 1 位")

    done = reply("export", TICKET, "--out", "replies.csv")
    assert done.stdout == "replies.csv: 3 条\n"
    content = (tmp_path / "replies.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["review_id"] for row in rows] == list(TOLD)
    assert [row["external_id"] for row in rows] == ["", "'=8899", ""]
    assert rows[0]["quote"] == SAID["R-2"][0]

    assert reply("sent", TICKET, "--all", "--by", "小李").stdout == (
        "已记下通知了 3 位用户；第 7 天和第 30 天回访\n"
    )
    assert "没有重复记" in reply("sent", TICKET, "--all", "--by", "小李").stdout
    *log, count = reply("log", "--ticket", TICKET).stdout.splitlines()
    assert count == "共 3 条"
    assert "  小李  K-0001  应用商店  R-2  告知已解决  很抱歉" in log[-1]

    assert reply("callbacks").stdout.splitlines()[0].endswith("共 0 个回访到期")
    due, _, *_, counted, share = reply("callbacks", "--as-of", "2099-01-01").stdout.splitlines()
    assert due.startswith("R-2  K-0001  应用商店  U-1  第 30 天  ")
    assert counted == "截至 2099-01-01 共 3 个回访到期"
    assert share == "已通知 3 位用户，回访满意 0、还没解决 0、没联系上 0；还没有人答复"
    done = reply("called", "R-2", "--day", "30", "--result", "unsolved", "--by", "小王")
    assert done.stdout == "已记下 K-0001 第 30 天的回访：还没解决\n"
    share = reply("callbacks").stdout.splitlines()[-1]
    assert share.endswith("还没解决 1、没联系上 0；答复的人里满意的占 0%（95% 区间 0% 到 79%）")
    assert "  回访说还没解决：R-2  " in reply("list", TICKET).stdout


def test_an_opt_out_is_written_listed_and_taken_back(reply: Invoke) -> None:
    done = reply("opt-out", "U-2", "--by", "小李", "--reason", "电话里说的")
    assert (done.stdout, done.stderr) == ("已记下这位用户不愿收到消息（1 条评论）\n", "")
    assert "请核对编号" in reply("opt-out", "U-77", "--by", "小李").stderr
    reply("opt-out", "--review", "R-4", "--by", "小李")
    assert reply("list", TICKET).stdout.splitlines()[-1].startswith("要通知 1 位用户；")
    *users, total = reply("opt-outs").stdout.splitlines()
    assert [line.split("  ")[0] for line in users] == ["U-2", "U-77", "review:R-4"]
    assert users[0].endswith("  小李  电话里说的")
    assert total == "共 3 位"
    refused = reply("sent", TICKET, "--review", "R-3", "--by", "小李")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "1 位用户不愿收到消息" in refused.stderr
    words = ("--review", "R-3", "--review", "R-1", "--skip-opted-out", "--by", "小李")
    assert "1 位用户，略过 1 位" in reply("sent", TICKET, *words).stdout
    assert reply("opt-in", "--review", "R-4", "--by", "小李").exit_code == 0


def test_a_wording_is_set_from_a_file_shown_and_set_back(reply: Invoke, tmp_path: Path) -> None:
    shown = reply("template", "show").stdout
    assert shown.count("自带\n") == 11
    file = write(tmp_path / "a.txt", "\ufeff收到“{problem}”\n见{version}\n")
    done = reply("template", "set", "app_store", "--file", file, "--by", "小李")
    assert done.stdout.startswith("已保存\napp_store  公开回复  最多 350 字  ")
    assert reply("template", "show", "app_store").stdout.splitlines()[1:] == [
        "    收到“{problem}”",
        "    见{version}",
    ]
    again = reply("template", "set", "app_store", "--file", file, "--by", "小李")
    assert again.stdout.startswith("与现在的模板相同，没有改动\n")
    reply("template", "set", "app_store", "--reset", "--by", "小王", "--reason", "换回")
    first, second, *_, total = reply("template", "history", "app_store").stdout.splitlines()
    assert first.endswith("  小王  换回")
    assert (second, total) == ("    恢复为自带的模板", "共 2 次修改")


def test_the_note_of_a_release_is_printed(reply: Invoke) -> None:
    note = reply("notes", "--version", "8.2").stdout.splitlines()
    assert note[0].startswith("我们的产品 8.2版本（")
    assert not any(text in line for line in note for text, _ in SAID.values())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["list", "K-9"], "K-9", id="no such ticket"),
        pytest.param(["draft", TICKET, "--kind", "fax"], "没有“fax”这种回复", id="no such style"),
        pytest.param(["sent", TICKET, "--by", "小李"], "--review", id="nobody said who"),
        pytest.param(["sent", TICKET, "--all", "--by", " "], "操作人", id="nobody signs"),
        pytest.param(["callbacks", "--as-of", "昨天"], "不是日期", id="no day"),
        pytest.param(["notes", "--version", "9"], "没有登记过版本 9", id="no such version"),
        pytest.param(["template", "show", "fax"], "没有模板“fax”", id="no such wording"),
        pytest.param(
            ["template", "set", "service", "--text", "{x}", "--by", "小李"],
            "{x}",
            id="no such blank",
        ),
        pytest.param(["template", "set", "service", "--by", "小李"], "--text", id="no wording"),
        pytest.param(["opt-out", "--by", "小李"], "user、review", id="nobody opts out"),
        pytest.param(
            ["called", "R-2", "--day", "7", "--result", "well", "--by", "小李"],
            "没有结果“well”",
            id="no such result",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(reply: Invoke, words: list[str], message: str) -> None:
    done = reply(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
