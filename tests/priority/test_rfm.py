"""Customers by recency, frequency and monetary value: the table of CONTRACTS.md."""

from datetime import date, timedelta

import pytest

from feedback_nlp.priority.rfm import Buying, segment_of
from feedback_nlp.records import RfmRule, Segment

TODAY = date(2026, 3, 2)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("first", "last", "orders", "amount", "expected"),
    [
        pytest.param(300, 30, 10, 2000.0, Segment.HIGH_VALUE, id="on all three thresholds"),
        pytest.param(300, 31, 10, 2000.0, Segment.POTENTIAL, id="a day too long ago"),
        pytest.param(300, 30, 9, 2000.0, Segment.POTENTIAL, id="one order too few"),
        pytest.param(300, 30, 10, 1999.99, Segment.POTENTIAL, id="a fen too little"),
        pytest.param(20, 10, 12, 2500.0, Segment.HIGH_VALUE, id="high value before new"),
        pytest.param(300, 90, 3, 10.0, Segment.POTENTIAL, id="potential to the last day"),
        pytest.param(30, 30, 2, 10.0, Segment.NEW, id="new to the last day"),
        pytest.param(10, 0, 3, 10.0, Segment.POTENTIAL, id="three orders are potential"),
        pytest.param(31, 31, 1, 10.0, None, id="neither new nor anything"),
        pytest.param(91, 91, 1, 10.0, Segment.AT_RISK, id="at risk from day 91"),
        pytest.param(400, 180, 0, 0.0, Segment.AT_RISK, id="at risk to day 180"),
        pytest.param(400, 181, 0, 0.0, Segment.LOST, id="lost from day 181"),
    ],
)
def test_the_first_segment_that_fits(
    first: int, last: int, orders: int, amount: float, expected: Segment | None
) -> None:
    buying = Buying(ago(first), ago(last), orders, amount)
    assert segment_of(buying, RfmRule(), as_of=TODAY) is expected


def test_thresholds_are_the_teams() -> None:
    buying = Buying(ago(300), ago(30), 5, 100.0)
    rule = RfmRule(high_orders=5, high_amount=100.0)
    assert segment_of(buying, rule, as_of=TODAY) is Segment.HIGH_VALUE
