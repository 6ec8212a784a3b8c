"""Proposals and reasons on the command line: looked at, accepted, rejected, previewed."""

import re

import pytest
from builders import NOW
from cli_output import Invoke
from typer.testing import Result

from feedback_nlp.records import Proposal, ProposalKind
from feedback_nlp.storage import proposals, themes
from feedback_nlp.storage.database import open_database, reading, transaction

CRASH, SLOW = "T-0001", "T-0002"
DATABASE = "sqlite:///out/feedback.db"
Place = tuple[str, int]


@pytest.fixture(autouse=True)
def places(invoke: Invoke, planned: None) -> list[Place]:  # noqa: ARG001 (they come first)
    """Find in the planned complaints that two themes are one, and one is two."""
    engine = open_database(DATABASE)
    with reading(engine) as session:
        crash = themes.get(session, "default", CRASH)
    assert crash is not None
    made = (
        Proposal(ProposalKind.MERGE, CRASH, SLOW, 0.8312),
        Proposal(ProposalKind.SPLIT, CRASH, None, 0.2, crash.members[:1]),
    )
    with transaction(engine) as session:
        proposals.save(session, "default", made, now=NOW)
    engine.dispose()
    return list(crash.members)


def lines(done: Result) -> list[str]:
    assert done.exit_code == 0
    return done.stdout.splitlines()


def test_open_proposals_show_themes_similarity_and_quotes(invoke: Invoke) -> None:
    merge, split, quote, last = lines(invoke("theme", "proposals"))
    assert re.fullmatch(
        r"P-0001  合并  T-0002“.*”（6 个观点） → T-0001“.*”（6 个观点）  相似度 0\.83", merge
    )
    assert re.fullmatch(
        r"P-0002  拆分  T-0001“.*”（6 个观点），拆出 1 个观点  与其余的相似度 0\.20", split
    )
    assert re.fullmatch(r"  R-\w+:\d+  .*闪退.*", quote)
    assert last == "共 2 条建议"
    assert lines(invoke("theme", "proposals", "--limit", "1"))[-1] == "共 2 条建议，以上是前 1 条"


def test_a_rejected_proposal_says_who_why_and_leaves_the_list(invoke: Invoke) -> None:
    told = ("--author", "小李", "--reason", "不是\n一回事")
    assert lines(invoke("theme", "reject", "P-0001", *told)) == ["已拒绝建议 P-0001，以后不再提出"]
    assert "P-0001" not in invoke("theme", "proposals").stdout
    head, by, last = lines(invoke("theme", "proposals", "--state", "rejected"))
    assert head.endswith("  已拒绝")
    assert re.fullmatch(r"  \d{4}-\d\d-\d\d \d\d:\d\d  小李  不是 一回事", by)
    assert last == "共 1 条建议"


def test_an_accepted_proposal_is_an_edit_that_can_be_undone(invoke: Invoke) -> None:
    before = lines(invoke("theme", "list"))
    preview = lines(invoke("theme", "accept", "P-0001", "--dry-run"))
    assert preview[0] == "预览合并：以下改变没有保存"
    assert len(lines(invoke("theme", "proposals"))) == 4
    done = lines(invoke("theme", "accept", "P-0001", "--author", "小李"))
    assert re.fullmatch(r"已合并，第 \d+ 号修改", done[0])
    assert lines(invoke("theme", "proposals", "--state", "accepted"))[-1] == "共 1 条建议"
    lines(invoke("theme", "undo"))
    after = lines(invoke("theme", "list"))
    # Its rank comes with the next plan.
    assert sorted(line.split("  ")[1:] for line in after) == sorted(
        line.split("  ")[1:] for line in before
    )


def test_an_accepted_split_makes_a_theme(invoke: Invoke, places: list[Place]) -> None:
    new = re.search(r"T-\d{4}", lines(invoke("theme", "accept", "P-0002"))[1])
    assert new is not None
    shown = invoke("theme", "show", new[0]).stdout
    assert f"{places[0][0]}:{places[0][1]}" in shown


def test_why_tells_how_it_came_and_what_is_alike_now(invoke: Invoke, places: list[Place]) -> None:
    place = f"{places[0][0]}:{places[0][1]}"
    told = lines(invoke("theme", "why", place))
    assert re.fullmatch(rf"{place}  {CRASH}  .*闪退", told[0])
    assert told[1].startswith("归入：主题由此形成")
    assert re.match(r"现在：.*(相近|说法相同)", told[2])
    assert re.fullmatch(r"与主题的相似度 0\.\d\d", told[3])
    assert re.fullmatch(r"最相近的原话（\d\.\d\d）：", told[4])
    assert re.fullmatch(r"  R-\w+:\d+  .+", told[5])
    assert "闪退" in told[6]
    assert len(told) == 7


def test_why_of_a_moved_opinion_names_the_person(invoke: Invoke, places: list[Place]) -> None:
    place = f"{places[0][0]}:{places[0][1]}"
    lines(invoke("theme", "move", place, "--to", SLOW))
    told = lines(invoke("theme", "why", place))
    assert told[0].startswith(f"{place}  {SLOW}  ")
    assert told[1] == "归入：人工"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(("proposals", "--state", "x"), "open（待处理）", id="state"),
        pytest.param(("accept", "P-0099"), "P-0099", id="accept a stranger"),
        pytest.param(("reject", "P-0099"), "P-0099", id="reject a stranger"),
        pytest.param(("why", "R-1"), "评论编号:起始位置", id="place without start"),
        pytest.param(("why", "R-1:0"), "R-1", id="no such opinion"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(
    invoke: Invoke, words: tuple[str, ...], complaint: str
) -> None:
    done = invoke("theme", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("错误：")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


def test_nothing_is_accepted_after_it_was_rejected(invoke: Invoke) -> None:
    lines(invoke("theme", "reject", "P-0001"))
    before = lines(invoke("theme", "list"))
    done = invoke("theme", "accept", "P-0001")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "P-0001" in done.stderr
    assert lines(invoke("theme", "list")) == before
