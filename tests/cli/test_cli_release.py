"""Releases and verification on the command line: one story over one database, and refusals."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_output import Invoke
from fixing import OUT, World, make_world

from feedback_nlp.storage.database import open_database

BY = ("--by", "小李")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A ticket in progress, and four weeks after the release without a complaint."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('fixes')}/feedback.db")
    made = make_world(engine)
    made.hear(1, crash=3)
    made.hear(28, crash=0)
    made.plan()
    yield made
    engine.dispose()


@pytest.fixture
def run(invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", str(world.engine.url))
    return invoke


def test_a_release_is_noted_rolled_back_noted_again_and_verified(run: Invoke) -> None:
    add = ("release", "add", "K-0001", "--at", OUT.isoformat(), *BY)
    done = run(*add, "--share", "10%", "--group", "region", "--value", "广东", "--weeks", "2")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "已登记发布 1：2026-03-01 00:00，地区 广东 的 10% 用户",
        "  K-0001 现在是“已发布”",
    ]
    assert "没有新的结论：只有部分放量" in run("verify").stdout
    gone = run("release", "withdraw", "1", *BY, "--reason", "崩溃更多").stdout
    assert gone.splitlines()[1] == "  K-0001 现在是“进行中”"
    empty = run("verification", "show", "K-0001").stdout.splitlines()
    assert empty == [
        "K-0001「修好它」  进行中  目标：低于 90%",
        "还没有验证过；登记全量发布、发布以后又有了数据，再执行 verify",
    ]

    noted = run(*add, "--version", "8.2").stdout
    assert noted.startswith("已登记发布 2：2026-03-01 00:00，版本 8.2，全部用户\n")
    listed = run("release", "list", "--ticket", "K-0001").stdout.splitlines()
    assert listed[0] == "2  2026-03-01 00:00，版本 8.2，全部用户  K-0001  小李"
    assert listed[1].endswith("由 小李 撤回")
    assert listed[2] == "共 2 次发布"

    verdict, total = run("verify", "--ticket", "K-0001").stdout.splitlines()
    assert verdict.startswith("K-0001  有效：发布后 ")
    assert total == "数据到 2026-03-29：验证了 1 张工单，0 张没有新的结论"
    again = run("verify").stdout.splitlines()
    assert again[0] == "K-0001  没有新的结论：已验证，到 2026-03-29 没有复发"
    shown = run("verification", "show", "K-0001").stdout.splitlines()
    assert shown[0].startswith("K-0001「修好它」  已验证")
    assert "发布 2：有效：" in shown[1]
    assert any(line.startswith("  发布前的几周（") for line in shown)
    assert shown[-1].startswith("  2026-03-29  发布 2  有效  ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("add", "K-0001", "--at", "昨天", *BY), "released_at：", id="when"),
        pytest.param(
            ("add", "K-0001", "--at", "2026-03-01", "--share", "一半", *BY), "share：", id="share"
        ),
        pytest.param(
            ("add", "K-0001", "--at", "2026-03-01", "--group", "age", *BY),
            "group 不能是“age”，可选：version（版本）",
            id="group",
        ),
        pytest.param(("withdraw", "77", *BY), "没有编号为 77 的发布", id="no release"),
        pytest.param(("list", "--ticket", "K-0099"), "没有编号为 K-0099", id="no ticket"),
    ],
)
def test_what_cannot_be_is_refused(run: Invoke, words: tuple[str, ...], said: str) -> None:
    done = run("release", *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_nothing_to_verify_is_said(run: Invoke, tmp_path: Path) -> None:
    done = run("verify", "--db", f"sqlite:///{tmp_path}/empty.db")
    assert done.exit_code == 0
    assert done.stdout.endswith("：验证了 0 张工单，0 张没有新的结论\n")
