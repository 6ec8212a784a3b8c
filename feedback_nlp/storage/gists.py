"""What a model says about reviews in short, as a screening wants it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Polarity
from feedback_nlp.storage import annotations, tables
from feedback_nlp.storage.quarantine_rows import Gist
from feedback_nlp.storage.review_rows import text_hash

_A: Final = tables.annotations
_O: Final = tables.opinions


def gists(
    session: Session, workspace: str, model: str, review_ids: Sequence[str]
) -> dict[tuple[str, str], Gist]:
    """Return what `model` says, people's corrections laid over it, of at most a chunk of reviews.

    By review and hash of the text that was read, which need not be the present one.
    """
    mine = (_A.c.workspace_id == workspace, _A.c.model == model, _A.c.review_id.in_(review_ids))
    labels = select(_A.c.review_id, _A.c.text_hash, _A.c.polarity)
    highest = (
        select(_O.c.review_id, func.max(_O.c.severity))
        .where(_O.c.workspace_id == workspace, _O.c.model == model, _O.c.review_id.in_(review_ids))
        .group_by(_O.c.review_id)
    )
    severity = {row[0]: row[1] for row in session.execute(highest)}
    found = {
        (row.review_id, row.text_hash): (Polarity(row.polarity), severity.get(row.review_id, 0))
        for row in session.execute(labels.where(*mine))
    }
    for each in annotations.corrected(session, workspace, review_ids, model=model):
        worst = max(opinion.labels.severity for opinion in each.opinions)
        found[each.review_id, text_hash(each.text)] = (each.polarity, worst)
    return found
