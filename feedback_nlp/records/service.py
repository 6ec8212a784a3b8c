"""Service levels: how fast complaints are to be answered and resolved, and who looks into them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SlaRule:
    """Limits in hours; those under 24 hours count business time, the others calendar time."""

    negative_hours: float = 24.0
    """First answer to a negative review, and to a complaint that no other limit is made for."""
    tiers: tuple[tuple[str, float], ...] = (("A", 2.0), ("B", 24.0), ("C", 48.0))
    """First answer to a complaint of a customer of this tier."""
    scenarios: tuple[tuple[str, float], ...] = ()
    """First answer by topic code, group of topics, `kind:chat` or `channel:NAME`."""
    resolve_hours: float = 48.0
    """A complaint that is not resolved by then is escalated."""
    remind_share: float = 0.25
    """With less than this share of a limit left it is about to be missed."""
    opens: float = 9.0
    closes: float = 18.0
    """Business hours of a working day, in hours after midnight, China time."""
    window_days: int = 90
    """What came earlier is counted, not listed."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """A complaint that was not resolved in time, handed on to a department."""

    review_id: str
    at: datetime
    """When it was handed on."""
    due: datetime
    """When it should have been resolved."""
    department: str
    closed_by: str | None = None
    """Who took care of it; None while it is open."""
    closed_at: datetime | None = None
    note: str = ""
