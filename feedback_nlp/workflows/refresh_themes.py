"""Refresh: stored opinions -> the themes of today, under the ids they already had."""

from datetime import datetime

from sqlalchemy.orm import Session

from feedback_nlp import pipeline
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy, Theme
from feedback_nlp.storage import annotations, reviews, themes


def refresh_themes(
    session: Session, workspace: str, classifier: Classifier, taxonomy: Taxonomy, *, now: datetime
) -> list[Theme]:
    """Gather every candidate opinion of the classifier into themes, store and return them.

    Nothing changes when no opinion has changed. Must run in one write transaction.
    """
    found = pipeline.find_themes(
        annotations.voices(session, workspace, model=classifier.version),
        classifier,
        taxonomy,
        past=pipeline.Past(
            tuple(themes.every(session, workspace)), themes.next_number(session, workspace)
        ),
        span=pipeline.Span(*reviews.time_span(session, workspace)),
    )
    themes.save(session, workspace, found, now=now)
    return found
