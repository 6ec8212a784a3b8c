"""What each model version says about each review; one that read an earlier text does not count.

Rows hold what the model said. Whoever reads gets people's corrections laid over it.
"""

from array import array
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.orm import Session

from feedback_nlp.classify.review import corrected_annotation
from feedback_nlp.heads.correct import corrected_voice
from feedback_nlp.records import Annotation, Intent, Labels, Polarity, Voice
from feedback_nlp.storage import label_corrections, tables
from feedback_nlp.storage.bulk import insert_rows
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.held import held_reason
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
from feedback_nlp.storage.review_rows import text_hash
from feedback_nlp.storage.reviews import stored_ids

FloatArray: TypeAlias = npt.NDArray[np.float64]

_A: Final = tables.annotations
_O: Final = tables.opinions
_R: Final = tables.reviews
_C: Final = tables.label_corrections


def add(session: Session, workspace: str, annotations: Sequence[Annotation]) -> None:
    """Store annotations; one that the same model made of the same review before is replaced.

    One whose review is gone, because a person was erased meanwhile, is left out. Adding twice
    changes nothing. What an annotation says about
    quarantine is not stored: that depends on all reviews together and lives in `quarantine`.
    """
    for noun in ("reviews", "annotations"):  # reviews first, as everywhere
        lock(session, workspace, noun)
    stored = stored_ids(session, workspace, (annotation.review_id for annotation in annotations))
    by_model: dict[str, dict[str, Annotation]] = {}
    for annotation in annotations:
        if annotation.review_id not in stored:
            continue
        by_model.setdefault(annotation.model, {})[annotation.review_id] = annotation
    for model, of_model in by_model.items():
        for chunk in chunks(of_model.values()):
            _forget(session, workspace, model, [annotation.review_id for annotation in chunk])
            insert_rows(session, _A, [_values(workspace, item) for item in chunk])
            opinions = [
                opinion_values(workspace, item, opinion)
                for item in chunk
                for opinion in item.opinions
            ]
            insert_rows(session, _O, opinions)
            refresh_statistics(session, _A, _O, rows=len(chunk))


def get(session: Session, workspace: str, review_id: str, *, model: str) -> Annotation | None:
    """Return what `model` says about the present text of one review."""
    rows = session.execute(_reviews(workspace, model).where(_R.c.id == review_id)).all()
    return next(iter(_annotated(session, workspace, model, rows)), None)


def every(
    session: Session, workspace: str, *, model: str, batch: int = 1_000
) -> Iterator[Annotation]:
    """Walk through the annotations of the present texts, in the order of `reviews.every`.

    All of them: `quarantine` says which reviews are held back, and why.
    """
    for page in in_review_order(session, _reviews(workspace, model), batch=batch):
        yield from _annotated(session, workspace, model, page)


def of_reviews(
    session: Session, workspace: str, review_ids: Sequence[str], *, model: str
) -> dict[str, Annotation]:
    """Return what `model` says about the present texts of those reviews, of at most a chunk."""
    rows = session.execute(_reviews(workspace, model).where(_R.c.id.in_(review_ids))).all()
    return {found.review_id: found for found in _annotated(session, workspace, model, rows)}


def corrected(
    session: Session, workspace: str, review_ids: Sequence[str], *, model: str
) -> list[Annotation]:
    """Return the annotations of those reviews, of at most a chunk, that people have corrected."""
    said = label_corrections.said(session, workspace, review_ids)
    if not said:
        return []
    spoken_of = sorted({review_id for review_id, _, _ in said})
    rows = session.execute(_reviews(workspace, model).where(_R.c.id.in_(spoken_of))).all()
    found = _annotated(session, workspace, model, rows)
    return [annotation for annotation in found if annotation.opinions]


def voices(session: Session, workspace: str, *, model: str) -> list[Voice]:
    """Return the candidates for themes: negative opinions and requests, by review id and start.

    Those of reviews that quarantine holds back, and of competitors' reviews, are left out.
    """
    spoken_of = select(_C.c.review_id).where(_C.c.workspace_id == workspace)
    query = (
        select_voices(workspace, model)
        .where(
            (_O.c.polarity == Polarity.NEG.value)
            | (_O.c.intent == Intent.REQUEST.value)
            | _O.c.review_id.in_(spoken_of)
        )
        .order_by(_O.c.review_id, _O.c.start)
    )
    said = label_corrections.said(session, workspace)
    found = (corrected_voice(to_voice(row), said) for row in session.execute(query))
    return [voice for voice in found if _is_candidate(voice.labels)]


