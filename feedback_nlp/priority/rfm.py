"""What customers are worth: recency, frequency and monetary value -> a segment."""

from dataclasses import dataclass
from datetime import date

from feedback_nlp.records import RfmRule, Segment


@dataclass(frozen=True, slots=True)
class Buying:
    """What one customer ordered up to a day."""

    first: date
    """Day of the very first order."""
    last: date
    """Day of the latest order."""
    orders: int
    """Orders in the window of the rule."""
    amount: float
    """CNY of the orders in the window, refunds left out."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What is known of one author as a customer."""

    tier: str | None = None
    segment: Segment | None = None


def segment_of(buying: Buying, rule: RfmRule, *, as_of: date) -> Segment | None:
    """Return the first segment that fits on day `as_of`; None when none does.

    Source: A. M. Hughes, Strategic Database Marketing (1994), for recency, frequency and monetary
    value; the segments and thresholds are those of CONTRACTS.md.
    """
    recency = (as_of - buying.last).days
    age = (as_of - buying.first).days
    fits = {
        Segment.HIGH_VALUE: recency <= rule.high_days
        and buying.orders >= rule.high_orders
        and buying.amount >= rule.high_amount,
        Segment.POTENTIAL: recency <= rule.potential_days
        and buying.orders >= rule.potential_orders,
        Segment.NEW: age <= rule.new_days and buying.orders <= rule.new_orders,
        Segment.AT_RISK: rule.risk_days < recency <= rule.lost_days,
        Segment.LOST: recency > rule.lost_days,
    }
    return next((segment for segment, does in fits.items() if does), None)
