"""Entries of a request -> reviews with their permanent ids, or the reason why not."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from api.schemas.incoming import (
    MAX_AT_ONCE,
    MAX_CHARACTERS_AT_ONCE,
    FaultyReview,
    ReviewIn,
)
from feedback_nlp.channels.table import review_id
from feedback_nlp.records import Rejected, Review
from feedback_nlp.tabular.values import parse_time


def read_arrivals(
    entries: Sequence[ReviewIn | FaultyReview], *, now: datetime
) -> list[Review | Rejected]:
    """Return one review or rejection an entry, in order; `now` bounds dates.

    An entry without an id is known by its content and by how many equal ones came before it in
    the same request: sending the request again gives the same ids.
    """
    seen: Counter[str] = Counter()
    return [_arrival(entry, place, seen, now=now) for place, entry in enumerate(entries, 1)]


def fit_at_once(arrivals: Sequence[Review | Rejected]) -> bool:
    """Say whether these can be scored within a request: about two seconds at most."""
    characters = sum(len(each.text) for each in arrivals if isinstance(each, Review))
    return len(arrivals) <= MAX_AT_ONCE and characters <= MAX_CHARACTERS_AT_ONCE


def _arrival(
    entry: ReviewIn | FaultyReview, place: int, seen: Counter[str], *, now: datetime
) -> Review | Rejected:
    if isinstance(entry, FaultyReview):
        return Rejected(place, entry.reason, entry.text)
    try:
        moment = entry.created_at and parse_time(entry.created_at, now=now)
    except ValueError as error:
        return Rejected(place, f"created_at: {error}", entry.text)
    created_at = moment or None
    return Review(
        id=_identity(entry, created_at, seen),
        channel=entry.channel,
        text=entry.text,
        external_id=entry.id,
        kind=entry.kind,
        created_at=created_at,
        product=entry.product,
        version=entry.version,
        region=entry.region,
        author_id=entry.author_id,
        author_tier=entry.author_tier,
        rating=entry.rating,
        nps=entry.nps,
        likes=entry.likes,
    )


def _identity(entry: ReviewIn, created_at: datetime | None, seen: Counter[str]) -> str:
    if entry.id is not None:
        return review_id(entry.channel, "id", entry.id)
    # Only what was given: a field that a later version adds leaves the ids as they are.
    content = entry.model_dump(mode="json", exclude_defaults=True)
    if created_at is not None:
        content["created_at"] = created_at.astimezone(UTC).isoformat()
    written = json.dumps(content, ensure_ascii=False, sort_keys=True)
    key = f"{entry.channel}\n{written}"
    seen[key] += 1
    return review_id(entry.channel, "content", written, str(seen[key]))
