"""Plan: stored themes -> RICE priorities and ticket drafts."""

from datetime import datetime

from sqlalchemy.orm import Session

from feedback_nlp import pipeline
from feedback_nlp.records import Taxonomy
from feedback_nlp.storage import annotations, priorities, reviews, themes, tickets
from feedback_nlp.themes.trend import day_of


def make_plan(
    session: Session,
    workspace: str,
    taxonomy: Taxonomy,
    *,
    model: str,
    now: datetime,
) -> pipeline.Plan:
    """Rank all open themes and keep one open ticket for each of the best.

    Due dates of new tickets count from the day of the newest review, so that a run over the same
    data gives the same plan; from `now` when the data has no dates.
    """
    span = pipeline.Span(*reviews.time_span(session, workspace))
    planned = pipeline.plan(
        themes.every(session, workspace),
        annotations.voices(session, workspace, model=model),
        taxonomy,
        span=span,
        today=day_of(span.last or now),
        backlog=pipeline.Backlog(
            tickets.open_ids(session, workspace), tickets.next_number(session, workspace)
        ),
    )
    priorities.save(session, workspace, planned.priorities)
    tickets.save(session, workspace, planned.tickets, now=now)
    return planned
