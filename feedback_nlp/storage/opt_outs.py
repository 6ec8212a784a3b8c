"""Users who want no messages: one row a user, what they said last counts."""

from typing import Any, Final

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import OptOut
from feedback_nlp.storage import tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.opt_outs


def put(session: Session, workspace: str, wish: OptOut) -> None:
    """Write down what a user wants; what they said before is replaced.

    The user need not be known yet; a review that is named must be stored.

    Raises:
        InputError: a string that no database can keep.
    """
    told = (("user", wish.user), ("author", wish.author), ("reason", wish.reason))
    check_storable("退订", told)
    for noun in ("reviews", "opt_outs"):  # reviews first, as everywhere
        lock(session, workspace, noun)
    session.execute(delete(_T).where(_T.c.workspace_id == workspace, _T.c.author_id == wish.user))
    row = {
        "workspace_id": workspace,
        "author_id": wish.user,
        "review_id": wish.review_id,
        "active": wish.active,
        "author": wish.author,
        "at": wish.at,
        "reason": wish.reason,
    }
    session.execute(insert(_T), [row])


def active(session: Session, workspace: str) -> frozenset[str]:
    """Return the users who want no messages now."""
    return frozenset(wish.user for wish in every(session, workspace))


def every(session: Session, workspace: str) -> list[OptOut]:
    """Return the wishes of those who want no messages now, by user."""
    query = (
        select(_T)
        .where(_T.c.workspace_id == workspace, _T.c.active.is_(True))
        .order_by(_T.c.author_id)
    )
    return [_to_wish(row) for row in session.execute(query)]


def _to_wish(row: Row[Any]) -> OptOut:
    return OptOut(
        user=row.author_id,
        active=row.active,
        author=row.author,
        at=row.at,
        reason=row.reason,
        review_id=row.review_id,
    )
