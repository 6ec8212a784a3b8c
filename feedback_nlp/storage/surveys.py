"""The scores of filled-in questionnaires."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, func, select
from sqlalchemy.orm import Session

from feedback_nlp.records import SurveyAnswer
from feedback_nlp.storage import tables, upserts
from feedback_nlp.storage.keyset import Part, dated_rows
from feedback_nlp.storage.reviews import Added
from feedback_nlp.storage.upserts import Store, begin_of, in_days, upsert, walk

_T: Final = tables.survey_answers
_STORE: Final = Store(_T, SurveyAnswer, "问卷")


@dataclass(frozen=True, slots=True)
class Scores:
    """How often each score was given: (score, answers), by score; scores nobody gave are absent."""

    nps: tuple[tuple[int, int], ...]
    """0 to 10."""
    csat: tuple[tuple[int, int], ...]
    """1 to 5."""


def add(session: Session, workspace: str, items: Sequence[SurveyAnswer], *, now: datetime) -> Added:
    """Store answers; a known id with other content is replaced, the same changes nothing.

    Raises:
        InputError: a value that no database can keep.
    """
    return upsert(session, workspace, _STORE, items, now=now)


def mark(session: Session, workspace: str) -> tuple[object, ...]:
    """Return what is cheap to read and differs once something was stored."""
    return upserts.mark(session, workspace, _STORE)


def every(session: Session, workspace: str, *, batch: int = 1_000) -> Iterator[SurveyAnswer]:
    """Walk through all answers, by id."""
    return walk(session, workspace, _STORE, batch=batch)


def part(
    session: Session,
    workspace: str,
    page: Part,
    *,
    author_id: str | None = None,
    days: tuple[date | None, date | None] = (None, None),
) -> list[SurveyAnswer]:
    """Return a part of the answers, newest first, those without a time last; by time and id.

    Of days from the first up to the second, which is left out, as China counts them.
    """
    query = select(*(_T.c[name] for name in _STORE.names())).where(_T.c.workspace_id == workspace)
    if author_id is not None:
        query = query.where(_T.c.author_id == author_id)
    first, behind = days
    if first is not None:
        query = query.where(_T.c.answered_at >= begin_of(first))
    if behind is not None:
        query = query.where(_T.c.answered_at < begin_of(behind))
    key = (_T.c.answered_at, _T.c.id)
    rows = dated_rows(session, query, key, page, newest_first=True)
    return [SurveyAnswer(**row._asdict()) for row in rows]


def scores(session: Session, workspace: str, first: date, last: date) -> Scores:
    """Count the scores given from `first` to `last`, both included, as China counts days.

    Answers without a time are in no window.
    """
    return Scores(
        *(_counted(session, workspace, _T.c[name], first, last) for name in ("nps", "csat"))
    )


def _counted(
    session: Session, workspace: str, score: Column[Any], first: date, last: date
) -> tuple[tuple[int, int], ...]:
    query = (
        select(score, func.count())
        .where(
            _T.c.workspace_id == workspace,
            in_days(_T.c.answered_at, first, last),
            score.is_not(None),
        )
        .group_by(score)
        .order_by(score)
    )
    return tuple((row[0], row[1]) for row in session.execute(query))
