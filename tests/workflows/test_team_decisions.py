"""Policy, efforts and votes: what is written, what is refused, what other people lose: nothing."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from builders import NOW, TAXONOMY, make_theme
from desk import NewDatabase
from sqlalchemy import Engine
from storage_samples import ticket

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.priority.policy import Changed
from feedback_nlp.records import (
    Criterion,
    EffortKind,
    EffortSource,
    Policy,
    Signature,
    ThemeState,
    TicketState,
)
from feedback_nlp.storage import efforts, policies, themes, tickets, votes
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_efforts import ThemeEffort, find_effort, find_votes
from feedback_nlp.workflows.browse_policy import list_changes, show_policy
from feedback_nlp.workflows.cast_vote import cast_vote
from feedback_nlp.workflows.note_effort import clear_effort, estimate_effort, note_actual_effort
from feedback_nlp.workflows.set_policy import set_policy

HOME = "home"
SIGNED = Signature(" 小李 ", NOW, " 要改接口 ")
CRASH, SLOW, MERGED, ODD = "T-0001", "T-0002", "T-0003", "T-0004"
FEASIBILITY, NOVELTY, BENEFIT = Criterion.FEASIBILITY, Criterion.NOVELTY, Criterion.BENEFIT


@pytest.fixture
def engine(tmp_path: Path, new_database: NewDatabase) -> Iterator[Engine]:
    """A workspace with two themes of one topic, a merged one, one of no topic, two tickets."""
    opened = open_database(new_database(tmp_path))
    topic = TAXONOMY.topics[0].code
    merged = {"state": ThemeState.MERGED, "merged_into": CRASH}
    with transaction(opened) as session:
        kept = [
            make_theme(id=CRASH, name="闪退", topic=topic),
            make_theme(id=SLOW, name="卡顿", topic=topic),
            make_theme(id=MERGED, name="崩溃", topic=topic),
            make_theme(id=ODD, name="别的", topic="gone.topic"),
        ]
        themes.save(session, HOME, kept, now=NOW)
        themes.change(session, HOME, [replace(kept[2], **merged)])  # type: ignore[arg-type]
        done = ticket("K-0002", SLOW, TicketState.VERIFIED)
        tickets.save(session, HOME, [ticket("K-0001", CRASH), done], now=NOW)
    yield opened
    opened.dispose()


def change(engine: Engine, *wishes: tuple[str, str], by: Signature = SIGNED) -> tuple[Changed, ...]:
    return set_policy(engine, HOME, wishes, TAXONOMY, signature=by)


def effort_of(engine: Engine, theme_id: str = CRASH) -> ThemeEffort:
    with reading(engine) as session:
        return find_effort(session, HOME, theme_id, TAXONOMY)


def test_a_policy_is_changed_and_signed(engine: Engine) -> None:
    told = change(engine, ("reserve", "0.3"), ("tiers.A", "2"))
    assert told == (Changed("tiers.A", "1.5", "2"), Changed("reserve", "0.2", "0.3"))
    with reading(engine) as session:
        assert policies.current(session, HOME).reserve == 0.3
        shown = show_policy(session, HOME)
    assert {row.key: row.value for row in shown.settings}["tiers.A"] == "2"
    assert shown.latest is not None
    assert (shown.latest.author, shown.latest.reason, shown.latest.at) == ("小李", "要改接口", NOW)


def test_one_bad_setting_changes_none(engine: Engine) -> None:
    with pytest.raises(InputError, match=r"rfm\.high_days"):
        change(engine, ("reserve", "0.3"), ("rfm.high_days", "0"))
    with reading(engine) as session:
        assert policies.current(session, HOME) == Policy()


def test_what_counts_already_is_not_written_again(engine: Engine) -> None:
    assert change(engine, ("reserve", "0.2")) == ()
    with reading(engine) as session:
        assert show_policy(session, HOME).latest is None
        assert list_changes(session, HOME, Page(9)).total == 0


def test_the_changes_come_in_pages_newest_first(engine: Engine) -> None:
    for value in ("0.3", "0.4", "0.5"):
        change(engine, ("reserve", value))
    with reading(engine) as session:
        found = list_changes(session, HOME, Page(2, 1))
    assert found.total == 3
    assert [each.changes[0].after for each in found.changes] == ["0.4", "0.3"]


def test_two_people_who_change_different_settings_at_once_both_succeed(engine: Engine) -> None:
    def write(key: str) -> None:
        for number in range(1, 11):
            change(engine, (key, str(number)))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, ("tiers.B", "capacities.weekly")))
    with reading(engine) as session:
        found = policies.current(session, HOME)
        assert policies.mark(session, HOME) == 20
    assert (dict(found.tiers)["B"], found.capacities[0][1]) == (10, 10)


def test_an_estimate_counts_until_it_is_taken_back(engine: Engine) -> None:
    note = estimate_effort(engine, HOME, CRASH, 3, signature=SIGNED)
    found = effort_of(engine)
    assert (note.kind, note.author, note.reason) == (EffortKind.ESTIMATE, "小李", "要改接口")
    assert found.notes == (note,)
    assert found.effort is not None
    assert (found.effort.weeks, found.effort.source) == (3.0, EffortSource.OVERRIDE)
    clear_effort(engine, HOME, CRASH, signature=SIGNED)
    found = effort_of(engine)
    assert found.effort
    assert found.effort.source is EffortSource.DEFAULT
    assert [each.weeks for each in found.notes] == [3.0, None]


def test_what_tickets_of_the_topic_took_counts_from_the_second_one(engine: Engine) -> None:
    note = note_actual_effort(engine, HOME, "K-0002", 5, signature=SIGNED)
    assert (note.theme_id, note.ticket_id, note.weeks) == (SLOW, "K-0002", 5.0)
    assert effort_of(engine).effort != effort_of(engine, ODD).effort
    for weeks in (9, 2):  # the latest of a ticket counts
        note_actual_effort(engine, HOME, "K-0001", weeks, signature=SIGNED)
    found = effort_of(engine).effort
    assert found is not None
    assert (found.weeks, found.source) == (3.5, EffortSource.HISTORY)


def test_a_theme_of_a_topic_that_is_gone_has_no_effort(engine: Engine) -> None:
    assert effort_of(engine, ODD).effort is None


def test_votes_of_several_people_make_a_score(engine: Engine) -> None:
    cast_vote(engine, HOME, CRASH, {FEASIBILITY: 8, NOVELTY: 6}, signature=SIGNED)
    other = Signature("小王", NOW)
    found = cast_vote(engine, HOME, CRASH, {FEASIBILITY: 4}, signature=other)
    assert [(vote.author, vote.criterion, vote.points) for vote in found] == [
        ("小李", FEASIBILITY, 8.0),
        ("小李", NOVELTY, 6.0),
        ("小王", FEASIBILITY, 4.0),
    ]
    with reading(engine) as session:
        board = find_votes(session, HOME, CRASH).board
        assert find_votes(session, HOME, SLOW).board is None
    assert board is not None
    assert board.score == 6.0


def test_a_person_takes_back_only_their_own_votes(engine: Engine) -> None:
    for author in ("小李", "小王"):
        cast_vote(engine, HOME, CRASH, {NOVELTY: 6}, signature=Signature(author, NOW))
    left = cast_vote(engine, HOME, CRASH, dict.fromkeys(Criterion), signature=SIGNED)
    assert [vote.author for vote in left] == ["小王"]
    with reading(engine) as session:
        assert votes.mark(session, HOME) == 3  # only what was cast is taken back


def test_the_board_uses_the_weights_of_the_policy(engine: Engine) -> None:
    change(engine, ("board", "100,0,0"))
    cast_vote(engine, HOME, CRASH, {FEASIBILITY: 8, NOVELTY: 6}, signature=SIGNED)
    with reading(engine) as session:
        board = find_votes(session, HOME, CRASH).board
    assert board and board.score == 8.0  # noqa: PT018 (None has no score)


Do = Callable[[Engine, Signature], object]
WRITES: dict[str, Do] = {
    "policy": lambda e, by: set_policy(e, HOME, [("reserve", "0.3")], TAXONOMY, signature=by),
    "estimate": lambda e, by: estimate_effort(e, HOME, CRASH, 3, signature=by),
    "clear": lambda e, by: clear_effort(e, HOME, CRASH, signature=by),
    "actual": lambda e, by: note_actual_effort(e, HOME, "K-0001", 3, signature=by),
    "vote": lambda e, by: cast_vote(e, HOME, CRASH, {NOVELTY: 6}, signature=by),
}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(
    ("by", "message"),
    [
        pytest.param(Signature("  ", NOW), "author", id="nobody"),
        pytest.param(Signature("长" * 65, NOW), "64", id="a long name"),
        pytest.param(Signature("小\n李", NOW), "一行", id="a name on two lines"),
        pytest.param(Signature("\x00", NOW), "author", id="NUL"),
        pytest.param(Signature("小李", NOW, "长" * 501), "500", id="a long reason"),
        pytest.param(Signature("小李", NOW, "\ud800"), "reason", id="half a character"),
    ],
)
def test_a_bad_signature_is_refused_everywhere(
    engine: Engine, name: str, by: Signature, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        WRITES[name](engine, by)
    assert marks(engine) == (0, 0, 0)


def marks(engine: Engine) -> tuple[int, ...]:
    with reading(engine) as session:
        return tuple(noun.mark(session, HOME) for noun in (policies, efforts, votes))


@pytest.mark.parametrize(
    ("do", "error", "message"),
    [
        pytest.param(
            lambda e: estimate_effort(e, HOME, "T-0009", 3, signature=SIGNED),
            NotFoundError,
            "T-0009",
            id="no such theme to estimate",
        ),
        pytest.param(
            lambda e: estimate_effort(e, HOME, MERGED, 3, signature=SIGNED),
            ConflictError,
            f"已并入 {CRASH}",
            id="a merged theme to estimate",
        ),
        pytest.param(
            lambda e: estimate_effort(e, "other", CRASH, 3, signature=SIGNED),
            NotFoundError,
            CRASH,
            id="a theme of another workspace",
        ),
        pytest.param(
            lambda e: clear_effort(e, HOME, CRASH, signature=SIGNED),
            ConflictError,
            "没有人工估计",
            id="nothing to clear",
        ),
        pytest.param(
            lambda e: note_actual_effort(e, HOME, "K-0009", 3, signature=SIGNED),
            NotFoundError,
            "K-0009",
            id="no such ticket",
        ),
        pytest.param(
            lambda e: cast_vote(e, HOME, "T-0009", {NOVELTY: 6}, signature=SIGNED),
            NotFoundError,
            "T-0009",
            id="no such theme to vote for",
        ),
        pytest.param(
            lambda e: cast_vote(e, HOME, MERGED, {NOVELTY: 6}, signature=SIGNED),
            ConflictError,
            f"已并入 {CRASH}",
            id="a merged theme to vote for",
        ),
        pytest.param(
            lambda e: cast_vote(e, HOME, CRASH, {}, signature=SIGNED),
            InputError,
            "至少给一项",
            id="no vote at all",
        ),
        pytest.param(
            lambda e: cast_vote(e, HOME, CRASH, {NOVELTY: None}, signature=SIGNED),
            ConflictError,
            "没有给主题",
            id="no vote to take back",
        ),
        pytest.param(change, InputError, "1 到 100 项", id="no setting"),
        pytest.param(
            lambda e: change(e, *[("reserve", "0.3")] * 101),
            InputError,
            "1 到 100 项",
            id="too many settings",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(
    engine: Engine, do: Callable[[Engine], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        do(engine)
    assert marks(engine) == (0, 0, 0)


@pytest.mark.parametrize("weeks", [0.0, 0.049, 520.1, -1.0, 1e308, float("nan"), float("inf")])
def test_weeks_have_bounds(engine: Engine, weeks: float) -> None:
    with pytest.raises(InputError, match="520 人周"):
        estimate_effort(engine, HOME, CRASH, weeks, signature=SIGNED)
    with pytest.raises(InputError, match="520 人周"):
        note_actual_effort(engine, HOME, "K-0001", weeks, signature=SIGNED)


@pytest.mark.parametrize("points", [-0.1, 10.1, float("nan"), float("-inf")])
def test_points_have_bounds(engine: Engine, points: float) -> None:
    with pytest.raises(InputError, match="创新性要在 0 到 10 分"):
        cast_vote(engine, HOME, CRASH, {FEASIBILITY: 5, NOVELTY: points}, signature=SIGNED)
    assert marks(engine) == (0, 0, 0)
