"""Texts as they arrived, before masking; written only when the settings say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from feedback_nlp.storage import tables
from feedback_nlp.storage.bulk import insert_rows
from feedback_nlp.storage.paging import chunks

_T: Final = tables.original_texts
_R: Final = tables.reviews
_OLD: Final = tables.review_revisions


@dataclass(frozen=True, slots=True)
class Original:
    """The unmasked text of one revision of a review."""

    review_id: str
    revision: int
    text: str


def keep(session: Session, workspace: str, originals: Sequence[Original], *, now: datetime) -> None:
    """Store originals of revisions that have none yet; `reviews.add` calls it."""
    for chunk in chunks(originals):
        rows = [
            {
                "workspace_id": workspace,
                "review_id": original.review_id,
                "revision": original.revision,
                "text": original.text,
                "kept_at": now,
            }
            for original in chunk
        ]
        insert_rows(session, _T, rows)


def get(session: Session, workspace: str, review_id: str) -> str | None:
    """Return the original of the present text; None when none was kept or nothing was masked.

    It is kept under the revision that brought the text; later revisions may have changed other
    fields only.
    """
    another_text = exists().where(
        _OLD.c.workspace_id == workspace,
        _OLD.c.review_id == review_id,
        _OLD.c.revision >= _T.c.revision,
        _OLD.c.text != _R.c.text,
    )
    query = (
        select(_T.c.text)
        .join(_R, (_R.c.workspace_id == _T.c.workspace_id) & (_R.c.id == _T.c.review_id))
        .where(_T.c.workspace_id == workspace, _T.c.review_id == review_id, ~another_text)
        .order_by(_T.c.revision.desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()


def count(session: Session, workspace: str) -> int:
    """Count the originals, those of earlier revisions included."""
    query = select(func.count()).select_from(_T).where(_T.c.workspace_id == workspace)
    return session.execute(query).scalar_one()


def forget_before(session: Session, workspace: str, moment: datetime) -> int:
    """Delete the originals kept before `moment` and return how many."""
    mine = select(func.count()).select_from(_T)
    old = (_T.c.workspace_id == workspace, _T.c.kept_at < moment)
    found = session.execute(mine.where(*old)).scalar_one()
    session.execute(delete(_T).where(*old))
    return found
