"""What each model version says about each review; one that read an earlier text does not count."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Annotation, Intent, Polarity, Voice
from feedback_nlp.storage import tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.opinions import (
    label_columns,
    opinion_values,
    select_voices,
    to_opinion,
    to_probabilities,
    to_voice,
)
from feedback_nlp.storage.paging import chunks, in_review_order
from feedback_nlp.storage.planner import refresh_statistics
from feedback_nlp.storage.reviews import text_hash

_A: Final = tables.annotations
_O: Final = tables.opinions
_R: Final = tables.reviews


def add(session: Session, workspace: str, annotations: Sequence[Annotation]) -> None:
    """Store annotations; one that the same model made of the same review before is replaced.

    The reviews must be stored already. Adding twice changes nothing.
    """
    lock(session, workspace, "annotations")
    by_model: dict[str, dict[str, Annotation]] = {}
    for annotation in annotations:
        by_model.setdefault(annotation.model, {})[annotation.review_id] = annotation
    for model, of_model in by_model.items():
        for chunk in chunks(of_model.values()):
            _forget(session, workspace, model, [annotation.review_id for annotation in chunk])
            session.execute(insert(_A), [_values(workspace, item) for item in chunk])
            opinions = [
                opinion_values(workspace, item, opinion)
                for item in chunk
                for opinion in item.opinions
            ]
            if opinions:
                session.execute(insert(_O), opinions)
            refresh_statistics(session, _A, _O)


def get(session: Session, workspace: str, review_id: str, *, model: str) -> Annotation | None:
    """Return what `model` says about the present text of one review."""
    rows = session.execute(_current(workspace, model).where(_R.c.id == review_id)).all()
    return next(iter(_with_opinions(session, workspace, model, rows)), None)


def every(
    session: Session, workspace: str, *, model: str, batch: int = 1_000
) -> Iterator[Annotation]:
    """Walk through the annotations of the present texts, in the order of `reviews.every`."""
    for page in in_review_order(session, _current(workspace, model), batch=batch):
        yield from _with_opinions(session, workspace, model, page)


def voices(session: Session, workspace: str, *, model: str) -> list[Voice]:
    """Return the candidates for themes: negative opinions and requests, by review id and start."""
    query = (
        select_voices(workspace, model)
        .where((_O.c.polarity == Polarity.NEG.value) | (_O.c.intent == Intent.REQUEST.value))
        .order_by(_O.c.review_id, _O.c.start)
    )
    return [to_voice(row) for row in session.execute(query)]


def count_opinions(session: Session, workspace: str, *, model: str) -> int:
    """Count the opinions that `model` found in the present texts."""
    query = select(func.count()).select_from(select_voices(workspace, model).subquery())
    return session.execute(query).scalar_one()


def _current(workspace: str, model: str) -> Select[Any]:
    return (
        select(_R.c.id, _R.c.created_at, _R.c.text, _A)
        .join(
            _A,
            (_A.c.workspace_id == _R.c.workspace_id)
            & (_A.c.review_id == _R.c.id)
            & (_A.c.text_hash == _R.c.text_hash),
        )
        .where(_R.c.workspace_id == workspace, _A.c.model == model)
    )


def _with_opinions(
    session: Session, workspace: str, model: str, rows: Sequence[Row[Any]]
) -> list[Annotation]:
    query = (
        select(_O)
        .where(
            _O.c.workspace_id == workspace,
            _O.c.model == model,
            _O.c.review_id.in_([row.id for row in rows]),
        )
        .order_by(_O.c.review_id, _O.c.start)
    )
    opinions: dict[str, list[Row[Any]]] = {}
    for row in session.execute(query):
        opinions.setdefault(row.review_id, []).append(row)
    return [
        Annotation(
            review_id=row.id,
            text=row.text,
            polarity=Polarity(row.polarity),
            probabilities=to_probabilities(row),
            uncertain=row.uncertain,
            opinions=tuple(map(to_opinion, opinions.get(row.id, ()))),
            model=row.model,
            quarantine=row.quarantine,
            error=row.error,
        )
        for row in rows
    ]


def _forget(session: Session, workspace: str, model: str, review_ids: Sequence[str]) -> None:
    for table in (_O, _A):
        session.execute(
            delete(table).where(
                table.c.workspace_id == workspace,
                table.c.model == model,
                table.c.review_id.in_(review_ids),
            )
        )


def _values(workspace: str, annotation: Annotation) -> dict[str, Any]:
    return {
        "workspace_id": workspace,
        "model": annotation.model,
        "review_id": annotation.review_id,
        "text_hash": text_hash(annotation.text),
        "quarantine": annotation.quarantine,
        "error": annotation.error,
    } | label_columns(annotation.polarity, annotation.probabilities, uncertain=annotation.uncertain)
