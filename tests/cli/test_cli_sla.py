"""The service level on the command line."""

from pathlib import Path

import pytest
from cli_output import Invoke
from late_complaints import NOW, fill

from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.storage.database import open_database
from feedback_nlp.workflows.escalate import escalate_overdue

AS_OF = ("--as-of", NOW.isoformat())
GRAVE = (
    "grave  超时 1 天 17 小时（工作时间 1 小时 20 分）"
    "  应在 2026-03-07 16:30 前答复  研发  客服  严重程度 3"
)
LATE = (
    "late  超时 1 天 20 小时（工作时间 1 小时 20 分）"
    "  应在 2026-03-07 13:30 前答复  物流  客服  等级 B  严重程度 2"
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Options that name a database with the complaints of a week, escalated."""
    url = f"sqlite:///{tmp_path_factory.mktemp('sla') / 'feedback.db'}"
    engine, model = open_database(url), load_classifier("linear-zh").version
    fill(engine, "default", model=model)
    escalate_overdue(engine, "default", model=model, now=NOW, taxonomy=load_taxonomy())
    engine.dispose()
    return "--db", url


def test_figures_are_published(invoke: Invoke, database: tuple[str, str]) -> None:
    done = invoke("sla", "show", *AS_OF, *database)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:7] == [
        "2026-02-07 10:20 到 2026-03-09 10:20（30 天）：投诉和负面评价 6 件",
        "首次答复及时率 40.0%（95% 区间 11.8% 至 76.9%，到期 5 件）",
        "投诉按时解决率 16.7%（95% 区间 3.0% 至 56.4%，到期 6 件）",
        "首次答复用时中位数 1 小时（工作时间 1 小时）",
        "最近 90 天：超时未答复 2 件，快到期 1 件；升级未处理 5 件",
        "更早未答复 1 件，不逐条列出",
        "没有时间、无法计时的 1 件",
    ]
    heads = [line for line in lines if line.startswith("按")]
    assert heads == ["按客户等级", "按责任部门", "按渠道", "按适用的上限", "按来源"]
    assert "  A  1 件，及时率 还没有到期的，解决率 0.0%（" in done.stdout
    later = invoke("sla", "show", *database).stdout  # whatever the day is
    assert "最近 90 天：超时未答复 " in later


def test_late_ones_are_listed_with_the_users_words(
    invoke: Invoke, database: tuple[str, str]
) -> None:
    done = invoke("sla", "list", *AS_OF, *database)
    assert done.stdout.splitlines() == [
        GRAVE,
        "    “登不上去”",
        "    投诉：24 小时内首次答复",
        LATE,
        "    “送得太慢”",
        "    B 级客户的投诉：24 小时内首次答复",
        "共 2 件",
        "更早未答复 1 件（90 天以前），不逐条列出",
    ]
    soon = invoke("sla", "list", "--soon", *AS_OF, *database).stdout
    assert soon.startswith("soon  还剩 10 分钟（工作时间 10 分钟）  应在 2026-03-09 10:30 前答复")
    one = invoke("sla", "list", "--overdue", "--limit", "1", *AS_OF, *database).stdout
    assert "共 2 件，以上是最紧急的 1 件" in one


def test_an_escalated_one_is_closed(invoke: Invoke, database: tuple[str, str]) -> None:
    before = invoke("sla", "list", "--escalated", *AS_OF, *database).stdout
    assert "应在 2026-03-08 17:30 前解决" in before
    assert before.endswith("    2026-03-09 10:20 升级\n共 5 件\n")
    closing = ("sla", "close", "soon", "--by", "小李", "--reason", "已补发", *database)
    assert invoke(*closing).stdout == "已处理：soon，小李\n"
    assert "soon  " not in invoke("sla", "list", "--escalated", *database).stdout
    assert "soon  " in invoke("sla", "list", "--escalated", *AS_OF, *database).stdout
    again = invoke(*closing)
    assert (again.exit_code, again.stderr) == (2, "错误：评论 soon 的升级已由 小李 处理\n")


def test_a_due_time_is_worked_out(invoke: Invoke, database: tuple[str, str]) -> None:
    done = invoke("sla", "due", "2026-03-06 17:30", "--tier", "A", *database)
    assert done.stdout.splitlines() == [
        "2026-03-06 周五 17:30 来的，工作日",
        "A 级客户的投诉：2 小时（工作时间）内首次答复",
        "首次答复不晚于 2026-03-09 周一 10:30",
        "解决不晚于 2026-03-08 周日 17:30",
    ]
    far = invoke("sla", "due", "2027-05-01T09:30:00Z", "--kind", "review", *database).stdout
    assert far.startswith("2027-05-01 周六 17:30 来的，不是工作日\n负面评价：24 小时内首次答复\n")
    assert far.endswith("\n2027 年的节假日安排未知，按周一到周五都是工作日算\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("list", "--soon", "--overdue"), "一次只能写一个", id="two lists"),
        pytest.param(("show", "--as-of", "昨天"), "--as-of：", id="no time"),
        pytest.param(("show", "--as-of", "2090-01-01"), "在将来", id="the future"),
        pytest.param(("due", "明天"), "TIME：", id="no due time"),
        pytest.param(("due", "2026-03-06", "--kind", "fax"), "没有来源“fax”", id="no kind"),
        pytest.param(("due", "2026-03-06", "--topic", "慢"), "没有话题“慢”", id="no topic"),
        pytest.param(("close", "r9", "--by", "李"), "评论 r9 没有升级", id="never escalated"),
    ],
)
def test_what_cannot_be_is_refused(
    invoke: Invoke, database: tuple[str, str], words: tuple[str, ...], said: str
) -> None:
    done = invoke("sla", *words, *database)
    assert done.exit_code == 2
    assert said in done.stderr


def test_nothing_stored_has_no_rates(invoke: Invoke, database: tuple[str, str]) -> None:
    done = invoke("sla", "show", "--workspace", "other", *database)
    assert "首次答复及时率 还没有到期的\n" in done.stdout


def test_the_database_is_left_alone_by_reading(tmp_path: Path, invoke: Invoke) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    assert invoke("sla", "list", "--db", url).stdout == "共 0 件\n"


def test_an_answer_by_hand_counts(invoke: Invoke, database: tuple[str, str]) -> None:
    """Answered just in time, and written down afterwards."""
    words = ("sla", "answer", "late", "--by", "小李", "--at", "2026-03-07 13:00", *database)
    done = invoke(*words, "--text", "已催，电话 13900001234", "--result", "unsolved")
    assert (done.exit_code, done.stdout) == (0, "已记下：late 2026-03-07 13:00 小李\n")
    assert LATE not in invoke("sla", "list", *AS_OF, *database).stdout
    logged = invoke("reply", "log", *database).stdout
    assert "已催" in logged
    assert "2026-03-07 13:00  小李" in logged
    assert " 补记）" in logged
    assert "13900001234" not in logged
    for wrong, said in (
        (("nobody", "--by", "小李"), "没有编号为 nobody 的评论"),
        (("late", "--by", "小李", "--at", "2020-01-01"), "不能更早答复"),
        (("late", "--by", "小李", "--result", "好"), "没有结果“好”"),
    ):
        refused = invoke("sla", "answer", *wrong, *database)
        assert refused.exit_code == 2
        assert said in refused.stderr
