"""Undo: everything is as it was before, except what others did since."""

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import NOW, TAXONOMY, SpotClassifier
from desk import Desk, NewDatabase
from ledger import (
    ASLEEP,
    CRASH,
    NAMES,
    REFUND,
    SAID,
    SIGNED,
    SLOW,
    Ledger,
    Work,
    closes,
    counts,
    make_ledger,
    merges,
    moves,
    renames,
    reopens,
    rewrite,
    splits,
)

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import EditKind, How, Placement, Signature, ThemeState
from feedback_nlp.storage import people, placements
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person
from feedback_nlp.storage.placements import Compared
from feedback_nlp.workflows.undo_edit import undo

NEW = "T-0005"
REGRETS = Signature("小王", NOW, "看错了")


@pytest.fixture
def ledger(tmp_path: Path, new_database: NewDatabase) -> Ledger:
    return make_ledger(Desk(tmp_path, SpotClassifier(), TAXONOMY, new_database=new_database))


def undoes(number: int | None = None) -> Work:
    return lambda desk: undo(desk, REGRETS, number=number)


def joins(ledger: Ledger, name: str, theme_id: str) -> None:
    """A later run lets an opinion join a theme."""
    placed = Placement(*ledger.places[name], theme_id, How.JOINED, 0.8)
    with ledger.desk.engine() as engine, transaction(engine) as session:
        placements.put(session, ledger.desk.workspace, [placed], Compared("later", NOW))


EDITS: dict[str, Callable[[Ledger], Work]] = {
    "rename": lambda _: renames("登录页卡死"),
    "merge": lambda _: merges(CRASH, SLOW, REFUND),
    "merge into a sleeping one": lambda _: merges(ASLEEP, REFUND),
    "split": lambda ledger: splits(ledger, CRASH, "甲一"),
    "move": lambda ledger: moves(ledger, SLOW, "甲二", "丙一"),
    "move in": lambda ledger: moves(ledger, SLOW, "散一"),
    "move out": lambda ledger: moves(ledger, None, "丙一", "丙二"),
    "close": lambda _: closes(CRASH),
    "close a sleeping one": lambda _: closes(ASLEEP),
}


@pytest.mark.parametrize("work", EDITS.values(), ids=EDITS)
def test_an_undone_edit_leaves_themes_and_places_as_they_were(
    ledger: Ledger, work: Callable[[Ledger], Work]
) -> None:
    themes, placed = ledger.themes(), ledger.placed()
    done = ledger.edit(work(ledger))
    assert (ledger.themes(), ledger.placed()) != (themes, placed)
    undone = ledger.edit(undoes())
    assert [theme for theme in ledger.themes() if theme.id != NEW] == themes
    assert ledger.placed() == placed
    assert ledger.bars() == set()
    assert undone.moved == done.moved
    before, after = ({each[0]: each[1:] for each in counts(it)} for it in (done, undone))
    assert after == {theme_id: (to, was) for theme_id, (was, to) in before.items()}


def test_the_new_theme_of_an_undone_split_keeps_its_id_and_says_where_it_went(
    ledger: Ledger,
) -> None:
    ledger.edit(splits(ledger, CRASH, "甲一"))
    ledger.edit(undoes())
    new = ledger.theme(NEW)
    assert (new.state, new.merged_into, new.count) == (ThemeState.MERGED, CRASH, 0)


def test_a_reopening_is_undone(ledger: Ledger) -> None:
    ledger.edit(closes(SLOW))
    ledger.edit(reopens(SLOW))
    effect = ledger.edit(undoes())
    assert ledger.theme(SLOW).state is ThemeState.CLOSED
    assert effect.warnings == ("主题 T-0002 有未完成的工单 K-0001，请另行处理",)


def test_a_closed_theme_comes_back_closed_from_an_undone_merge(ledger: Ledger) -> None:
    ledger.edit(closes(SLOW))
    ledger.edit(merges(CRASH, REFUND, SLOW))
    assert ledger.edit(undoes()).warnings == ()
    assert ledger.theme(SLOW).state is ThemeState.CLOSED
    assert ledger.theme(REFUND).state is ThemeState.OPEN


def test_a_second_rename_is_undone_to_the_first(ledger: Ledger) -> None:
    ledger.edit(renames("一改"))
    ledger.edit(renames("二改"))
    ledger.edit(undoes())
    assert (ledger.theme(CRASH).name, ledger.theme(CRASH).named_by_hand) == ("一改", True)
    ledger.edit(undoes())
    assert not ledger.theme(CRASH).named_by_hand


