"""Plan: stored opinions -> themes under the ids they had, RICE priorities and ticket drafts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp import pipeline
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy, Theme, Voice
from feedback_nlp.storage import (
    annotations,
    label_corrections,
    priorities,
    quarantine,
    reviews,
    themes,
    tickets,
)
from feedback_nlp.storage.database import lock, reading, transaction
from feedback_nlp.themes.trend import day_of

ATTEMPTS: Final = 2
"""Plans made beside the writers; the one after these keeps them waiting."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything a plan is made of, read in one transaction."""

    mark: tuple[object, ...]
    """Cheap to read again; another one means that the database has moved on."""
    voices: tuple[Voice, ...]
    past: pipeline.Past
    span: pipeline.Span
    backlog: pipeline.Backlog


def plan_themes(
    engine: Engine,
    workspace: str,
    classifier: Classifier,
    taxonomy: Taxonomy,
    *,
    now: datetime,
) -> pipeline.Plan:
    """Gather all candidate opinions into themes, rank them, keep one ticket for each of the best.

    Clustering takes seconds to minutes, so it runs outside the write transaction; when something
    was stored meanwhile it is done again. The same opinions give the same plan and change
    nothing: due dates of new tickets count from the day of the newest review, or from `now` when
    the data has no dates.
    """
    model = classifier.version
    for _ in range(ATTEMPTS):
        with reading(engine) as session:
            known = _read(session, workspace, model=model)
        found, planned = _plan(known, classifier, taxonomy, now=now)
        with transaction(engine) as session:
            _begin(session, workspace)
            if _mark(session, workspace, model=model) == known.mark:
                _save(session, workspace, found, planned, now=now)
                return planned
    with transaction(engine) as session:
        _begin(session, workspace)
        known = _read(session, workspace, model=model)
        found, planned = _plan(known, classifier, taxonomy, now=now)
        _save(session, workspace, found, planned, now=now)
    return planned


def _begin(session: Session, workspace: str) -> None:
    # Reviews first, as everywhere. Waiting comes before the first look at the data: else an erasure
    # or a decision that this transaction waits for would be missing from what it has read.
    for noun in ("reviews", "themes"):
        lock(session, workspace, noun)


def _read(session: Session, workspace: str, *, model: str) -> _Known:
    known = themes.every(session, workspace, include_dormant=True)
    # An opinion may be in a sleeping theme and in an open one; the later one in `past` counts.
    known.sort(key=lambda theme: theme.state != themes.DORMANT)
    return _Known(
        mark=_mark(session, workspace, model=model),
        voices=tuple(annotations.voices(session, workspace, model=model)),
        past=pipeline.Past(tuple(known), themes.next_number(session, workspace)),
        span=pipeline.Span(*reviews.time_span(session, workspace)),
        backlog=pipeline.Backlog(
            tickets.open_ids(session, workspace), tickets.next_number(session, workspace)
        ),
    )


def _mark(session: Session, workspace: str, *, model: str) -> tuple[object, ...]:
    return (
        annotations.count_opinions(session, workspace, model=model),
        reviews.time_span(session, workspace),
        quarantine.mark(session, workspace),
        label_corrections.mark(session, workspace),
        themes.next_number(session, workspace),
        tickets.next_number(session, workspace),
        tickets.open_ids(session, workspace),
    )


def _plan(
    known: _Known, classifier: Classifier, taxonomy: Taxonomy, *, now: datetime
) -> tuple[list[Theme], pipeline.Plan]:
    found = pipeline.find_themes(
        known.voices, classifier, taxonomy, past=known.past, span=known.span
    )
    planned = pipeline.plan(
        found,
        known.voices,
        taxonomy,
        span=known.span,
        today=day_of(known.span.last or now),
        backlog=known.backlog,
    )
    return found, planned


def _save(
    session: Session,
    workspace: str,
    found: list[Theme],
    planned: pipeline.Plan,
    *,
    now: datetime,
) -> None:
    themes.save(session, workspace, found, now=now)
    priorities.save(session, workspace, planned.priorities)
    tickets.save(session, workspace, planned.tickets, now=now)
