"""Post: reviews of one request -> stored; a few are scored at once, many are left to the queue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from feedback_nlp import pipeline
from feedback_nlp.ports import Classifier
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import Annotation, Rejected, Review
from feedback_nlp.storage import annotations, people, reviews
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.reviews import Added
from feedback_nlp.workflows.protect import ERASED, Privacy, originals_of, persons, protect


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
    privacy: Privacy = Privacy(),
) -> tuple[Posted, ...]:
    """Mask, store and annotate the arrivals; one answer each, in order.

    What the model has read already keeps its annotation; `quarantine` in an answer is what the
    text alone gives reason for. A rejected arrival never touches the others. Posting twice
    changes nothing. Needs a write transaction.
    """
    masked = _mask(arrivals, privacy)
    # Scored before the first statement: a database lock is never held while the model works.
    scored = pipeline.annotate([_readable(each) for each in masked], classifier)
    admitted = _admit(session, workspace, masked, privacy)
    fresh: dict[str, Annotation] = {}
    posted = []
    for arrival, each, annotation in zip(arrivals, admitted, scored, strict=True):
        if isinstance(each, Rejected):
            refused = replace(annotation, text=each.raw, opinions=(), error=each.reason)
            posted.append(Posted(Status.REJECTED, refused, None))
            continue
        originals = originals_of(_reviews([arrival]), [each], privacy)
        status = _status(reviews.add(session, workspace, [each], now=now, originals=originals))
        known = None  # of what is new nobody has said anything yet
        if status is not Status.ADDED:
            known = annotations.get(session, workspace, each.id, model=classifier.version)
        # The same id may come several times in one request; what was said last counts.
        fresh.pop(each.id, None)
        if known is None:
            fresh[each.id] = annotation
        answer = known or annotation
        # What the others make of it (a copy, a decision) is told where reviews are read.
        posted.append(Posted(status, replace(answer, quarantine=annotation.quarantine), each))
    annotations.add(session, workspace, list(fresh.values()))
    return tuple(posted)


def accept_reviews(
    session: Session,
    workspace: str,
    arrivals: Sequence[Review | Rejected],
    *,
    model: str,
    now: datetime,
    privacy: Privacy = Privacy(),
) -> Accepted:
    """Mask and store the arrivals; "not annotated by this model yet" queues them for scoring.

    Posting twice changes nothing. Needs a write transaction.
    """
    masked = _mask(arrivals, privacy)
    admitted = _admit(session, workspace, masked, privacy)
    stored = Added()
    for run in _runs(arrivals, admitted):
        arrived, new = [before for before, _ in run], [after for _, after in run]
        originals = originals_of(arrived, new, privacy)
        done = reviews.add(session, workspace, new, now=now, originals=originals)
        stored = Added(
            stored.added + done.added,
            stored.revised + done.revised,
            stored.unchanged + done.unchanged,
        )
    rejected = tuple(each for each in admitted if isinstance(each, Rejected))
    return Accepted(stored, rejected, reviews.count_pending(session, workspace, model=model))


def _runs(
    arrivals: Sequence[Review | Rejected], admitted: Sequence[Review | Rejected]
) -> Iterator[list[tuple[Review, Review]]]:
    """Pair each review with what is stored of it, no id twice in a run: one text each."""
    run: dict[str, tuple[Review, Review]] = {}
    for arrival, each in zip(arrivals, admitted, strict=True):
        if isinstance(arrival, Review) and isinstance(each, Review):
            if each.id in run:
                yield list(run.values())
                run = {}
            run[each.id] = arrival, each
    if run:
        yield list(run.values())


def _mask(arrivals: Sequence[Review | Rejected], privacy: Privacy) -> list[Review | Rejected]:
    return [
        replace(each, reason=mask(each.reason).text, raw=mask(each.raw).text)
        if isinstance(each, Rejected)
        else protect(each, privacy.key)
        for each in arrivals
    ]


def _admit(
    session: Session, workspace: str, masked: Sequence[Review | Rejected], privacy: Privacy
) -> list[Review | Rejected]:
    """Turn the reviews of people who asked to be erased into rejections."""
    # Whoever erases a person takes this lock too, so that nothing slips in beside an erasure.
    lock(session, workspace, "reviews")
    erased = people.erased(session, workspace, persons(_reviews(masked)), key=privacy.key)
    return [
        Rejected(place, ERASED) if isinstance(each, Review) and each.author_id in erased else each
        for place, each in enumerate(masked, start=1)
    ]


def _reviews(arrivals: Sequence[Review | Rejected]) -> list[Review]:
    return [each for each in arrivals if isinstance(each, Review)]


def _readable(arrival: Review | Rejected) -> tuple[str, str]:
    return ("", "") if isinstance(arrival, Rejected) else (arrival.id, arrival.text)


def _status(one: Added) -> Status:
    if one.added:
        return Status.ADDED
    return Status.REVISED if one.revised else Status.UNCHANGED
