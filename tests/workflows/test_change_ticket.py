"""Tickets under several hands: what changes, what is refused, what the trail keeps."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from builders import NOW, make_theme
from desk import NewDatabase, sqlite_in
from sqlalchemy import Engine
from storage_samples import ticket

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import (
    EffortKind,
    EffortNote,
    Outcome,
    Release,
    Signature,
    Ticket,
    TicketState,
    Verdict,
)
from feedback_nlp.storage import efforts, outcomes, releases, themes, tickets
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.tickets import Wanted
from feedback_nlp.workflows import change_ticket
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_tickets import (
    TicketFile,
    TicketOrder,
    find_ticket,
    list_tickets,
    progress,
)
from feedback_nlp.workflows.change_ticket import DEFAULT_TARGET, TicketEdit

HOME, CRASH, SLOW = "home", "T-0001", "T-0002"
ZHANG, LI = Signature("张三", NOW, "评审通过"), Signature(" 李四 ", NOW + timedelta(hours=1))
SCHEDULED, HOLD, REJECTED = TicketState.SCHEDULED, TicketState.ON_HOLD, TicketState.REJECTED


@contextmanager
def workspace(url: str) -> Iterator[Engine]:
    """A workspace with two themes and a draft about each."""
    opened = open_database(url)
    with transaction(opened) as session:
        themes.save(session, HOME, [make_theme(id=CRASH), make_theme(id=SLOW)], now=NOW)
        tickets.save(session, HOME, [ticket("K-0001", CRASH), ticket("K-0002", SLOW)], now=NOW)
    yield opened
    opened.dispose()


@pytest.fixture
def engine(tmp_path: Path, new_database: NewDatabase) -> Iterator[Engine]:
    with workspace(new_database(tmp_path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The same on SQLite, for tests in which everything is refused."""
    with workspace(sqlite_in(tmp_path_factory.mktemp("untouched"))) as opened:
        yield opened


def do(
    engine: Engine,
    change: Callable[..., Any],
    *what: object,
    key: str = "K-0001",
    **how: Any,  # noqa: ANN401 (what a change takes)
) -> Any:  # noqa: ANN401 (what a change returns)
    with transaction(engine) as session:
        return change(session, HOME, key, *what, **how)


def move(engine: Engine, to: TicketState, by: Signature = ZHANG, **how: Any) -> Ticket:  # noqa: ANN401 (any option)
    moved: Ticket = do(engine, change_ticket.move_ticket, to, by, **how)
    return moved


def assign(engine: Engine, by: Signature = LI, **how: Any) -> Ticket:  # noqa: ANN401 (any option)
    assigned: Ticket = do(engine, change_ticket.assign_ticket, by, **how)
    return assigned


def edit(engine: Engine, by: Signature = LI, expected: int | None = None, **what: Any) -> Ticket:  # noqa: ANN401 (any field)
    wish = TicketEdit(**what)
    edited: Ticket = do(engine, change_ticket.edit_ticket, wish, by, expected=expected)
    return edited


def stored(engine: Engine, key: str = "K-0001") -> TicketFile:
    with reading(engine) as session:
        return find_ticket(session, HOME, key)


def trail(engine: Engine) -> list[tuple[str, dict[str, str]]]:
    return [(event.kind, dict(event.detail)) for event in stored(engine).trail]


# --- what changes ------------------------------------------------------------------------------


def test_moves_are_stored_counted_and_told(engine: Engine) -> None:
    assert move(engine, SCHEDULED) == replace(ticket(), state=SCHEDULED, revision=1)
    moved = move(engine, TicketState.IN_PROGRESS, LI, expected=1)
    assert stored(engine).ticket == moved
    assert stored(engine).trail == (
        Event("K-0001", NOW, "created", (("title", "修复启动闪退"),)),
        Event(
            "K-0001",
            NOW,
            "moved",
            (
                ("author", "张三"),
                ("reason", "评审通过"),
                ("revision", "1"),
                ("from", "待评估"),
                ("to", "已排期"),
            ),
        ),
        Event(
            "K-0001",
            LI.at,
            "moved",
            (
                ("author", "李四"),
                ("reason", ""),
                ("revision", "2"),
                ("from", "已排期"),
                ("to", "进行中"),
            ),
        ),
    )


