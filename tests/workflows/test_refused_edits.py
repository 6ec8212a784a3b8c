"""Edits that make no sense, each with an error that says what to do instead."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builders import NOW, TAXONOMY, SpotClassifier
from desk import Desk, NewDatabase
from ledger import (
    CRASH,
    NAMES,
    REFUND,
    SLOW,
    Ledger,
    Work,
    closes,
    make_ledger,
    merges,
    moves,
    other_model,
    renames,
    reopens,
    splits,
)

from feedback_nlp.errors import ConflictError, FeedbackError, InputError, NotFoundError
from feedback_nlp.records import Signature
from feedback_nlp.storage import theme_edits
from feedback_nlp.workflows.edit_themes import LONGEST_NAME, close


@pytest.fixture
def ledger(tmp_path: Path, new_database: NewDatabase) -> Ledger:
    return make_ledger(Desk(tmp_path, SpotClassifier(), TAXONOMY, new_database=new_database))


REFUSED: list[tuple[str, type[FeedbackError], str, Callable[[Ledger], Work]]] = [
    ("no such theme", NotFoundError, "T-0099", lambda _: renames("新名", "T-0099")),
    ("empty name", InputError, "name：", lambda _: renames("  ")),
    ("long name", InputError, "name：", lambda _: renames("长" * (LONGEST_NAME + 1))),
    ("two lines", InputError, "一行", lambda _: renames("一\n二")),
    ("line separator", InputError, "一行", lambda _: renames("一\u2028二")),
    ("half a character", InputError, "name", lambda _: renames("\ud83d")),
    ("name of another", ConflictError, "merge", lambda _: renames(NAMES[SLOW])),
    ("reopen an open one", ConflictError, "没有关闭", lambda _: reopens(CRASH)),
    ("merge nothing", InputError, "sources", lambda _: merges(CRASH)),
    ("merge with itself", InputError, "sources", lambda _: merges(CRASH, SLOW, CRASH)),
    ("merge a stranger", NotFoundError, "T-0099", lambda _: merges(CRASH, "T-0099")),
    ("split nothing", InputError, "opinions", lambda each: splits(each, CRASH)),
    ("split a stranger", InputError, "不在主题", lambda each: splits(each, CRASH, "乙一")),
    ("split all", ConflictError, "全部", lambda each: splits(each, CRASH, "甲一", "甲三", "甲四")),
    (
        "split under a known name",
        ConflictError,
        "已经叫",
        lambda each: splits(each, CRASH, "甲三", name=NAMES[SLOW]),
    ),
    ("move nothing", InputError, "opinions", lambda each: moves(each, SLOW)),
    ("move to where it is", InputError, "已经在 T-0002", lambda each: moves(each, SLOW, "乙一")),
    ("move out what is out", InputError, "未归类", lambda each: moves(each, None, "散一")),
    ("move praise", NotFoundError, "只有它们", lambda each: moves(each, SLOW, "好评")),
    ("move to a stranger", NotFoundError, "T-0099", lambda each: moves(each, "T-0099", "甲一")),
]


@pytest.mark.parametrize(
    ("error", "message", "work"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED]
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    ledger: Ledger,
    error: type[FeedbackError],
    message: str,
    work: Callable[[Ledger], Work],
) -> None:
    before = ledger.desk.dump()
    with pytest.raises(error, match=message):
        ledger.edit(work(ledger))
    assert ledger.desk.dump() == before


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda _: renames("新名", SLOW), id="rename"),
        pytest.param(lambda _: closes(SLOW), id="close"),
        pytest.param(lambda _: reopens(SLOW), id="reopen"),
        pytest.param(lambda _: merges(SLOW, REFUND), id="merge into"),
        pytest.param(lambda _: merges(REFUND, SLOW), id="merge again"),
        pytest.param(lambda each: moves(each, SLOW, "丙一"), id="move into"),
        pytest.param(lambda each: splits(each, SLOW, "乙一"), id="split"),
    ],
)
def test_a_merged_theme_is_not_edited_and_says_where_it_went(
    ledger: Ledger, work: Callable[[Ledger], Work]
) -> None:
    ledger.edit(merges(CRASH, SLOW))
    with pytest.raises(ConflictError, match="T-0002 已并入 T-0001"):
        ledger.edit(work(ledger))


def test_closing_twice_is_refused(ledger: Ledger) -> None:
    ledger.edit(closes(CRASH))
    with pytest.raises(ConflictError, match="已经关闭"):
        ledger.edit(closes(CRASH))


def test_no_theme_is_reopened_under_the_name_of_another(ledger: Ledger) -> None:
    ledger.edit(closes(CRASH))
    ledger.edit(renames(NAMES[CRASH], SLOW))
    before = ledger.desk.dump()
    with pytest.raises(ConflictError, match=r"T-0002 也叫“打开闪退”.*theme rename"):
        ledger.edit(reopens(CRASH))
    assert ledger.desk.dump() == before
    ledger.edit(renames("打开就退", CRASH))
    ledger.edit(reopens(CRASH))


def test_an_author_that_no_database_can_keep_is_refused(ledger: Ledger) -> None:
    with pytest.raises(InputError, match="author"):
        ledger.edit(lambda desk: close(desk, CRASH, Signature("a\x00b", NOW)))


def test_a_model_that_has_read_nothing_cannot_empty_the_themes(ledger: Ledger) -> None:
    unread = other_model(ledger, "spot/2026-09-09")
    with pytest.raises(ConflictError, match=r"spot/2026-09-09.*score 和 plan"):
        unread.edit(merges(CRASH, SLOW))


def test_a_workspace_knows_nothing_of_another(ledger: Ledger) -> None:
    elsewhere = replace(ledger, desk=replace(ledger.desk, workspace="别处"))
    with pytest.raises(NotFoundError):
        elsewhere.edit(renames("新名"))
    with elsewhere.reading() as session:
        assert theme_edits.edits(session, "别处") == []
