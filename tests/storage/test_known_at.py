"""What was known at a moment, copied into another database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from storage_samples import HOME, MODEL, NOW, annotation, review, theme, ticket

from feedback_nlp.records import (
    Customer,
    EffortKind,
    EffortNote,
    Metric,
    Policy,
    Purpose,
    Release,
    Sent,
    Target,
)
from feedback_nlp.storage import (
    annotations,
    customers,
    efforts,
    known_at,
    policies,
    releases,
    reviews,
    sends,
    tables,
    targets,
    themes,
    tickets,
)
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.storage.known_at import Window

DAY = timedelta(days=1)
AWAY = "away"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Engine]:
    """A second database, always SQLite."""
    found = open_database(f"sqlite:///{tmp_path}/other.db")
    yield found
    found.dispose()


def arrive(session: Session, workspace: str) -> None:
    first, second = review("r1", "第一稿"), review("r1", "第二稿")
    reviews.add(session, workspace, [first, review("r2", "旧的")], now=NOW)
    customers.add(session, workspace, [Customer("u1", "A")], now=NOW)
    reviews.add(session, workspace, [second, review("r3", "新的")], now=NOW + DAY)
    annotations.add(session, workspace, [annotation(second), annotation(review("r2", "旧的"))])
    customers.add(session, workspace, [Customer("u2", "B")], now=NOW + DAY)


def texts(session: Session, workspace: str = HOME) -> dict[str, str]:
    return {each.id: each.text for each in reviews.every(session, workspace)}


def test_reviews_come_in_the_version_of_then_with_its_labels(engine: Engine, other: Engine) -> None:
    with transaction(engine) as session:
        for workspace in (HOME, AWAY):
            arrive(session, workspace)
    with reading(engine) as source, transaction(other) as target:
        known_at.copy_arrivals(source, target, HOME, Window(None, NOW))
        assert texts(target) == {"r1": "第一稿", "r2": "旧的"}
        assert reviews.count_pending(target, HOME, model=MODEL) == 1
        assert [each.id for each in customers.every(target, HOME)] == ["u1"]
        known_at.copy_arrivals(source, target, HOME, Window(NOW, NOW + DAY))
        assert texts(target) == texts(source)
        assert [each.text for each in reviews.revisions(target, HOME, "r1")] == ["第一稿"]
        assert reviews.count_pending(target, HOME, model=MODEL) == 1  # r3, as in the source
        assert len(list(customers.every(target, HOME))) == 2
        assert texts(target, AWAY) == {}
        came = select(tables.reviews.c.id, tables.reviews.c.imported_at)
        mine = came.where(tables.reviews.c.workspace_id == HOME).order_by(tables.reviews.c.id)
        assert target.execute(mine).all() == source.execute(mine).all()


def decide(session: Session) -> None:
    themes.save(session, HOME, [theme("T-0001")], now=NOW)
    tickets.save(session, HOME, [ticket()], now=NOW)
    later = NOW + DAY
    for at, weeks in ((NOW, 3.0), (later, 5.0)):
        policies.put(session, HOME, Policy(cheap_weeks=weeks), author="李", at=at, reason="")
    guess = EffortNote(EffortKind.ESTIMATE, "T-0001", 2.0, "李", NOW)
    efforts.add(session, HOME, guess)
    wish = Target(0, Metric.NPS, 40.0, NOW.date(), NOW.date(), "李", NOW)
    targets.withdraw(session, HOME, targets.add(session, HOME, wish).number, by="王", now=later)
    noted = Release(0, ("K-0001",), NOW, "李", NOW)
    releases.withdraw(session, HOME, releases.add(session, HOME, noted).number, by="王", now=later)


def known(session: Session) -> tuple[object, ...]:
    return (
        policies.current(session, HOME).cheap_weeks,
        len(targets.every(session, HOME)),
        [(each.stands, each.tickets) for each in releases.every(session, HOME)],
        {theme_id: note.weeks for theme_id, note in efforts.estimates(session, HOME).items()},
    )


def test_decisions_are_those_of_then_and_ends_that_came_later_are_none(
    engine: Engine, other: Engine
) -> None:
    with transaction(engine) as session:
        decide(session)
    with reading(engine) as source, transaction(other) as target:
        known_at.copy_decisions(source, target, HOME, NOW)
        assert known(target) == (3.0, 1, [(True, ())], {})  # no such theme, no such ticket
        themes.save(target, HOME, [theme("T-0001")], now=NOW)
        tickets.save(target, HOME, [ticket()], now=NOW)
        known_at.copy_decisions(source, target, HOME, NOW)
        assert known(target) == (3.0, 1, [(True, ("K-0001",))], {"T-0001": 2.0})
        known_at.copy_decisions(source, target, HOME, NOW + DAY)
        assert known(target) == (5.0, 0, [(False, ("K-0001",))], {"T-0001": 2.0})
        assert known(target) == known(source)


def test_an_answer_was_unknown_until_it_was_noted(engine: Engine, other: Engine) -> None:
    at_once = Sent(0, Purpose.ANSWER, "r2", "电话", "", "李", NOW)
    with transaction(engine) as session:
        arrive(session, HOME)
        sends.add(session, HOME, [at_once, replace(at_once, noted_at=NOW + DAY)])
    for until, count in ((NOW, 1), (NOW + DAY, 2)):
        with reading(engine) as source, transaction(other) as target:
            known_at.copy_arrivals(source, target, HOME, Window(None, NOW))
            known_at.copy_decisions(source, target, HOME, until)
            assert sends.count(target, HOME) == count


def test_nothing_was_decided_before_the_first_decision(engine: Engine, other: Engine) -> None:
    with transaction(engine) as session:
        decide(session)
    early: datetime = NOW - DAY
    with reading(engine) as source, transaction(other) as target:
        known_at.copy_decisions(source, target, HOME, early)
        assert known(target) == (replace(Policy()).cheap_weeks, 0, [], {})
