"""Score: every review that this model version has not read yet -> opinions."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Engine

from feedback_nlp import pipeline
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Review
from feedback_nlp.storage import annotations, reviews
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.progress import Progress, silent

BATCH: Final = 500


def score_pending(
    engine: Engine, workspace: str, classifier: Classifier, *, progress: Progress = silent
) -> int:
    """Annotate pending reviews in transactions of 500 and return how many.

    "Not annotated by this model yet" is the queue, so a run that was killed goes on where it was.
    """
    done = 0
    while scored := _walk(engine, workspace, classifier, progress=progress):
        done += scored  # Once more from the start: reviews may have arrived meanwhile.
    return done


def _walk(engine: Engine, workspace: str, classifier: Classifier, *, progress: Progress) -> int:
    done = 0
    last = None
    while True:
        with reading(engine) as session:
            waiting = reviews.pending(
                session, workspace, model=classifier.version, limit=BATCH, after=last
            )
        if not waiting:
            return done
        last = waiting[-1]
        score(engine, workspace, classifier, waiting)
        done += len(waiting)
        progress(len(waiting))


def score(
    engine: Engine, workspace: str, classifier: Classifier, waiting: Sequence[Review]
) -> None:
    """Annotate these reviews in one transaction, which begins when the model is done."""
    made = pipeline.annotate([(review.id, review.text) for review in waiting], classifier)
    with transaction(engine) as session:
        annotations.add(session, workspace, made)