def test_undo_takes_back_the_last_edit_that_is_left(ledger: Ledger) -> None:
    first = ledger.edit(renames("一改"))
    ledger.edit(closes(SLOW))
    ledger.edit(undoes())
    assert ledger.theme(SLOW).state is ThemeState.OPEN
    effect = ledger.edit(undoes())
    assert effect.edit.told("undoes") == str(first.edit.number)
    with pytest.raises(NotFoundError, match="没有可以撤销的修改"):
        ledger.edit(undoes())


def test_an_earlier_edit_of_other_themes_is_undone_by_its_number(ledger: Ledger) -> None:
    first = ledger.edit(renames("一改"))
    ledger.edit(closes(SLOW))
    ledger.edit(undoes(first.edit.number))
    assert ledger.theme(SLOW).state is ThemeState.CLOSED
    assert ledger.theme(CRASH).name != "一改"


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(lambda _: renames("配送太久", SLOW), id="its source"),
        pytest.param(lambda ledger: splits(ledger, CRASH, "甲三"), id="its target"),
        pytest.param(lambda ledger: moves(ledger, REFUND, "甲三"), id="what is moved out of it"),
    ],
)
def test_a_later_edit_of_the_same_theme_is_undone_first(
    ledger: Ledger, later: Callable[[Ledger], Work]
) -> None:
    first = ledger.edit(moves(ledger, CRASH, "乙一"))
    second = ledger.edit(later(ledger))
    before = ledger.desk.dump()
    with pytest.raises(ConflictError, match=f"第 {second.edit.number} 号.*先撤销"):
        ledger.edit(undoes(first.edit.number))
    assert ledger.desk.dump() == before
    ledger.edit(undoes(second.edit.number))
    ledger.edit(undoes(first.edit.number))
    assert ledger.placed()["乙一"] == SLOW


def test_nothing_is_undone_twice_and_no_undo_is_undone(ledger: Ledger) -> None:
    done = ledger.edit(renames("一改"))
    undone = ledger.edit(undoes())
    for number in (done.edit.number, undone.edit.number, 999):
        with pytest.raises(NotFoundError, match=f"第 {number} 号"):
            ledger.edit(undoes(number))


def test_who_joined_since_a_merge_stays(ledger: Ledger) -> None:
    ledger.edit(merges(CRASH, SLOW))
    joins(ledger, "散一", CRASH)
    ledger.edit(undoes())
    assert ledger.placed()["散一"] == CRASH
    assert ledger.members(SLOW) == {name for name in SAID if name.startswith("乙")}


def test_who_joined_the_new_theme_of_a_split_goes_back_with_it(ledger: Ledger) -> None:
    ledger.edit(splits(ledger, CRASH, "甲一"))
    joins(ledger, "散一", NEW)
    assert ledger.edit(undoes()).moved == 3
    assert ledger.placed()["散一"] == CRASH
    assert "散一" in ledger.members(CRASH)


def test_who_was_moved_on_since_is_not_moved_back(ledger: Ledger) -> None:
    first = ledger.edit(moves(ledger, None, "甲三"))
    ledger.edit(moves(ledger, SLOW, "甲三"))
    effect = ledger.edit(undoes(first.edit.number))
    assert effect.moved == 0
    assert ledger.placed()["甲三"] == SLOW


def test_bars_of_earlier_edits_stay(ledger: Ledger) -> None:
    ledger.edit(moves(ledger, SLOW, "甲三"))
    ledger.edit(moves(ledger, REFUND, "甲三"))
    assert ledger.bars() == {("甲三", CRASH), ("甲三", SLOW)}
    ledger.edit(undoes())
    assert ledger.bars() == {("甲三", CRASH)}


def test_what_was_erased_since_is_not_brought_back(ledger: Ledger) -> None:
    ledger.edit(merges(CRASH, SLOW))
    order = ErasureOrder("管理员", "请求单 7", NOW)
    with ledger.desk.engine() as engine, transaction(engine) as session:
        people.erase(session, ledger.desk.workspace, Person(("乙一",)), order)
    assert ledger.edit(undoes()).moved == 2
    assert ledger.members(SLOW) == {"乙二", "乙三"}


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda ledger: moves(ledger, None, "丙一"), id="moved out"),
        pytest.param(lambda ledger: moves(ledger, SLOW, "丙一"), id="moved over"),
        pytest.param(lambda _: merges(SLOW, REFUND), id="merged"),
    ],
)
def test_a_text_that_was_rewritten_since_is_not_moved_back(
    ledger: Ledger, work: Callable[[Ledger], Work]
) -> None:
    done = ledger.edit(work(ledger))
    rewrite(ledger, "丙一", "客服不理人")
    undone = ledger.edit(undoes())
    assert undone.moved == done.moved - 1
    assert "丙一" not in ledger.placed()
    assert "丙一" not in ledger.members(REFUND)


