"""Policy, efforts and votes on the command line."""

import pytest
from cli_output import COMPLAINTS, Invoke, Once


@pytest.fixture
def run(invoke: Invoke, once: Once, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run over the complaints once, so that there are themes and tickets."""
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", "sqlite:///out/feedback.db")
    once(lambda: invoke("run", COMPLAINTS, "--out", "out"))
    return invoke


@pytest.fixture
def fresh(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Work on a database that nobody has written to."""
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", "sqlite:///out/feedback.db")
    return invoke


def test_the_policy_shows_every_setting_with_its_meaning(fresh: Invoke) -> None:
    lines = fresh("policy", "show").stdout.splitlines()
    assert lines[0] == "tiers.A  1.5  等级为 A 的用户，一位按几位算；没写的等级按 1"
    assert lines[-1] == "从未改过，全部是默认值"
    assert all(len(line.split("  ")) == 3 for line in lines[:-1])


def test_a_policy_that_was_set_is_shown_and_told(fresh: Invoke) -> None:
    words = ("reserve", "0.3", "board=50,30,20", "tiers.A", "2", "--by", "小李", "--reason", "评审")
    done = fresh("policy", "set", *words)
    assert (done.exit_code, done.stderr) == (0, "")
    changed = [
        "tiers.A：1.5 → 2",
        "reserve：0.2 → 0.3",
        "board：0.4,0.3,0.3 → 0.5,0.3,0.2",
    ]
    assert done.stdout.splitlines() == [*changed, "已保存，下次 plan 按新的政策算"]
    *shown, latest = fresh("policy", "show").stdout.splitlines()
    assert "reserve  0.3（默认 0.2）" in "\n".join(shown)
    assert latest.endswith("  小李  评审")
    signed, *told, total = fresh("policy", "history").stdout.splitlines()
    assert signed.endswith("  小李  评审")
    assert told == [f"    {line}" for line in changed]
    assert total == "共 1 次修改"


def test_setting_what_counts_already_changes_nothing(fresh: Invoke) -> None:
    done = fresh("policy", "set", "reserve", "default", "--by", "小李")
    assert done.stdout == "与现在的政策相同，没有改动\n"
    assert fresh("policy", "history").stdout == "共 0 次修改\n"


def test_the_history_can_be_cut(fresh: Invoke) -> None:
    for value in ("0.3", "0.4"):
        fresh("policy", "set", "reserve", value, "--by", "小李")
    lines = fresh("policy", "history", "--limit", "1").stdout.splitlines()
    assert lines[1:] == ["    reserve：0.3 → 0.4", "共 2 次修改，以上是最近 1 次"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["reserve"], "“reserve”后面没有值", id="no value"),
        pytest.param(["reserve="], "“reserve”后面没有值", id="an empty value"),
        pytest.param(["reserve", "2"], "0 到 0.9", id="too much"),
        pytest.param(["strategy.登录", "2"], "account.login", id="a topic by its name"),
        pytest.param(["reserve", "0.3", "--by", " "], "操作人", id="nobody"),
    ],
)
def test_a_policy_that_cannot_be_set_is_one_line(
    fresh: Invoke, words: list[str], message: str
) -> None:
    by = [] if "--by" in words else ["--by", "小李"]
    done = fresh("policy", "set", *words, *by)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_an_estimate_is_written_told_and_taken_back(run: Invoke) -> None:
    assert run("effort", "set", "T-0001", "3", "--by", "小李", "--reason", "要改接口").stdout == (
        "已记下 T-0001 估计要 3 人周，下次 plan 按它算\n"
    )
    note, counts = run("effort", "history", "T-0001").stdout.splitlines()
    assert note.endswith("  小李  估计 3 人周  要改接口")
    assert counts.startswith("算数的是人工估计：小李在 ")
    assert run("effort", "clear", "T-0001", "--by", "小王").stdout == (
        "已撤回 T-0001 的估计，下次 plan 按团队历史或类别默认算\n"
    )
    *_, taken, counts = run("effort", "history", "T-0001").stdout.splitlines()
    assert taken.endswith("  小王  撤回估计")
    assert counts.startswith("算数的是类别默认：")


def test_what_a_ticket_took_is_told_with_its_theme(run: Invoke) -> None:
    done = run("effort", "actual", "K-0001", "2.5", "--by", "小李")
    assert done.exit_code == 0
    assert done.stdout.startswith("已记下 K-0001（主题 T-")
    theme_id = done.stdout.split("主题 ")[1].split("）")[0]
    note, counts = run("effort", "history", theme_id).stdout.splitlines()
    assert note.endswith("  小李  K-0001 实际用了 2.5 人周")
    assert "只有 1 张有记录，用了 2.5 人周" in counts


def test_votes_make_a_score_and_can_be_withdrawn(run: Invoke) -> None:
    points = ("--feasibility", "8", "--novelty", "6", "--benefit", "7")
    done = run("vote", "T-0001", *points, "--by", "小李", "--reason", "好做")
    assert done.stdout == (
        "评审得分 7.1（满分 10）：可行性 8（1 票，权重 40%）、创新性 6（1 票，权重 30%）、"
        "效益预期 7（1 票，权重 30%）\n"
        "已记下 小李 对 T-0001 的评分，下次 plan 按它算\n"
    )
    assert run("vote", "T-0001", "--withdraw", "--by", "小李").stdout.splitlines() == [
        "主题 T-0001 现在没有算数的评分",
        "已撤回 小李 对 T-0001 的评分，下次 plan 按它算",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["effort", "set", "T-9999", "3"], "T-9999", id="no such theme"),
        pytest.param(["effort", "set", "T-0001", "0"], "0.05 到 520", id="no effort"),
        pytest.param(["effort", "set", "T-0001", "nan"], "0.05 到 520", id="not a number"),
        pytest.param(["effort", "clear", "T-0001"], "没有人工估计", id="nothing to clear"),
        pytest.param(["effort", "actual", "K-9999", "3"], "K-9999", id="no such ticket"),
        pytest.param(["vote", "T-0001"], "至少给一项打分", id="no points"),
        pytest.param(["vote", "T-0001", "--novelty", "11"], "0 到 10 分", id="too many points"),
        pytest.param(["vote", "T-0001", "--withdraw"], "没有给主题", id="nothing to withdraw"),
        pytest.param(
            ["vote", "T-0001", "--withdraw", "--novelty", "1"], "撤回时不要打分", id="both"
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Invoke, words: list[str], message: str) -> None:
    done = run(*words, "--by", "小李")
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
