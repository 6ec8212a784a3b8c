"""Rows of complaints and negative reviews: which ones they are, and what people say of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, exists
from sqlalchemy.orm import Session

from feedback_nlp.records import Annotation, Intent, Labels, Polarity
from feedback_nlp.storage import annotations, label_corrections, tables
from feedback_nlp.storage.competitors import is_theirs
from feedback_nlp.storage.held import is_held
from feedback_nlp.storage.paging import chunks

_R: Final = tables.reviews
_A: Final = tables.annotations
_O: Final = tables.opinions
_C: Final = tables.label_corrections
_BAD: Final = (_O.c.polarity == Polarity.NEG.value) | (_O.c.intent == Intent.COMPLAINT.value)


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion that puts a review on the clock."""

    start: int
    severity: int
    complaint: bool
    topics: tuple[str, ...]


def was_read(workspace: str, model: str) -> ColumnElement[bool]:
    """Join `annotations`: what `model` says of the present text of `reviews`' row."""
    return and_(
        _A.c.workspace_id == workspace,
        _A.c.model == model,
        _A.c.review_id == _R.c.id,
        _A.c.text_hash == _R.c.text_hash,
        _A.c.error.is_(None),
    )


def is_bad(workspace: str, model: str) -> ColumnElement[bool]:
    """Join `opinions`: the negative ones and the complaints of `annotations`' row."""
    return and_(
        _O.c.workspace_id == workspace,
        _O.c.model == model,
        _O.c.review_id == _A.c.review_id,
        _BAD,
    )


def is_ours(workspace: str, model: str) -> ColumnElement[bool]:
    """Say that the row of `reviews` counts: not held back, not about a competitor."""
    return and_(_R.c.workspace_id == workspace, ~is_held(workspace, model), ~is_theirs(workspace))


def is_corrected(workspace: str) -> ColumnElement[bool]:
    """Say that people have corrected labels of the present text of `reviews`' row."""
    return (
        exists()
        .where(
            _C.c.workspace_id == workspace,
            _C.c.review_id == _R.c.id,
            _C.c.text_hash == _R.c.text_hash,
        )
        .correlate(_R)
    )


def heard(rows: Sequence[Row[Any]]) -> tuple[bool, list[Said]]:
    """Return whether a review is negative, and its bad opinions, from its rows."""
    negative = rows[0].polarity == Polarity.NEG.value
    said = [
        Said(
            row.start,
            row.severity,
            row.intent == Intent.COMPLAINT.value,
            tuple(code for code, _ in row.topics),
        )
        for row in rows
        if row.start is not None
    ]
    return negative, said


def reheard(annotation: Annotation) -> tuple[bool, list[Said]]:
    """Return the same from a corrected annotation."""
    negative = annotation.polarity is Polarity.NEG
    said = [
        Said(
            opinion.start,
            opinion.labels.severity,
            opinion.labels.intent is Intent.COMPLAINT,
            tuple(topic.code for topic in opinion.labels.topics),
        )
        for opinion in annotation.opinions
        if _counts(opinion.labels, negative=negative)
    ]
    return negative, said


def _counts(labels: Labels, *, negative: bool) -> bool:
    complains = labels.intent is Intent.COMPLAINT
    return complains or (negative and labels.polarity is Polarity.NEG)


def corrected(session: Session, workspace: str, model: str) -> dict[str, Annotation]:
    """Return what people say of the reviews that they have corrected."""
    spoken_of = {review_id for review_id, _, _ in label_corrections.said(session, workspace)}
    return {
        annotation.review_id: annotation
        for chunk in chunks(sorted(spoken_of))
        for annotation in annotations.corrected(session, workspace, chunk, model=model)
    }
