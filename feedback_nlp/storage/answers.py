"""Scores in questionnaires and reviews, each counted once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Polarity
from feedback_nlp.satisfaction.answers import Answer
from feedback_nlp.storage import annotations, competitors, label_corrections, reviews, tables
from feedback_nlp.storage.competitors import is_theirs
from feedback_nlp.storage.held import is_held
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.upserts import in_days
from feedback_nlp.themes.trend import day_of

_R: Final = tables.reviews
_S: Final = tables.survey_answers
_A: Final = tables.annotations
_SCORES: Final = (
    *(_R.c.id, _R.c.created_at, _R.c.nps, _R.c.csat, _R.c.rating, _R.c.author_id),
    *(_R.c.product, _R.c.version, _R.c.region, _R.c.author_tier),
)


def answers(
    session: Session, workspace: str, *, model: str, first: date, last: date
) -> list[Answer]:
    """Return all answers and reviews from `first` to `last`, as China counts days.

    Oldest first, questionnaires before reviews, then by id. Reviews without any score are there
    too, for what they speak of. A questionnaire and the review of its open text repeat each
    other's NPS and CSAT; the review leaves them to the questionnaire, whenever that was answered.
    Left out are reviews that quarantine holds back or that are about a competitor, and the
    questionnaires that belong to them. `model` says which reviews are negative, people's
    corrections laid over it.
    """
    found = [
        *_surveys(session, workspace, model=model, first=first, last=last),
        *_reviews(session, workspace, model=model, first=first, last=last),
    ]
    found.sort(key=lambda answer: (answer.at, not answer.is_survey, answer.id))
    return found


def are_given(session: Session, workspace: str) -> bool:
    """Say that there is any NPS or CSAT: cheap to know before all reviews are read."""
    return any(
        session.execute(
            select(table.c.id)
            .where(
                table.c.workspace_id == workspace,
                table.c.nps.is_not(None) | table.c.csat.is_not(None),
            )
            .limit(1)
        ).first()
        for table in (_S, _R)
    )


def newest_day(session: Session, workspace: str) -> date | None:
    """Return the day of the newest questionnaire or review of ours; None when none has a time."""
    query = select(func.max(_S.c.answered_at)).where(
        _S.c.workspace_id == workspace, _is_ours(session, workspace)
    )
    answered = session.execute(query).scalar_one()
    written = reviews.time_span(session, workspace)[1]
    return max((day_of(time) for time in (answered, written) if time is not None), default=None)


def _surveys(
    session: Session, workspace: str, *, model: str, first: date, last: date
) -> Iterator[Answer]:
    left_out = (
        exists()
        .where(
            _R.c.workspace_id == workspace,
            _R.c.id == _S.c.review_id,
            is_held(workspace, model) | is_theirs(workspace),
        )
        .correlate(_S)
    )
    query = select(_S).where(
        _S.c.workspace_id == workspace,
        in_days(_S.c.answered_at, first, last),
        _is_ours(session, workspace),
        ~left_out,
    )
    for row in session.execute(query):
        yield Answer(
            id=row.id,
            at=row.answered_at,
            nps=row.nps,
            csat=row.csat,
            author_id=row.author_id,
            review_id=row.review_id,
            is_survey=True,
            product=row.product,
            version=row.version,
            region=row.region,
            tier=row.author_tier,
        )


def _reviews(
    session: Session, workspace: str, *, model: str, first: date, last: date
) -> list[Answer]:
    query = _counting(workspace, model).where(in_days(_R.c.created_at, first, last))
    found = {}
    for row in session.execute(query):
        found[row.id] = Answer(
            id=row.id,
            at=row.created_at,
            nps=None if row.is_of_survey else row.nps,
            csat=None if row.is_of_survey else row.csat,
            rating=row.rating,
            negative=None if row.polarity is None else row.polarity == Polarity.NEG.value,
            author_id=row.author_id,
            review_id=row.id,
            product=row.product,
            version=row.version,
            region=row.region,
            tier=row.author_tier,
        )
    spoken_of = {review_id for review_id, _, _ in label_corrections.said(session, workspace)}
    for chunk in chunks(sorted(spoken_of & found.keys())):
        for each in annotations.corrected(session, workspace, chunk, model=model):
            negative = each.polarity is Polarity.NEG
            found[each.review_id] = replace(found[each.review_id], negative=negative)
    return list(found.values())


def _counting(workspace: str, model: str) -> Select[Any]:
    """Select the reviews that count, with the polarity of their present texts."""
    read = and_(
        _A.c.workspace_id == _R.c.workspace_id,
        _A.c.model == model,
        _A.c.review_id == _R.c.id,
        _A.c.text_hash == _R.c.text_hash,
        _A.c.error.is_(None),
    )
    of_survey = (
        exists().where(_S.c.workspace_id == workspace, _S.c.review_id == _R.c.id).correlate(_R)
    )
    return (
        select(*_SCORES, _A.c.polarity, of_survey.label("is_of_survey"))
        .select_from(_R.outerjoin(_A, read))
        .where(
            _R.c.workspace_id == workspace,
            ~is_held(workspace, model),
            ~is_theirs(workspace),
        )
    )


def _is_ours(session: Session, workspace: str) -> ColumnElement[bool]:
    """Say that the questionnaire is not about a competitor; without a product it is ours."""
    theirs = competitors.active(session, workspace)
    return _S.c.product.is_(None) | _S.c.product.not_in(theirs)
