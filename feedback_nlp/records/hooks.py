"""Webhooks: who is told of what, and what became of telling them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """What others can be told of."""

    TICKET_CHANGED = "ticket.changed"
    ALERT_RAISED = "alert.raised"
    VERIFICATION_DONE = "verification.done"
    ESCALATION_OPENED = "escalation.opened"
    IMPORT_FINISHED = "import.finished"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of events from `at` on."""

    number: int
    url: str
    events: tuple[EventKind, ...]
    author: str
    at: datetime
    removed_by: str | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook."""

    webhook: int
    event_id: str
    """The same at each attempt, such as `ticket.changed:17`: receivers drop repeats by it."""
    kind: EventKind
    content: Mapping[str, Any]
    at: datetime
    attempts: int = 0
    next_at: datetime | None = None
    """When to try again; None when it arrived or was given up."""
    delivered_at: datetime | None = None
    status: int | None = None
    """HTTP status of the last answer; None when nobody answered."""
    fault: str | None = None
    """Why the last attempt failed, in Chinese."""