def test_titles_and_reasons_are_kept_without_personal_data(engine: Engine) -> None:
    by = Signature("李四", NOW, "用户13912345678又来电")
    edited = edit(engine, by, title="修好13912345678说的闪退")
    assert edited.title == "修好***********说的闪退"
    _, detail = trail(engine)[-1]
    assert (detail["to"], detail["reason"]) == (edited.title, "用户***********又来电")


def test_the_system_moves_without_a_reason_and_the_trail_says_that_it_was_no_person(
    engine: Engine,
) -> None:
    for state in (SCHEDULED, TicketState.IN_PROGRESS, TicketState.RELEASED):
        move(engine, state)
    robot = Signature("系统", NOW)
    move(engine, TicketState.VERIFYING, robot, system=True)
    move(engine, TicketState.VERIFIED, robot, system=True)
    assert [detail.get("system") for _, detail in trail(engine)] == [None] * 4 + ["1"] * 2


def test_an_owner_and_a_department_are_assigned_and_taken_away(engine: Engine) -> None:
    assigned = assign(engine, owner=" 王五 ", department="安卓")
    assert (assigned.owner, assigned.department, assigned.fixed) == (
        "王五",
        "安卓",
        ("department",),
    )
    assert assigned.revision == 1
    assert assign(engine, owner="王五", expected=1) == assigned
    assert assign(engine, owner="").owner is None
    told = [(detail["field"], detail["from"], detail["to"]) for _, detail in trail(engine)[1:]]
    assert told == [
        ("department", "客户端", "安卓"),
        ("owner", "", "王五"),
        ("owner", "王五", ""),
    ]


def test_what_a_person_set_survives_new_drafts_until_it_is_given_back(engine: Engine) -> None:
    kept: dict[str, Any] = {
        "title": "先修安卓",
        "due": date(2026, 5, 1),
        "department": "安卓",
        "target": 0.7,
    }
    edited = edit(engine, **kept)
    assert edited.fixed == ("department", "due", "target", "title")
    draft = replace(
        ticket(), title="别的", due=date(2026, 8, 8), department="后端", lane="yearly", problem="新"
    )
    with transaction(engine) as session:
        tickets.save(session, HOME, [draft], now=NOW)
    found = stored(engine).ticket
    assert {name: getattr(found, name) for name in kept} == kept
    assert (found.lane, found.problem, found.revision) == ("yearly", "新", 1)
    back = edit(engine, defaults=frozenset(kept))
    assert (back.title, back.due, back.department) == ("修复启动闪退", date(2026, 3, 9), "客户端")
    assert (back.target, back.fixed, back.revision) == (DEFAULT_TARGET, (), 2)
    with transaction(engine) as session:
        tickets.save(session, HOME, [replace(draft, lane="weekly")], now=NOW)
    after = stored(engine).ticket
    assert (after.title, after.department, after.due) == ("别的", "后端", date(2026, 8, 8))


def test_giving_back_what_was_edited_twice_skips_the_edits(engine: Engine) -> None:
    for title in ("第一次改", "第二次改"):
        edit(engine, title=title)
    assert edit(engine, defaults=frozenset({"title"})).title == "修复启动闪退"
    assert edit(engine, title="又改").title == "又改"
    assert edit(engine, defaults=frozenset({"title", "due"})).title == "修复启动闪退"
    assert ticket().target == DEFAULT_TARGET


def test_a_comment_keeps_its_lines_and_no_phone_number_and_leaves_the_revision(
    engine: Engine,
) -> None:
    text = "用户来电\r\n手机号13812345678，要求回电"
    do(engine, change_ticket.comment_ticket, text, ZHANG)
    assert stored(engine).ticket == ticket()
    (_, detail) = trail(engine)[-1]
    assert detail["text"] == "用户来电\n手机号***********，要求回电"


# --- what is refused ---------------------------------------------------------------------------


