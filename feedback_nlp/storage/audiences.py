"""Who speaks in a theme, with everything that decides whether they are told of a fix."""

from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_nlp.replies.audience import Heard
from feedback_nlp.storage import tables, themes
from feedback_nlp.storage.competitors import is_theirs
from feedback_nlp.storage.held import is_held
from feedback_nlp.storage.review_rows import to_review

_R: Final = tables.reviews
_M: Final = tables.theme_members
_ALL: Final = 2**31 - 1


def heard_in(session: Session, workspace: str, theme_id: str, *, model: str) -> list[Heard]:
    """Return the reviews that the last plan counted in a theme, as they are now, by id.

    All of them: what no longer counts has no opinions, and says why.
    """
    voices = themes.voices_of(session, workspace, theme_id, model=model, limit=_ALL)
    voices.sort(key=attrgetter("review_id", "start"))
    opinions = {key: tuple(said) for key, said in groupby(voices, key=attrgetter("review_id"))}
    members = select(_M.c.review_id).where(
        _M.c.workspace_id == workspace, _M.c.theme_id == theme_id
    )
    query = (
        select(
            _R,
            is_held(workspace, model).label("is_held"),
            is_theirs(workspace).label("is_theirs"),
        )
        .where(_R.c.workspace_id == workspace, _R.c.id.in_(members))
        .order_by(_R.c.id)
    )
    return [
        Heard(
            review=to_review(row),
            opinions=opinions.get(row.id, ()),
            held=bool(row.is_held),
            theirs=bool(row.is_theirs),
        )
        for row in session.execute(query)
    ]
