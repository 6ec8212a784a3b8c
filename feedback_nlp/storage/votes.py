"""Votes of the review board: rows are only added, of each person the latest one counts."""

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Criterion, Vote
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.votes


def add(session: Session, workspace: str, vote: Vote) -> None:
    """Append a vote; its theme must be stored.

    Raises:
        InputError: a string or a number that no database can keep.
    """
    told = (("author", vote.author), ("reason", vote.reason), ("points", vote.points))
    check_storable(f"主题 {vote.theme_id} 的评分", told)
    notes.append(session, _T, workspace, asdict(vote) | {"criterion": vote.criterion.value})


def latest(session: Session, workspace: str, *, theme_id: str | None = None) -> list[Vote]:
    """Return the votes that count, about one theme or all, first cast first.

    Of each theme, criterion and author the latest; what was taken back is left out.
    """
    query = select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.id)
    if theme_id is not None:
        query = query.where(_T.c.theme_id == theme_id)
    found: dict[tuple[str, str, str], Vote] = {}
    for row in session.execute(query):
        key = row.theme_id, row.criterion, row.author
        found.pop(key, None)
        found[key] = _to_vote(row)
    return [vote for vote in found.values() if vote.points is not None]


def mark(session: Session, workspace: str) -> int:
    """Return what is cheap to read and differs once somebody has voted."""
    return notes.newest(session, _T, workspace)


def _to_vote(row: Row[Any]) -> Vote:
    return Vote(
        theme_id=row.theme_id,
        criterion=Criterion(row.criterion),
        points=row.points,
        author=row.author,
        at=row.at,
        reason=row.reason,
    )