def test_a_change_of_what_somebody_else_changed_meanwhile_is_told_and_not_written(
    engine: Engine,
) -> None:
    move(engine, SCHEDULED)
    do(engine, change_ticket.comment_ticket, "请尽快", ZHANG)
    edit(engine, due=date(2026, 5, 1), expected=1)
    before = stored(engine)
    with pytest.raises(ConflictError) as caught:
        move(engine, TicketState.IN_PROGRESS, expected=1)
    at = "2026-06-01 10:00"
    assert str(caught.value) == (
        f"工单 K-0001 现在是第 2 版，不是第 1 版：{at} 李四 修改截止日期 2026-03-09 → 2026-05-01。"
        "什么也没有写入，请看过后再改"
    )
    assert caught.value.revision == 2
    assert stored(engine) == before
    with pytest.raises(ConflictError, match="不是第 9 版。什么也没有写入"):
        assign(engine, owner="王五", expected=9)


@pytest.mark.parametrize("state", [HOLD, REJECTED], ids=lambda state: state.value)
def test_stopping_without_a_reason_is_refused(untouched: Engine, state: TicketState) -> None:
    with pytest.raises(InputError, match="要写明原因"):
        move(untouched, state, LI)


def test_moving_to_where_it_is_or_must_not_go_is_refused(untouched: Engine) -> None:
    with pytest.raises(
        ConflictError, match="已经是“待评估”，不用再移动；可以移到：已排期、不予实施、挂起"
    ):
        move(untouched, TicketState.TRIAGE)
    with pytest.raises(ConflictError, match="K-0001 现在是“待评估”，不能移到“已发布”"):
        move(untouched, TicketState.RELEASED)
    assert len(stored(untouched).trail) == 1


