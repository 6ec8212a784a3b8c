"""Pulling from a fake 兔小巢 on this machine."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from channels.fake_tuxiaochao import KEY, Server, post, serving
from cli_output import Invoke

from feedback_nlp.cli.opening import now
from feedback_nlp.records import CHINA

DAY = now().astimezone(CHINA) - timedelta(days=2)
SINCE = f"{DAY:%Y-%m-%d}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as (state, account):
        monkeypatch.setenv("FEEDBACK_TUXIAOCHAO_URL", account.base)
        monkeypatch.setenv("FEEDBACK_TUXIAOCHAO_PRODUCT", account.product_id)
        monkeypatch.setenv("FEEDBACK_TUXIAOCHAO_KEY", KEY)
        monkeypatch.setenv("NO_PROXY", "*")
        state.posts = [post(number, f"{SINCE} 0{number}:00:00") for number in (1, 2, 3)]
        yield state


@pytest.mark.usefixtures("server")
def test_pull_goes_on_where_it_ended(invoke: Invoke) -> None:
    first = invoke("pull", "--since", SINCE)
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout == f"兔小巢 1234 {SINCE}: 新增 3，更新 0，未变 0，拒绝 0\n"
    assert "新增 0，更新 0，未变 3" in invoke("pull").stdout


def test_a_post_that_cannot_be_used_exits_with_3(invoke: Invoke, server: Server) -> None:
    server.posts.append(post(4, f"{SINCE} 09:00:00", is_admin=True))
    done = invoke("pull", "--since", SINCE)
    assert done.exit_code == 3
    assert done.stderr == f"兔小巢 1234 {SINCE}:4: 管理员发的帖子不算用户声音\n"
    assert "拒绝 1" in done.stdout


@pytest.mark.usefixtures("server")
def test_the_first_pull_must_say_since_when(invoke: Invoke) -> None:
    for words, reason in (((), "请用 --since"), (("--since", "前天"), "--since: 时间“前天”")):
        done = invoke("pull", *words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert reason in done.stderr


@pytest.mark.usefixtures("server")
def test_a_wrong_key_is_a_usage_error_that_does_not_show_it(invoke: Invoke) -> None:
    done = invoke("pull", "--since", SINCE, env={"FEEDBACK_TUXIAOCHAO_KEY": "hush-0451"})
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "请核对产品 ID、密钥" in done.stderr
    assert "hush" not in done.stderr


def test_a_server_that_answers_nonsense_exits_with_1(invoke: Invoke, server: Server) -> None:
    server.faults = [(200, {}, b'{"status": 0, "data": 1}')]
    done = invoke("pull", "--since", SINCE)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "没有 data 列表" in done.stderr


@pytest.mark.parametrize("missing", ["FEEDBACK_TUXIAOCHAO_PRODUCT", "FEEDBACK_TUXIAOCHAO_KEY"])
def test_pull_without_its_settings_is_a_usage_error(
    invoke: Invoke, server: Server, missing: str
) -> None:
    done = invoke("pull", "--since", SINCE, env={missing: ""})
    assert (done.exit_code, done.stdout, server.asked) == (2, "", [])
    assert done.stderr == (
        "错误：请先设置 FEEDBACK_TUXIAOCHAO_PRODUCT 和 FEEDBACK_TUXIAOCHAO_KEY\n"
    )
