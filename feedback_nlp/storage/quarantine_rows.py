"""Quarantine rows: how one is written and read, and what a screening reads of a review."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from feedback_nlp.quarantine.candidates import Candidate
from feedback_nlp.records import Polarity, Quarantined, QuarantineReason

Gist = tuple[Polarity, int]
"""Polarity of a review and the highest severity of its opinions."""

SCREENED: Final = (
    "id",
    "channel",
    "text",
    "text_hash",
    "author_id",
    "created_at",
    "rating",
    "product",
)
"""Columns of `reviews` that `to_candidate` and its callers read."""


@dataclass(frozen=True, slots=True)
class StoredQuarantine:
    """One row of the quarantine."""

    review_id: str
    reason: QuarantineReason
    detail: str
    """The rules' evidence; empty when the rules do not find the review (any more)."""
    original: str | None
    found_at: datetime
    """When it came into quarantine first."""
    held: bool | None
    """What a person decided; None leaves it to the rules."""
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    effective: bool
    """Whether the review is held back now."""


def finding_values(workspace: str, found: Quarantined) -> dict[str, Any]:
    """Write what the rules found as a row."""
    return {
        "workspace_id": workspace,
        "review_id": found.review_id,
        "reason": found.reason,
        "detail": found.detail,
        "original": found.original,
    }


def to_quarantine(row: Row[Any]) -> StoredQuarantine:
    """Build the record from a row of the quarantine with `severe` beside it."""
    return StoredQuarantine(
        review_id=row.review_id,
        reason=QuarantineReason(row.reason),
        detail=row.detail,
        original=row.original,
        found_at=row.found_at,
        held=row.held,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
        effective=row.held is not False and not row.severe,
    )


def to_candidate(row: Row[Any], gist: Gist | None) -> Candidate:
    """Build what the screening reads from a row of `reviews` and what a model says about it."""
    polarity, severity = gist or (None, 0)
    return Candidate(
        review_id=row.id,
        channel=row.channel,
        text=row.text,
        author_id=row.author_id,
        created_at=row.created_at,
        polarity=polarity,
        severity=severity,
        rating=row.rating,
        product=row.product,
    )
