"""Post: reviews of one request -> stored; a few are scored at once, many are left to the queue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from feedback_nlp import pipeline
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Annotation, Rejected, Review
from feedback_nlp.storage import annotations, reviews
from feedback_nlp.storage.reviews import Added


class Status(StrEnum):
    """What became of one arrival; a rejected one changed nothing."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one arrival and what the model says about it."""

    status: Status
    annotation: Annotation
    """Of a rejected arrival: its words, the reason in `error`, no opinions, an empty id."""
    review: Review | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of many arrivals, none of them scored yet."""

    stored: Added
    rejected: tuple[Rejected, ...]
    pending: int
    """Reviews of the whole workspace that wait for the model."""


def post_reviews(
    session: Session,
    workspace: str,
    arrivals: Sequence[Review | Rejected],
    classifier: Classifier,
    *,
    now: datetime,
) -> tuple[Posted, ...]:
    """Store the arrivals, annotate those the model has not read yet; one answer each, in order.

    A rejected arrival never touches the others. Posting twice changes nothing: what is stored
    with the same content keeps the annotation it has. Needs a write transaction.
    """
    # Scored before the first statement: a database lock is never held while the model works.
    scored = pipeline.annotate([_readable(arrival) for arrival in arrivals], classifier)
    fresh: dict[str, Annotation] = {}
    posted = []
    for arrival, annotation in zip(arrivals, scored, strict=True):
        if isinstance(arrival, Rejected):
            refused = replace(annotation, text=arrival.raw, error=arrival.reason)
            posted.append(Posted(Status.REJECTED, refused, None))
            continue
        status = _status(reviews.add(session, workspace, [arrival], now=now))
        known = annotations.get(session, workspace, arrival.id, model=classifier.version)
        # The same id may come several times in one request; what was said last counts.
        fresh.pop(arrival.id, None)
        if known is None:
            fresh[arrival.id] = annotation
        posted.append(Posted(status, known or annotation, arrival))
    annotations.add(session, workspace, list(fresh.values()))
    return tuple(posted)


def accept_reviews(
    session: Session,
    workspace: str,
    arrivals: Sequence[Review | Rejected],
    *,
    model: str,
    now: datetime,
) -> Accepted:
    """Store the arrivals; "not annotated by this model yet" queues them for scoring.

    Posting twice changes nothing. Needs a write transaction.
    """
    stored = reviews.add(
        session, workspace, [each for each in arrivals if isinstance(each, Review)], now=now
    )
    rejected = tuple(each for each in arrivals if isinstance(each, Rejected))
    return Accepted(stored, rejected, reviews.count_pending(session, workspace, model=model))


def _readable(arrival: Review | Rejected) -> tuple[str, str]:
    return ("", "") if isinstance(arrival, Rejected) else (arrival.id, arrival.text)


def _status(one: Added) -> Status:
    if one.added:
        return Status.ADDED
    return Status.REVISED if one.revised else Status.UNCHANGED
