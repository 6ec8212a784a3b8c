"""What people do to themes: what each edit changes at once, what it keeps, what it refuses."""

from collections.abc import Callable
from dataclasses import replace
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
    splits,
)

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import PlainLabels, Polarity, ThemeState
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.correct_opinions import Wish, correct_opinion

NEW = "T-0005"


@pytest.fixture
def ledger(tmp_path: Path, new_database: NewDatabase) -> Ledger:
    return make_ledger(Desk(tmp_path, SpotClassifier(), TAXONOMY, new_database=new_database))


def praise(ledger: Ledger, name: str) -> None:
    """A person says that this was no complaint."""
    wish, desk = Wish(*ledger.places[name], PlainLabels(Polarity.POS)), ledger.desk
    model = desk.classifier.version
    with desk.engine() as engine, transaction(engine) as session:
        correct_opinion(session, desk.workspace, wish, TAXONOMY, model=model, now=NOW)


def test_a_name_given_by_hand_is_stored_without_its_margins(ledger: Ledger) -> None:
    effect = ledger.edit(renames("  登录页卡死 "))
    theme = ledger.theme(CRASH)
    assert (theme.name, theme.named_by_hand) == ("登录页卡死", True)
    assert counts(effect) == [(CRASH, 4, 4)]
    assert ledger.ranked() == [CRASH, SLOW]


def test_a_name_may_be_confirmed_by_giving_it_again(ledger: Ledger) -> None:
    ledger.edit(renames(NAMES[CRASH]))
    assert ledger.theme(CRASH).named_by_hand


def test_a_closed_theme_keeps_its_opinions_and_loses_its_rank(ledger: Ledger) -> None:
    effect = ledger.edit(closes(CRASH))
    theme = ledger.theme(CRASH)
    assert (theme.state, theme.count) == (ThemeState.CLOSED, 4)
    assert ledger.ranked() == [SLOW]
    assert effect.warnings == ()


@pytest.mark.parametrize(
    ("theme_id", "state"),
    [
        pytest.param(CRASH, ThemeState.OPEN, id="with opinions"),
        pytest.param(ASLEEP, ThemeState.DORMANT, id="without opinions"),
    ],
)
def test_a_reopened_theme_is_open_while_somebody_says_it(
    ledger: Ledger, theme_id: str, state: ThemeState
) -> None:
    ledger.edit(closes(theme_id))
    ledger.edit(reopens(theme_id))
    assert ledger.theme(theme_id).state is state


def test_merged_themes_give_all_their_opinions_and_keep_their_ids(ledger: Ledger) -> None:
    effect = ledger.edit(merges(CRASH, SLOW, REFUND, SLOW))
    assert counts(effect) == [(CRASH, 4, 9), (SLOW, 3, 0), (REFUND, 2, 0)]
    assert effect.moved == 5
    assert len(ledger.members(CRASH)) == 9
    assert {ledger.placed()[name] for name in ("乙一", "丙二")} == {CRASH}
    assert ledger.by_hand() == set()
    for theme_id in (SLOW, REFUND):
        gone = ledger.theme(theme_id)
        assert (gone.state, gone.merged_into) == (ThemeState.MERGED, CRASH)
        assert (gone.members, gone.count, gone.name) == ((), 0, NAMES[theme_id])
    assert ledger.ranked() == [CRASH]


def test_who_is_merged_keeps_how_it_once_came(ledger: Ledger) -> None:
    came = ledger.placements()
    ledger.edit(merges(CRASH, SLOW))
    assert ledger.placements() == [
        replace(each, theme_id=CRASH) if each.theme_id == SLOW else each for each in came
    ]


def test_a_sleeping_theme_wakes_when_another_is_merged_into_it(ledger: Ledger) -> None:
    ledger.edit(merges(ASLEEP, REFUND))
    assert (ledger.theme(ASLEEP).state, ledger.theme(ASLEEP).count) == (ThemeState.OPEN, 2)


def test_a_split_takes_who_says_the_same_words_along(ledger: Ledger) -> None:
    effect = ledger.edit(splits(ledger, CRASH, "甲一", name="一打开就退"))
    assert counts(effect) == [(NEW, 0, 2), (CRASH, 4, 2)]
    assert effect.moved == 2
    assert ledger.members(NEW) == {"甲一", "甲二"}
    assert ledger.members(CRASH) == {"甲三", "甲四"}
    assert ledger.bars() == {("甲一", CRASH), ("甲二", CRASH)}
    new = ledger.theme(NEW)
    assert (new.name, new.named_by_hand, new.topic) == ("一打开就退", True, "performance.crash")
    assert {quote.review_id for quote in new.quotes} == {place[0] for place in new.members}


def test_a_split_without_a_name_is_called_by_its_first_words(ledger: Ledger) -> None:
    ledger.edit(splits(ledger, CRASH, "甲三"))
    assert (ledger.theme(NEW).name, ledger.theme(NEW).named_by_hand) == (SAID["甲三"], False)


def test_a_number_is_never_used_again(ledger: Ledger) -> None:
    ledger.edit(splits(ledger, CRASH, "甲三"))
    ledger.edit(merges(CRASH, NEW))
    effect = ledger.edit(splits(ledger, CRASH, "甲三"))
    assert effect.changes[0].theme.id == "T-0006"