@pytest.mark.parametrize(
    ("what", "message"),
    [
        pytest.param({}, "请写明要改什么", id="nothing"),
        pytest.param({"title": " "}, "标题要有 1 到 100 个字", id="blank title"),
        pytest.param({"title": "两\n行"}, "写在一行里", id="title of two lines"),
        pytest.param({"department": "部" * 65}, "1 到 64 个字", id="long department"),
        pytest.param({"due": date(1999, 12, 31)}, "2000-01-01 到", id="early day"),
        pytest.param({"target": 0.0}, "大于 0、不超过 1", id="no target"),
        pytest.param({"target": float("nan")}, "大于 0、不超过 1", id="not a number"),
        pytest.param({"target": 1.01}, "大于 0、不超过 1", id="target of more"),
        pytest.param({"defaults": frozenset({"owner"})}, "没有字段“owner”", id="never drafted"),
        pytest.param(
            {"title": "题", "defaults": frozenset({"title"})}, "不能既设定又交还", id="both"
        ),
    ],
)
def test_an_edit_that_cannot_be_is_refused(
    untouched: Engine, what: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        edit(untouched, **what)


@pytest.mark.parametrize(
    "text", [" \n ", "长" * 2001, "坏\x00字", "残\ud83d"], ids=["blank", "long", "nul", "surrogate"]
)
def test_a_comment_that_cannot_be_stored_is_refused(untouched: Engine, text: str) -> None:
    with pytest.raises(InputError, match="1 到 2000 个字"):
        do(untouched, change_ticket.comment_ticket, text, ZHANG)


def test_an_assignment_of_nothing_and_a_ticket_that_is_none_are_refused(untouched: Engine) -> None:
    with pytest.raises(InputError, match="请写明负责人或责任部门"):
        assign(untouched)
    with pytest.raises(NotFoundError, match="K-0009"):
        assign(untouched, owner="王五", key="K-0009")
    with pytest.raises(NotFoundError, match="K-0009"):
        stored(untouched, "K-0009")


def test_of_two_writers_who_saw_the_same_one_wins_and_the_other_hears_of_it(
    engine: Engine,
) -> None:
    start = Barrier(2)

    def write(author: str) -> str:
        start.wait()
        try:
            move(
                engine,
                SCHEDULED if author == "张三" else HOLD,
                Signature(author, NOW, "我定的"),
                expected=0,
            )
        except ConflictError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = dict(zip(("张三", "李四"), pool.map(write, ("张三", "李四")), strict=True))
    (winner,) = [author for author, message in said.items() if not message]
    (message,) = filter(None, said.values())
    assert f"{winner} 移动 待评估 → " in message
    found = stored(engine)
    assert found.ticket.revision == 1
    assert [dict(event.detail).get("author") for event in found.trail] == [None, winner]


def test_writers_who_expect_nothing_come_one_after_the_other_and_nothing_is_lost(
    engine: Engine,
) -> None:
    def write(author: str) -> None:
        for number in range(5):
            assign(engine, Signature(author, NOW), owner=f"{author}{number}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, ("张三", "李四")))
    told = [detail for _, detail in trail(engine)[1:]]
    assert stored(engine).ticket.revision == len(told) == 10
    assert [detail["from"] for detail in told[1:]] == [detail["to"] for detail in told[:-1]]


# --- what is read ------------------------------------------------------------------------------


def test_a_ticket_is_shown_with_all_that_is_known_of_it(engine: Engine) -> None:
    note = EffortNote(EffortKind.ACTUAL, CRASH, 2.5, "张三", NOW, ticket_id="K-0001")
    with transaction(engine) as session:
        efforts.add(session, HOME, note)
        outcomes.add(session, HOME, Outcome("K-0001", CRASH, Verdict.WORKED, NOW))
        release = releases.add(session, HOME, Release(0, ("K-0001",), NOW, "张三", NOW))
    found = stored(engine)
    assert (found.theme.id, found.actual, found.releases) == (CRASH, note, (release,))
    assert found.finding == (Verdict.WORKED, NOW.date())
    bare = stored(engine, "K-0002")
    assert (bare.actual, bare.finding, bare.releases) == (None, None, ())


def test_lists_are_filtered_sorted_and_paged(engine: Engine) -> None:
    assign(engine, owner="王五")
    move(engine, SCHEDULED)
    edit(engine, due=date(2026, 5, 1))

    def found(order: TicketOrder = TicketOrder.DUE, limit: int = 9, **wanted: Any) -> list[str]:  # noqa: ANN401 (any field)
        with reading(engine) as session:
            page = list_tickets(session, HOME, Page(limit), wanted=Wanted(**wanted), order=order)
        assert page.total >= len(page.tickets)
        return [each.id for each in page.tickets]

    assert found() == ["K-0002", "K-0001"]
    assert found(limit=1) == ["K-0002"]
    assert found(order=TicketOrder.RICE) == ["K-0001", "K-0002"]
    assert found(state=SCHEDULED) == found(owner="王五") == found(theme_id=CRASH) == ["K-0001"]
    assert found(owner="") == found(overdue_on=date(2026, 5, 1)) == ["K-0002"]
    assert found(department="客户端", lane="weekly") == ["K-0002", "K-0001"]
    assert found(lane="yearly") == found(department="后端") == []
    do(engine, change_ticket.move_ticket, REJECTED, ZHANG, key="K-0002")
    assert found(overdue_on=date(2027, 1, 1)) == ["K-0001"]


def test_a_week_in_which_nothing_could_be_due_is_refused(untouched: Engine) -> None:
    with reading(untouched) as session, pytest.raises(InputError, match="2000-01-01 到 2100"):
        progress(session, HOME, week=date.max)


def test_the_week_is_read_with_its_verdicts(engine: Engine) -> None:
    for state in (SCHEDULED, TicketState.IN_PROGRESS, TicketState.RELEASED):
        move(engine, state)
    with transaction(engine) as session:
        outcomes.add(session, HOME, Outcome("K-0001", CRASH, Verdict.WORKED, NOW))
    do(engine, change_ticket.comment_ticket, "还没有排上", ZHANG, key="K-0002")
    with reading(engine) as session:
        (of_all,) = progress(session, HOME, week=NOW.date()).departments
    assert [(each.ticket.id, each.cured) for each in of_all.done] == [("K-0001", True)]
    (late,) = of_all.unfinished
    assert late.reason is not None
    assert (late.ticket.id, late.reason.text) == ("K-0002", "还没有排上")
