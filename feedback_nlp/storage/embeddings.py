"""Vectors of opinions, so that no clause is encoded twice by one model."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.storage import tables
from feedback_nlp.storage.paging import chunks

FloatArray = npt.NDArray[np.float32]
Place = tuple[str, int]
"""Review id and start of an opinion."""

_T: Final = tables.embeddings
_STORED: Final = np.dtype("<f2")


def rounded(vectors: FloatArray) -> FloatArray:
    """Return vectors as they come back from storage, so that new and kept ones are alike."""
    return vectors.astype(_STORED).astype(np.float32)


def known(session: Session, workspace: str, *, model: str) -> dict[Place, FloatArray]:
    """Return the stored vector of every opinion that has one."""
    query = _vectors(workspace, model)
    return {_place(row): _vector(row) for row in session.execute(query)}


def at(
    session: Session, workspace: str, places: Collection[Place], *, model: str
) -> dict[Place, FloatArray]:
    """Return the stored vectors of the opinions at these places."""
    found: dict[Place, FloatArray] = {}
    for chunk in chunks(sorted({review_id for review_id, _ in places})):
        query = _vectors(workspace, model).where(_T.c.review_id.in_(chunk))
        found |= {_place(row): _vector(row) for row in session.execute(query)}
    return {place: vector for place, vector in found.items() if place in places}


def mark(session: Session, workspace: str, *, model: str) -> int:
    """Return what is cheap to read and differs once vectors were stored: how many there are."""
    query = select(func.count()).where(_T.c.workspace_id == workspace, _T.c.model == model)
    return session.execute(query).scalar_one()


def add(
    session: Session, workspace: str, vectors: Mapping[Place, FloatArray], *, model: str
) -> None:
    """Store vectors of opinions that have none yet; the opinions must be stored."""
    rows = [
        {
            "workspace_id": workspace,
            "model": model,
            "review_id": review_id,
            "start": start,
            "vector": vectors[review_id, start].astype(_STORED).tobytes(),
        }
        for review_id, start in sorted(vectors)
    ]
    if rows:
        session.execute(insert(_T), rows)


def _vectors(workspace: str, model: str) -> Select[Any]:
    return select(_T.c.review_id, _T.c.start, _T.c.vector).where(
        _T.c.workspace_id == workspace, _T.c.model == model
    )


def _place(row: Row[Any]) -> Place:
    return row.review_id, row.start


def _vector(row: Row[Any]) -> FloatArray:
    return np.frombuffer(row.vector, _STORED).astype(np.float32)