def test_moved_opinions_go_with_their_words_and_are_kept_out_of_the_old_theme(
    ledger: Ledger,
) -> None:
    effect = ledger.edit(moves(ledger, SLOW, "甲二", "丙一"))
    assert counts(effect) == [(SLOW, 3, 6), (CRASH, 4, 2), (REFUND, 2, 1)]
    assert effect.moved == 3
    assert ledger.members(SLOW) == {"乙一", "乙二", "乙三", "甲一", "甲二", "丙一"}
    assert ledger.bars() == {("甲一", CRASH), ("甲二", CRASH), ("丙一", REFUND)}


def test_opinions_can_leave_all_themes(ledger: Ledger) -> None:
    effect = ledger.edit(moves(ledger, None, "丙一", "丙二"))
    assert counts(effect) == [(REFUND, 2, 0)]
    assert {"丙一", "丙二"} & set(ledger.placed()) == set()
    assert ledger.theme(REFUND).state is ThemeState.DORMANT


def test_who_was_moved_came_by_hand(ledger: Ledger) -> None:
    ledger.edit(moves(ledger, SLOW, "甲三"))
    assert ledger.by_hand() == {"甲三"}


def test_an_opinion_in_no_theme_can_be_moved_into_one(ledger: Ledger) -> None:
    effect = ledger.edit(moves(ledger, CRASH, "散一"))
    assert counts(effect) == [(CRASH, 4, 5)]
    assert ledger.placed()["散一"] == CRASH
    assert ledger.bars() == set()


def test_who_was_put_back_is_not_kept_out_any_more(ledger: Ledger) -> None:
    ledger.edit(moves(ledger, SLOW, "甲三"))
    assert ledger.bars() == {("甲三", CRASH)}
    ledger.edit(moves(ledger, CRASH, "甲三"))
    assert ledger.bars() == {("甲三", SLOW)}
    ledger.edit(moves(ledger, None, "甲三"))
    assert ledger.bars() == {("甲三", SLOW), ("甲三", CRASH)}


def test_what_is_no_complaint_any_more_neither_counts_nor_moves(ledger: Ledger) -> None:
    praise(ledger, "甲四")
    with pytest.raises(InputError, match="不在主题"):
        ledger.edit(splits(ledger, CRASH, "甲四"))
    with pytest.raises(NotFoundError, match="只有它们"):
        ledger.edit(moves(ledger, SLOW, "甲四"))
    with pytest.raises(ConflictError, match="全部观点"):
        ledger.edit(splits(ledger, CRASH, "甲一", "甲三"))
    assert counts(ledger.edit(merges(SLOW, CRASH))) == [(SLOW, 3, 6), (CRASH, 4, 0)]


WARNED = "主题 T-0002 有未完成的工单 K-0001，请另行处理"


@pytest.mark.parametrize(
    ("work", "warnings"),
    [
        pytest.param(closes(SLOW), (WARNED,), id="closed"),
        pytest.param(merges(CRASH, SLOW), (WARNED,), id="merged away"),
        pytest.param(merges(SLOW, CRASH), (), id="merged into"),
        pytest.param(renames("配送太久", SLOW), (), id="renamed"),
    ],
)
def test_tickets_of_themes_that_leave_the_lists_are_named(
    ledger: Ledger, work: Work, warnings: tuple[str, ...]
) -> None:
    assert ledger.edit(work).warnings == warnings


def test_every_edit_is_told_with_author_time_and_reason_where_it_matters(ledger: Ledger) -> None:
    ledger.edit(renames("登录页卡死"))
    ledger.edit(splits(ledger, CRASH, "甲三"))
    ledger.edit(merges(SLOW, REFUND))
    ledger.edit(moves(ledger, SLOW, "甲四"))
    ledger.edit(closes(SLOW))
    ledger.edit(reopens(SLOW))
    told = {
        theme_id: [each.kind for each in ledger.history(theme_id)]
        for theme_id in (CRASH, SLOW, REFUND, NEW)
    }
    assert told == {
        CRASH: ["created", "rename", "split", "move"],
        SLOW: ["created", "merge", "move", "close", "reopen"],
        REFUND: ["created", "merge"],
        NEW: ["split"],
    }
    created, renamed, *_ = ledger.history(CRASH)
    assert created.signature is None
    assert renamed.signature == SIGNED
    assert dict(renamed.detail)["to"] == "登录页卡死"
    numbers = [each.number for each in ledger.history(SLOW)]
    assert numbers == sorted(set(numbers))


EVERY_EDIT: dict[str, Callable[[Ledger], Work]] = {
    "rename": lambda _: renames("登录页卡死"),
    "merge": lambda _: merges(CRASH, SLOW),
    "split": lambda ledger: splits(ledger, CRASH, "甲一"),
    "move": lambda ledger: moves(ledger, SLOW, "甲一", "散一"),
    "move out": lambda ledger: moves(ledger, None, "甲一"),
    "close": lambda _: closes(SLOW),
}


@pytest.mark.parametrize("work", EVERY_EDIT.values(), ids=EVERY_EDIT)
def test_a_preview_says_what_the_edit_will_do_and_leaves_no_trace(
    ledger: Ledger, work: Callable[[Ledger], Work]
) -> None:
    before = ledger.desk.dump()
    preview = ledger.edit(work(ledger), keep=False)
    assert ledger.desk.dump() == before
    assert ledger.edit(work(ledger)) == preview
    assert ledger.desk.dump() != before
