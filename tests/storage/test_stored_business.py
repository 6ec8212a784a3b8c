"""Surveys, usage, exposure, customers and orders."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from storage_samples import (
    BEIJING,
    CUSTOMERS,
    EXPOSURE,
    HOME,
    NOW,
    ORDERS,
    SURVEYS,
    USAGE,
)

from feedback_nlp.errors import InputError
from feedback_nlp.records import Customer, Exposure, Order, SurveyAnswer, UsageEvent
from feedback_nlp.storage import customers, exposure, orders, surveys, usage
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.orders import OrderSummary
from feedback_nlp.storage.reviews import Added
from feedback_nlp.storage.surveys import Scores
from feedback_nlp.storage.usage import UsageSummary

LAW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LATER = NOW + timedelta(days=1)
DAY = date(2026, 3, 2)
NEXT = DAY + timedelta(days=1)
STORES = [
    pytest.param(customers, CUSTOMERS, lambda one: one.id, id="customers"),
    pytest.param(orders, ORDERS, lambda one: one.id, id="orders"),
    pytest.param(surveys, SURVEYS, lambda one: one.id, id="surveys"),
    pytest.param(usage, USAGE, lambda one: one.id, id="usage"),
    pytest.param(
        exposure,
        EXPOSURE,
        lambda one: (one.day, one.product, one.version, one.region, one.channel),
        id="exposure",
    ),
]


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as session:
        yield session


@pytest.mark.parametrize(("store", "records", "key"), STORES)
@LAW
@given(data=st.data())
def test_stored_records_come_back_unchanged_in_the_order_of_their_keys(
    engine: Engine,
    store: ModuleType,
    records: st.SearchStrategy[Any],
    key: Callable[[Any], Any],
    data: st.DataObject,
) -> None:
    many = data.draw(st.lists(records, max_size=4, unique_by=key))
    with transaction(engine) as session:
        assert store.add(session, HOME, many, now=NOW) == Added(added=len(many))
        assert store.add(session, HOME, many, now=LATER) == Added(unchanged=len(many))
        for batch in (1, 3):
            assert list(store.every(session, HOME, batch=batch)) == sorted(many, key=key)
        session.rollback()


def test_another_content_replaces_the_known_one(session: Session) -> None:
    customers.add(session, HOME, [Customer("c1", "A"), Customer("c2")], now=NOW)
    change = [Customer("c1", "B"), Customer("c2"), Customer("c3")]
    assert customers.add(session, HOME, change, now=LATER) == Added(1, 1, 1)
    assert list(customers.every(session, HOME)) == change


def test_the_last_of_a_key_in_one_import_wins(session: Session) -> None:
    both = [Customer("c1", "A"), Customer("c1", "B"), Customer("c1", "B")]
    assert customers.add(session, HOME, both, now=NOW) == Added(1, 1, 1)
    assert list(customers.every(session, HOME)) == [Customer("c1", "B")]


def test_more_records_than_one_statement_can_name(session: Session) -> None:
    many = [Exposure(DAY, version=f"v{number:04}", orders=number) for number in range(2_500)]
    assert exposure.add(session, HOME, many, now=NOW).added == 2_500
    assert exposure.add(session, HOME, many, now=NOW).unchanged == 2_500
    assert list(exposure.every(session, HOME)) == many


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        pytest.param(Order("o1", "u\x00", NOW, 1.0), "'o1' 的 author_id 含有", id="NUL"),
        pytest.param(Order("o\ud83d", "u", NOW, 1.0), "的 id 含有", id="half of an emoji"),
        pytest.param(Order("o1", "u", NOW, float("nan")), "amount 是 nan", id="not a number"),
    ],
)
def test_what_no_database_can_keep_is_refused(session: Session, bad: Order, message: str) -> None:
    with pytest.raises(InputError, match=message):
        orders.add(session, HOME, [bad], now=NOW)


def test_a_number_too_large_is_an_input_error(engine: Engine) -> None:
    with pytest.raises(InputError, match="数字过大"), transaction(engine) as session:
        exposure.add(session, HOME, [Exposure(DAY, orders=2**63)], now=NOW)


def test_a_time_without_a_zone_is_a_bug(engine: Engine) -> None:
    naive = Order("o1", "u", datetime(2026, 3, 2), 1.0)  # noqa: DTZ001 (the bug in question)
    with pytest.raises(Exception, match="without a zone"), transaction(engine) as session:
        orders.add(session, HOME, [naive], now=NOW)


# Surveys


def _answer(key: str, at: datetime | None, nps: int | None, csat: int | None) -> SurveyAnswer:
    return SurveyAnswer(key, "wjx", at, nps=nps, csat=csat)


def test_scores_are_counted_inside_the_days(session: Session) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=BEIJING)
    many = [
        _answer("first moment", midnight, 10, 5),
        _answer("second to last", midnight + timedelta(days=2, microseconds=-1), 10, None),
        _answer("too early", midnight - timedelta(microseconds=1), 3, 1),
        _answer("too late", midnight + timedelta(days=2), 3, 1),
        _answer("without a time", None, 3, 1),
        _answer("zero counts", midnight, 0, 2),
    ]
    surveys.add(session, HOME, many, now=NOW)
    assert surveys.scores(session, HOME, DAY, NEXT) == Scores(
        nps=((0, 1), (10, 2)), csat=((2, 1), (5, 1))
    )
    assert surveys.scores(session, HOME, NEXT, DAY) == Scores((), ())


# Usage


def _event(
    key: str, author: str, version: str | None, at: datetime = NOW, **fields: float
) -> UsageEvent:
    return UsageEvent(key, author, "打开", at, version, **fields)  # type: ignore[arg-type]


def test_usage_is_joined_by_author_and_version(session: Session) -> None:
    many = [
        _event("1", "u1", "9.1", count=2, seconds=1.5),
        _event("2", "u1", "9.1", at=LATER, seconds=0.25),
        _event("3", "u1", "9.2", at=NOW - timedelta(days=3)),
        _event("4", "u1", None, count=4),
        _event("5", "u2", None),
        _event("6", "u3", "9.1"),
    ]
    usage.add(session, HOME, many, now=NOW)
    pairs = [("u1", "9.1"), ("u1", None), ("u1", "8"), ("u2", None), ("u2", "9.1"), ("u9", None)]
    assert usage.of_authors(session, HOME, pairs) == {
        ("u1", "9.1"): UsageSummary(3, 1.75, NOW, LATER),
        ("u1", None): UsageSummary(8, 1.75, NOW - timedelta(days=3), LATER),
        ("u2", None): UsageSummary(1, None, NOW, NOW),
    }
    assert usage.of_authors(session, HOME, []) == {}


def test_usage_of_more_authors_than_one_statement_can_name(session: Session) -> None:
    many = [_event(str(number), f"u{number}", "9.1") for number in range(2_500)]
    usage.add(session, HOME, many, now=NOW)
    pairs = {(f"u{number}", "9.1") for number in range(2_500)}
    assert usage.of_authors(session, HOME, pairs).keys() == pairs


# Orders


def test_orders_are_summed_up_by_author(engine: Engine) -> None:
    noon = datetime(2026, 3, 2, 4, tzinfo=UTC)
    old, future = noon - timedelta(days=400), noon + timedelta(days=9)
    with transaction(engine) as session:
        many = [
            Order("1", "u1", noon, 0.1),
            Order("2", "u1", noon, 0.2),
            Order("3", "u1", noon + timedelta(hours=1), 50.0, refunded=True),
            Order("4", "u1", old, 1_000.0),
            Order("5", "u1", future, 1_000.0),
            Order("6", "u2", old, 7.0),
            Order("7", "u3", future, 7.0),
            Order("8", "u4", noon, 7.0),
        ]
        orders.add(session, HOME, many, now=NOW)
    with reading(engine) as session:
        found = orders.by_author(
            session, HOME, ["u1", "u1", "u2", "u3", "nobody"], first=DAY, last=DAY
        )
    assert found == {
        "u1": OrderSummary(old, noon + timedelta(hours=1), orders=3, amount=0.3),
        "u2": OrderSummary(old, old, orders=0, amount=0.0),
    }
