"""Which reviews quarantine holds back, as conditions for queries that select from `reviews`."""

from typing import Final

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, and_, exists, select

from feedback_nlp.records import QuarantineReason
from feedback_nlp.storage import tables

SEVEREST: Final = 3

_R: Final = tables.reviews
_Q: Final = tables.quarantine.alias("holding")
_A: Final = tables.annotations.alias("severe_annotations")
_O: Final = tables.opinions.alias("severe_opinions")
_C: Final = tables.label_corrections.alias("severe_corrections")
_G: Final = tables.label_corrections.alias("grades")


def is_held(workspace: str, model: str) -> ColumnElement[bool]:
    """Say that the row of `reviews` does not count for now.

    It is in quarantine, no person has let it back in, and neither `model` nor, where one has
    corrected it, a person finds severity 3 in its present text: that is never hidden, not even by
    a person.
    """
    return exists().where(_holds(workspace, model)).correlate(_R)


def held_reason(workspace: str, model: str) -> ScalarSelect[QuarantineReason | None]:
    """Return why the row of `reviews` is held, null when it is not."""
    return select(_Q.c.reason).where(_holds(workspace, model)).correlate(_R).scalar_subquery()


def is_severe(workspace: str, model: str) -> ColumnElement[bool]:
    """Say that something of severity 3 is in the present text of `reviews`' row.

    `model` finds it and no person has graded that opinion otherwise, or a person says so.
    """
    found = (
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
            ~exists()
            .where(_graded(_O, workspace), _G.c.text_hash == _A.c.text_hash)
            .correlate(_O, _A),
        )
        .correlate(_R)
    )
    said = (
        exists()
        .where(
            _C.c.workspace_id == workspace,
            _C.c.review_id == _R.c.id,
            _C.c.text_hash == _R.c.text_hash,
            _C.c.severity == SEVEREST,
            ~exists()
            .where(_graded(_C, workspace), _G.c.text_hash == _C.c.text_hash, _G.c.id > _C.c.id)
            .correlate(_C),
        )
        .correlate(_R)
    )
    return found | said


def _graded(opinion: FromClause, workspace: str) -> ColumnElement[bool]:
    """Say that a person has graded the opinion at this place, in some text of the review."""
    return and_(
        _G.c.workspace_id == workspace,
        _G.c.review_id == opinion.c.review_id,
        _G.c.start == opinion.c.start,
        _G.c.end == opinion.c.end,
        _G.c.severity.is_not(None),
    )


def _holds(workspace: str, model: str) -> ColumnElement[bool]:
    return and_(
        _Q.c.workspace_id == workspace,
        _Q.c.review_id == _R.c.id,
        _Q.c.held.is_not(False),
        ~is_severe(workspace, model),
    )
