"""What a company knows besides the words: surveys, usage, exposure, customers and orders."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """The scores of one filled-in questionnaire; its open text, if any, is a review."""

    id: str
    channel: str
    answered_at: datetime | None = None
    nps: int | None = None
    """Would recommend, 0 to 10."""
    csat: int | None = None
    """Satisfaction, 1 to 5."""
    product: str | None = None
    version: str | None = None
    region: str | None = None
    author_id: str | None = None
    author_tier: str | None = None
    review_id: str | None = None
    """The review made of the open text, when there is one."""


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """What one user did in the product; joined with reviews by author and version."""

    id: str
    author_id: str
    name: str
    """The feature or event, as the tracking calls it."""
    happened_at: datetime
    version: str | None = None
    product: str | None = None
    count: int = 1
    """How often, when the export is aggregated."""
    seconds: float | None = None
    """Time spent, when known."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How many people could have met a problem; the denominator of 万投比.

    Identity is day, product, version, region and channel; an empty one means "all together".
    """

    day: date
    product: str = ""
    version: str = ""
    region: str = ""
    channel: str = ""
    orders: int | None = None
    active_users: int | None = None
    installs: int | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer, under the id that reviews carry as author."""

    id: str
    tier: str | None = None
    region: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order; the source of recency, frequency and monetary value."""

    id: str
    author_id: str
    ordered_at: datetime
    amount: float
    """CNY; 0 for a free order. A refund is a flag, not a negative amount."""
    product: str | None = None
    version: str | None = None
    region: str | None = None
    refunded: bool = False
