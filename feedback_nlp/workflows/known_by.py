"""What of an arriving record was known at a moment of the past."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from feedback_nlp.records import (
    Arrival,
    Customer,
    Exposure,
    Order,
    Rejected,
    Review,
    SurveyAnswer,
    UsageEvent,
)
from feedback_nlp.themes.trend import day_of


@dataclass(slots=True)
class Passed:
    """How many records were not there yet, or only in part."""

    count: int = 0


def known_rows(
    rows: Iterable[Arrival | Rejected], *, until: datetime, passed: Passed
) -> Iterator[Arrival | Rejected]:
    """Yield what was known by `until` and count in `passed` what was not.

    A record without a time was always there. Answers of agents, and the end of a ticket, that came
    later are left off a review that was there. What a line is rejected for has no time.
    """
    for row in rows:
        known = row if isinstance(row, Rejected) else known_by(row, until)
        passed.count += known is not row
        if known is not None:
            yield known


def known_by(arrival: Arrival, until: datetime) -> Arrival | None:
    """Return the record as it was known by `until`; None when it was not there."""
    if _is_later(arrival, until):
        return None
    return _answered(arrival, until) if isinstance(arrival, Review) else arrival


def _is_later(arrival: Arrival, until: datetime) -> bool:
    match arrival:
        case Exposure():
            return arrival.day > day_of(until)
        case Customer():
            return arrival.since is not None and arrival.since > day_of(until)
        case Order():
            return arrival.ordered_at > until
        case UsageEvent():
            return arrival.happened_at > until
        case SurveyAnswer():
            return arrival.answered_at is not None and arrival.answered_at > until
        case Review():
            return arrival.created_at is not None and arrival.created_at > until


def _answered(review: Review, until: datetime) -> Review:
    replies = tuple(each for each in review.replies if each.at is None or each.at <= until)
    open_yet = review.resolved_at is not None and review.resolved_at > until
    if len(replies) == len(review.replies) and not open_yet:
        return review
    return replace(review, replies=replies, resolved_at=None if open_yet else review.resolved_at)