def voices_at(
    session: Session, workspace: str, places: Collection[tuple[str, int]], *, model: str
) -> list[Voice]:
    """Return those candidates for themes that are at these places (review id, start), in order."""
    found: list[Voice] = []
    for chunk in chunks(sorted({review_id for review_id, _ in places})):
        query = (
            select_voices(workspace, model)
            .where(_O.c.review_id.in_(chunk))
            .order_by(_O.c.review_id, _O.c.start)
        )
        said = label_corrections.said(session, workspace, chunk)
        found += [corrected_voice(to_voice(row), said) for row in session.execute(query)]
    return [
        voice
        for voice in found
        if (voice.review_id, voice.start) in places and _is_candidate(voice.labels)
    ]


def chances(session: Session, workspace: str, *, model: str) -> FloatArray:
    """Return the probabilities (n_opinions, 3) of neg, neu and pos of all our opinions.

    As the model said them, whatever people corrected; those of held reviews are left out.
    """
    wanted = select_voices(workspace, model).with_only_columns(_O.c.neg, _O.c.neu, _O.c.pos)
    found = array("f")  # 4 MB for 300,000
    for row in session.execute(wanted, execution_options={"yield_per": 10_000}):
        found.extend(row)
    return np.array(found, np.float64).reshape(-1, 3)


def count_opinions(session: Session, workspace: str, *, model: str) -> int:
    """Count the opinions that `model` found in the present texts of reviews that are not held."""
    query = select(func.count()).select_from(select_voices(workspace, model).subquery())
    return session.execute(query).scalar_one()


def _is_candidate(labels: Labels) -> bool:
    return labels.polarity is Polarity.NEG or labels.intent is Intent.REQUEST


def _reviews(workspace: str, model: str) -> Select[Any]:
    held = held_reason(workspace, model).label("held_as")
    return select(_R.c.id, _R.c.created_at, _R.c.text, _R.c.text_hash, held).where(
        _R.c.workspace_id == workspace
    )


def _annotated(
    session: Session, workspace: str, model: str, reviews: Sequence[Row[Any]]
) -> list[Annotation]:
    """Return the annotations of the texts of these reviews, in their order.

    Asked for by id: PostgreSQL takes a join on id and hash for one row, and then reads the whole
    table for each page.
    """
    ids = [row.id for row in reviews]
    mine = (_A.c.workspace_id == workspace, _A.c.model == model, _A.c.review_id.in_(ids))
    found = {row.review_id: row for row in session.execute(select(_A).where(*mine))}
    current = [row for row in reviews if row.id in found]
    current = [row for row in current if found[row.id].text_hash == row.text_hash]
    opinions = _opinions(session, workspace, model, [row.id for row in current])
    said = label_corrections.said(session, workspace, [row.id for row in current])
    made = (_to_annotation(found[row.id], row, opinions.get(row.id, ())) for row in current)
    return [corrected_annotation(annotation, said) for annotation in made]


def _opinions(
    session: Session, workspace: str, model: str, review_ids: Sequence[str]
) -> dict[str, list[Row[Any]]]:
    mine = (_O.c.workspace_id == workspace, _O.c.model == model, _O.c.review_id.in_(review_ids))
    opinions: dict[str, list[Row[Any]]] = {}
    for row in session.execute(select(_O).where(*mine).order_by(_O.c.review_id, _O.c.start)):
        opinions.setdefault(row.review_id, []).append(row)
    return opinions


def _to_annotation(row: Row[Any], review: Row[Any], opinions: Sequence[Row[Any]]) -> Annotation:
    return Annotation(
        review_id=review.id,
        text=review.text,
        polarity=Polarity(row.polarity),
        probabilities=to_probabilities(row),
        uncertain=row.uncertain,
        opinions=tuple(map(to_opinion, opinions)),
        model=row.model,
        quarantine=review.held_as,
        error=row.error,
    )


def _forget(session: Session, workspace: str, model: str, review_ids: Sequence[str]) -> None:
    known = select(_A.c.review_id).where(
        _A.c.workspace_id == workspace, _A.c.model == model, _A.c.review_id.in_(review_ids)
    )
    if not session.execute(known.limit(1)).first():  # as of nearly all that come
        return
    for table in (tables.embeddings, _O, _A):
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
        "error": annotation.error,
    } | label_columns(annotation.polarity, annotation.probabilities, uncertain=annotation.uncertain)