def test_a_text_that_was_put_back_since_is_moved_back(ledger: Ledger) -> None:
    ledger.edit(moves(ledger, None, "丙一"))
    rewrite(ledger, "丙一", "客服不理人")
    rewrite(ledger, "丙一", SAID["丙一"])
    assert ledger.edit(undoes()).moved == 1
    assert ledger.placed()["丙一"] == REFUND


def test_an_undone_merge_leaves_how_opinions_came_as_it_was(ledger: Ledger) -> None:
    joins(ledger, "散一", SLOW)
    came = ledger.placements()
    ledger.edit(merges(CRASH, SLOW, REFUND))
    ledger.edit(undoes())
    assert ledger.placements() == came


@pytest.mark.parametrize(
    ("work", "others"),
    [
        pytest.param(renames("一改"), renames(NAMES[CRASH], SLOW), id="rename"),
        pytest.param(closes(CRASH), renames(NAMES[CRASH], SLOW), id="close"),
        pytest.param(merges(REFUND, CRASH), renames(NAMES[CRASH], SLOW), id="merge"),
    ],
)
def test_no_undo_gives_two_listed_themes_one_name(ledger: Ledger, work: Work, others: Work) -> None:
    number = ledger.edit(work).edit.number
    ledger.edit(others)
    before = ledger.desk.dump()
    with pytest.raises(ConflictError, match=r"T-0002 也叫“打开闪退”.*theme rename"):
        ledger.edit(undoes(number))
    assert ledger.desk.dump() == before
    ledger.edit(renames("配送太久", SLOW))
    ledger.edit(undoes(number))
    theme = ledger.theme(CRASH)
    assert (theme.name, theme.state) == (NAMES[CRASH], ThemeState.OPEN)


def test_no_undo_wakes_a_theme_under_the_name_of_another(ledger: Ledger) -> None:
    number = ledger.edit(moves(ledger, None, "丙一", "丙二")).edit.number
    ledger.edit(renames(NAMES[REFUND], SLOW))
    with pytest.raises(ConflictError, match="T-0002 也叫“退款不到账”"):
        ledger.edit(undoes(number))


def test_a_split_is_made_again_after_its_undo(ledger: Ledger) -> None:
    ledger.edit(splits(ledger, CRASH, "甲一"))
    ledger.edit(undoes())
    with pytest.raises(ConflictError, match="拆分已经撤销。请改 T-0001，或再拆分一次"):
        ledger.edit(renames("新名", NEW))
    assert ledger.edit(splits(ledger, CRASH, "甲一")).moved == 2


def test_advice_about_a_merged_theme_can_be_followed(ledger: Ledger) -> None:
    number = ledger.edit(merges(CRASH, SLOW)).edit.number
    again = ledger.edit(merges(REFUND, CRASH)).edit.number
    advice = f"请改 {REFUND}，或先撤销那次合并：theme undo"
    with pytest.raises(ConflictError, match=f"{advice} {number}"):
        ledger.edit(renames("新名", SLOW))
    with pytest.raises(ConflictError, match=f"{advice} {again}"):
        ledger.edit(renames("新名", CRASH))
    for each in (again, number):
        ledger.edit(undoes(each))
    ledger.edit(renames("新名", SLOW))


def test_history_keeps_the_edit_its_undo_and_who_did_both(ledger: Ledger) -> None:
    ledger.edit(merges(CRASH, SLOW))
    ledger.edit(undoes())
    for theme_id in (CRASH, SLOW):
        _, merged, undone = ledger.history(theme_id)
        assert (merged.kind, merged.undone, merged.signature) == (EditKind.MERGE, True, SIGNED)
        assert (undone.kind, undone.undone, undone.signature) == (EditKind.UNDO, False, REGRETS)


def test_a_preview_of_an_undo_leaves_no_trace(ledger: Ledger) -> None:
    ledger.edit(splits(ledger, CRASH, "甲一"))
    before = ledger.desk.dump()
    preview = ledger.edit(undoes(), keep=False)
    assert ledger.desk.dump() == before
    assert ledger.edit(undoes()) == preview
