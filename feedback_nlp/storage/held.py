"""Which reviews quarantine holds back, as conditions for queries that select from `reviews`."""

from typing import Final

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, select

from feedback_nlp.records import QuarantineReason
from feedback_nlp.storage import tables

SEVEREST: Final = 3

_R: Final = tables.reviews
_Q: Final = tables.quarantine.alias("holding")
_A: Final = tables.annotations.alias("severe_annotations")
_O: Final = tables.opinions.alias("severe_opinions")


def is_held(workspace: str, model: str) -> ColumnElement[bool]:
    """Say that the row of `reviews` does not count for now.

    It is in quarantine, no person has let it back in, and `model` finds nothing of severity 3 in
    its present text: that is never hidden, not even by a person.
    """
    return exists().where(_holds(workspace, model)).correlate(_R)


def held_reason(workspace: str, model: str) -> ScalarSelect[QuarantineReason | None]:
    """Return why the row of `reviews` is held, null when it is not."""
    return select(_Q.c.reason).where(_holds(workspace, model)).correlate(_R).scalar_subquery()


def is_severe(workspace: str, model: str) -> ColumnElement[bool]:
    """Say that `model` finds something of severity 3 in the present text of `reviews`' row."""
    return (
        exists()
        .where(
            # Named, not taken from the review: else PostgreSQL hashes those of all workspaces.
            _O.c.workspace_id == workspace,
            _O.c.model == model,
            _O.c.review_id == _R.c.id,
            _O.c.severity == SEVEREST,
            _A.c.workspace_id == workspace,
            _A.c.model == _O.c.model,
            _A.c.review_id == _O.c.review_id,
            _A.c.text_hash == _R.c.text_hash,
        )
        .correlate(_R)
    )


def _holds(workspace: str, model: str) -> ColumnElement[bool]:
    return and_(
        _Q.c.workspace_id == workspace,
        _Q.c.review_id == _R.c.id,
        _Q.c.held.is_not(False),
        ~is_severe(workspace, model),
    )
