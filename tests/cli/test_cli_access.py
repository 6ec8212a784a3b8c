"""Keys and accounts on the command line, and when a server may start."""

import pytest
import uvicorn
from cli_output import Invoke

PASSWORD = "一个够长的密码 123\n"  # noqa: S105 (of a test)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Notes the starts of a server instead of serving until somebody stops it."""
    starts: list[object] = []
    monkeypatch.setattr(uvicorn, "run", lambda *_args, **options: starts.append(options))
    return starts


def test_a_key_is_printed_alone_listed_and_revoked(invoke: Invoke) -> None:
    made = invoke("key", "add", "--name", "客服", "--role", "analyst", "--expires", "2999-01-01")
    secret = made.stdout.strip()
    assert secret.startswith("fb_")
    assert "只显示这一次" in made.stderr
    listed = invoke("key", "list").stdout
    assert secret not in listed
    assert f"密钥 1  {secret[:8]}…  客服  analyst（分析师）" in listed
    assert "已吊销密钥 1" in invoke("key", "revoke", "1", "--by", "小李").stdout
    assert "由 小李 吊销" in invoke("key", "list").stdout
    again = invoke("key", "revoke", "1")
    assert (again.exit_code, "已由 小李 吊销" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--role", "boss"], "没有角色“boss”"),
        (["--role", "viewer", "--expires", "2001-01-01"], "已经过去"),
        (["--role", "viewer", "--expires", "soon"], "不是日期"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(invoke: Invoke, words: list[str], told: str) -> None:
    done = invoke("key", "add", "--name", "x", *words)
    assert (done.exit_code, told in done.stderr) == (2, True)


def test_an_account_lives(invoke: Invoke) -> None:
    assert invoke("user", "add", "小李", "--role", "viewer", stdin=PASSWORD).exit_code == 0
    assert invoke("user", "add", "小李", "--role", "viewer", stdin=PASSWORD).exit_code == 2
    assert invoke("user", "role", "小李", "manager").stdout.startswith("已改角色 小李  manager")
    assert "已停用" in invoke("user", "disable", "小李").stdout
    assert "已停用" in invoke("user", "list").stdout
    assert "已停用" not in invoke("user", "password", "小李", stdin=PASSWORD).stdout
    short = invoke("user", "password", "小李", stdin="short\n")
    assert (short.exit_code, "10 到 200" in short.stderr) == (2, True)
    assert invoke("user", "role", "小张", "viewer").exit_code == 2


def test_a_password_is_asked_for_at_a_terminal(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback_nlp.cli.user._at_terminal", lambda: True)
    made = invoke("user", "add", "小李", "--role", "viewer", stdin=PASSWORD * 2)
    assert made.exit_code == 0
    assert PASSWORD.strip() not in made.output


def test_a_server_on_this_machine_gives_a_link_until_somebody_is_known(
    invoke: Invoke, started: list[object]
) -> None:
    assert "http://127.0.0.1:8000/login?token=" in invoke("serve").stdout
    assert "http://[::1]:8000/login?token=" in invoke("serve", "--host", "::1").stdout
    assert "http://localhost:8000/login?token=" in invoke("serve", "--host", "localhost").stdout
    invoke("user", "add", "小李", "--role", "admin", stdin=PASSWORD)
    assert "token" not in invoke("serve").stdout
    assert len(started) == 4


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "feedback.example", "10.0.0.1"])  # noqa: S104
def test_a_server_others_can_reach_needs_somebody_who_may_enter(
    invoke: Invoke, started: list[object], host: str
) -> None:
    refused = invoke("serve", "--host", host)
    assert (refused.exit_code, "user add" in refused.stderr) == (2, True)
    assert started == []
    invoke("key", "add", "--name", "x", "--role", "viewer")
    assert invoke("serve", "--host", host).exit_code == 0
    invoke("key", "revoke", "1")
    assert invoke("serve", "--host", host).exit_code == 2
