"""Releases are noted and rolled back, and their tickets follow."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import NOW, shanghai
from sqlalchemy.orm import Session
from storage_samples import theme, ticket

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import Group, Signature, TicketState
from feedback_nlp.storage import efforts, releases, themes, tickets
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.change_ticket import move_ticket
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.note_release import (
    NewRelease,
    note_release,
    read_share,
    read_time,
    withdraw_release,
)

HOME = "default"
BY = Signature("小李", NOW, "随 8.2 上线")
WISH = NewRelease(("K-0001",), NOW - timedelta(days=2), version="8.2")
STATES = {
    "K-0001": TicketState.TRIAGE,
    "K-0002": TicketState.VERIFYING,
    "K-0003": TicketState.REJECTED,
    "K-0004": TicketState.VERIFIED,
    "K-0005": TicketState.RELAPSED,
}
WRONG: dict[str, dict[str, object]] = {
    "不能是 0 张": {"tickets": ()},
    "不能是 51 张": {"tickets": tuple(f"K-{n}" for n in range(51))},
    "share：.*不能是 0": {"share": 0.0},
    "share：.*不能是 nan": {"share": float("nan")},
    "share：.*不能是 1.1": {"share": 1.1},
    "value：按 region 放量": {"group": Group.REGION},
    "value：按 tier 放量": {"group": Group.TIER, "value": " "},
    "group：“广东”": {"value": "广东"},
    "version：": {"version": "8\n2"},
    "在将来": {"released_at": NOW + timedelta(days=2)},
    "早于 2000": {"released_at": shanghai(1999, 12, 31)},
    "逐张": {"tickets": ("K-0001", "K-0002"), "weeks": 2.0},
    "weeks：投入": {"weeks": 0.0},
}
"""What a message says, and what is wrong with the release."""


@pytest.fixture
def session(target: Target) -> Iterator[Session]:
    """A transaction over one theme with tickets in several states."""
    with transaction(target.engine) as opened:
        themes.save(opened, HOME, [theme()], now=NOW)
        made = [ticket(key, state=state) for key, state in STATES.items()]
        tickets.save(opened, HOME, made, now=NOW)
        yield opened


def state(session: Session, ticket_id: str = "K-0001") -> TicketState:
    found = tickets.get(session, HOME, ticket_id)
    assert found is not None
    return found.state


def moves(session: Session, ticket_id: str = "K-0001") -> list[tuple[str, str]]:
    """Each move of a ticket: where to, and why."""
    told = [each for each in tickets.history(session, HOME, ticket_id) if each.kind == "moved"]
    return [(dict(each.detail)["to"], dict(each.detail)["reason"]) for each in told]


def test_moves_nobody_wrote_down_are_caught_up_one_by_one(session: Session) -> None:
    noted = note_release(session, HOME, WISH, BY)
    assert noted.release.number == 1
    assert (noted.moved, noted.tickets[0].state) == (("K-0001",), TicketState.RELEASED)
    assert moves(session) == [
        ("已排期", "补记：登记发布"),
        ("进行中", "补记：登记发布"),
        ("已发布", "登记发布 1：随 8.2 上线"),
    ]
    assert efforts.actuals(session, HOME) == []


def test_what_came_back_is_released_again(session: Session) -> None:
    note_release(session, HOME, replace(WISH, tickets=("K-0005",)), BY)
    assert [to for to, _ in moves(session, "K-0005")] == ["进行中", "已发布"]


def test_a_rollout_that_widens_moves_nothing(session: Session) -> None:
    part = replace(WISH, tickets=("K-0002", "K-0001"), share=0.1)
    assert note_release(session, HOME, part, BY).moved == ("K-0001",)
    wider = replace(part, share=1.0, released_at=NOW)
    assert note_release(session, HOME, wider, BY).moved == ()
    assert state(session, "K-0002") is TicketState.VERIFYING
    assert [each.is_full for each in releases.every(session, HOME)] == [False, True]
    assert releases.every(session, HOME)[0].tickets == ("K-0001", "K-0002")


def test_what_is_over_cannot_be_released(session: Session) -> None:
    over = {
        "K-0003": "是“不予实施”，不能登记发布；先把它移回待评估",
        "K-0004": "是“已验证”，不能登记发布；问题又出现了",
    }
    for ticket_id, said in over.items():
        with pytest.raises(ConflictError, match=said):
            note_release(session, HOME, replace(WISH, tickets=("K-0001", ticket_id)), BY)
    assert (state(session), releases.every(session, HOME)) == (TicketState.TRIAGE, [])


def test_what_it_took_is_noted_with_the_release(session: Session) -> None:
    note_release(session, HOME, replace(WISH, weeks=3.5), BY)
    (note,) = efforts.actuals(session, HOME)
    assert (note.ticket_id, note.weeks, note.author) == ("K-0001", 3.5, "小李")


def test_what_cannot_be_is_refused(session: Session) -> None:
    for said, change in WRONG.items():
        with pytest.raises(InputError, match=said):
            note_release(session, HOME, replace(WISH, **change), BY)  # type: ignore[arg-type]


def test_unknown_tickets_and_nobody_are_refused(session: Session) -> None:
    with pytest.raises(NotFoundError, match="没有编号为 K-0099 的工单"):
        note_release(session, HOME, replace(WISH, tickets=("K-0099",)), BY)
    with pytest.raises(InputError, match="author"):
        note_release(session, HOME, WISH, replace(BY, author=" "))


def test_a_rollback_takes_tickets_back_that_have_nothing_else_out(session: Session) -> None:
    part = replace(WISH, tickets=("K-0001", "K-0002"), share=0.1)
    note_release(session, HOME, part, BY)
    note_release(session, HOME, replace(WISH, tickets=("K-0002",)), BY)
    back = withdraw_release(session, HOME, 1, replace(BY, reason="崩溃更多"))
    assert (back.moved, back.release.stands) == (("K-0001",), False)
    assert moves(session)[-1] == ("进行中", "撤回发布 1：崩溃更多")
    assert state(session, "K-0002") is TicketState.VERIFYING
    assert withdraw_release(session, HOME, 2, replace(BY, reason="")).moved == ("K-0002",)
    assert moves(session, "K-0002") == [("进行中", "撤回发布 2")]
    with pytest.raises(ConflictError):
        withdraw_release(session, HOME, 2, BY)
    note_release(session, HOME, WISH, BY)
    move_ticket(session, HOME, "K-0001", TicketState.IN_PROGRESS, BY)
    assert withdraw_release(session, HOME, 3, BY).moved == ()


def test_a_rollback_of_what_was_verified_is_a_relapse_that_can_be_released_again(
    session: Session,
) -> None:
    note_release(session, HOME, WISH, BY)
    move_ticket(session, HOME, "K-0001", TicketState.VERIFYING, BY, system=True)
    move_ticket(session, HOME, "K-0001", TicketState.VERIFIED, BY)
    assert withdraw_release(session, HOME, 1, BY).moved == ("K-0001",)
    assert moves(session)[-1] == ("复发", "撤回发布 1：随 8.2 上线")
    again = note_release(session, HOME, replace(WISH, version="8.3"), BY)
    assert (again.release.number, again.tickets[0].state) == (2, TicketState.RELEASED)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-03", shanghai(2026, 5, 3)),
        ("2026-05-03 21:30", shanghai(2026, 5, 3, 21, 30)),
        ("2026-05-03T21:30:00Z", shanghai(2026, 5, 4, 5, 30)),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, moment: datetime) -> None:
    assert read_time(text, now=NOW) == moment


def test_times_and_shares_that_cannot_be_read_are_refused() -> None:
    for text in ("昨天", "2027-01-01", "1999-01-01", ""):
        with pytest.raises(InputError, match="released_at："):
            read_time(text, now=NOW)
    assert [read_share(text) for text in ("0.1", " 10% ", "100％")] == [0.1, 0.1, 1.0]
    with pytest.raises(InputError, match="share：“一半”"):
        read_share("一半")
