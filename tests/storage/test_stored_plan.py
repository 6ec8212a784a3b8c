"""Priorities, tickets and runs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from storage_samples import HOME, NOW, priority, run, theme, ticket

from feedback_nlp.errors import ConflictError
from feedback_nlp.records import Ticket, TicketState
from feedback_nlp.storage import priorities, runs, tables, themes, tickets
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.ledger import Event

LATER = NOW + timedelta(days=1)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as session:
        themes.save(session, HOME, [theme("T-0001"), theme("T-0002")], now=NOW)
        yield session


def _stored(session: Session, key: str = "K-0001") -> Ticket:
    found = tickets.get(session, HOME, key)
    assert found is not None
    return found


def test_priorities_come_back_in_rice_order(session: Session) -> None:
    low, high = priority("T-0001", 1.5), priority("T-0002", 1e6)
    priorities.save(session, HOME, [low, high])
    assert priorities.every(session, HOME) == [high, low]
    assert priorities.get(session, HOME, "T-0001") == low
    assert priorities.get(session, HOME, "T-0009") is None


def test_equal_scores_are_ordered_by_theme(session: Session) -> None:
    priorities.save(session, HOME, [priority("T-0002"), priority("T-0001")])
    assert [one.theme_id for one in priorities.every(session, HOME)] == ["T-0001", "T-0002"]


def test_saved_priorities_replace_the_earlier_ones(session: Session) -> None:
    priorities.save(session, HOME, [priority("T-0001"), priority("T-0002")])
    priorities.save(session, HOME, [priority("T-0002", 7.0)])
    assert priorities.every(session, HOME) == [priority("T-0002", 7.0)]
    priorities.save(session, HOME, [])
    assert priorities.every(session, HOME) == []


def test_saved_tickets_come_back_unchanged(session: Session) -> None:
    first, second = ticket(), ticket("K-0002", "T-0002", TicketState.SCHEDULED)
    tickets.save(session, HOME, [second, first], now=NOW)
    assert tickets.every(session, HOME) == [first, second]
    assert tickets.every(session, HOME, state=TicketState.SCHEDULED) == [second]
    assert tickets.get(session, HOME, "K-0001") == first
    assert tickets.get(session, HOME, "K-0009") is None


def test_saving_the_same_drafts_again_writes_nothing(session: Session) -> None:
    for now in (NOW, LATER):
        tickets.save(session, HOME, [ticket()], now=now)
    assert tickets.history(session, HOME, "K-0001") == [
        Event("K-0001", NOW, "created", (("title", "修复启动闪退"),))
    ]


NEW_DRAFT = replace(
    ticket(),
    title="修复登录闪退",
    priority=priority(score=3.0),
    due=date(2027, 1, 1),
    state=TicketState.REJECTED,
    lane="yearly",
    department="服务端",
)


def test_a_draft_updates_a_ticket_nobody_has_judged(session: Session) -> None:
    tickets.save(session, HOME, [ticket()], now=NOW)
    tickets.save(session, HOME, [NEW_DRAFT], now=LATER)
    assert _stored(session) == replace(NEW_DRAFT, state=TicketState.TRIAGE)
    assert tickets.history(session, HOME, "K-0001")[1:] == [
        Event("K-0001", LATER, "updated", (("fields", "title department lane priority due"),))
    ]


def test_a_due_date_stays_while_the_lane_stays(session: Session) -> None:
    tickets.save(session, HOME, [ticket()], now=NOW)
    draft = replace(ticket(), department="服务端", due=date(2027, 1, 1))
    tickets.save(session, HOME, [draft], now=LATER)
    assert _stored(session) == replace(ticket(), department="服务端")
    tickets.save(session, HOME, [draft], now=LATER)
    assert tickets.history(session, HOME, "K-0001")[1:] == [
        Event("K-0001", LATER, "updated", (("fields", "department"),))
    ]


@pytest.mark.parametrize("state", [one for one in TicketState if one is not TicketState.TRIAGE])
def test_a_draft_leaves_a_judged_ticket_alone(session: Session, state: TicketState) -> None:
    tickets.save(session, HOME, [ticket(state=state)], now=NOW)
    tickets.save(session, HOME, [NEW_DRAFT], now=LATER)
    assert _stored(session) == ticket(state=state)


def test_tickets_that_no_draft_names_stay(session: Session) -> None:
    tickets.save(session, HOME, [ticket()], now=NOW)
    tickets.save(session, HOME, [], now=LATER)
    assert tickets.every(session, HOME) == [ticket()]


def test_a_ticket_never_changes_its_theme(session: Session) -> None:
    tickets.save(session, HOME, [ticket()], now=NOW)
    with pytest.raises(ConflictError, match="K-0001"):
        tickets.save(session, HOME, [ticket(theme_id="T-0002")], now=LATER)


def test_the_open_ticket_of_a_theme_is_its_newest_unfinished_one(session: Session) -> None:
    assert tickets.open_ones(session, HOME) == {}
    done, mine = ticket("K-0003", state=TicketState.VERIFIED), ticket("K-0002")
    refused = ticket("K-0004", state=TicketState.REJECTED)
    foreign = ticket("K-0005", "T-0002")
    tickets.save(session, HOME, [ticket(), done, mine, refused, foreign], now=NOW)
    assert tickets.open_ones(session, HOME) == {"T-0001": mine, "T-0002": foreign}


def test_ticket_numbers_are_never_used_twice(session: Session) -> None:
    assert tickets.next_number(session, HOME) == 1
    tickets.save(session, HOME, [ticket("K-0007", state=TicketState.REJECTED)], now=NOW)
    assert tickets.next_number(session, HOME) == 8


def test_the_latest_run_is_the_one_added_last(session: Session) -> None:
    assert runs.latest(session, HOME) is None
    first, second = run(1), replace(run(2), as_of=None)
    for one in (first, second):
        runs.add(session, HOME, one)
        assert runs.latest(session, HOME) == one
    assert runs.add(session, HOME, first) == runs.add(session, HOME, first)
    assert runs.latest(session, HOME) == first
    assert session.execute(select(func.count()).select_from(tables.runs)).scalar_one() == 2
