"""Whose complaints the service level counts, and what was done about each of them."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Answered, Intent, Polarity, Purpose, Quote, ReviewKind
from feedback_nlp.sla.clocks import Case
from feedback_nlp.sla.limits import PUBLIC, Told
from feedback_nlp.storage import tables
from feedback_nlp.storage.escalations import open_at
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.service_rows import (
    corrected,
    heard,
    is_bad,
    is_corrected,
    is_ours,
    reheard,
    was_read,
)

_R: Final = tables.reviews
_A: Final = tables.annotations
_O: Final = tables.opinions
_T: Final = tables.customers
_S: Final = tables.sends
_E: Final = tables.escalations
_NONE: Final = "[]"
"""As the database writes that nobody replied."""
_ANSWERS: Final = frozenset({Purpose.ANSWER.value, Purpose.TOLD.value})


def cases(
    session: Session, workspace: str, *, model: str, first: datetime, last: datetime
) -> list[Case]:
    """Return the complaints and negative reviews of ours that came from `first` to `last`.

    Oldest first. As `model` and, where they have corrected it, people read their present texts.
    Left out are those that quarantine holds back and those about competitors. Whoever names no
    tier has that of the table of customers.
    """
    came = _R.c.created_at.between(first, last)
    return list(_cases(session, workspace, model, came, since=first))


def waiting(
    session: Session, workspace: str, *, model: str, first: datetime, last: datetime
) -> list[Case]:
    """Return those of `cases` that nobody had answered by `last`."""
    # What is known of a review now was known by `last` if it came in before.
    open_then = _unanswered(workspace, last) | (_R.c.imported_at > last)
    wanted = _R.c.created_at.between(first, last) & open_then
    return list(_cases(session, workspace, model, wanted, since=first))


def unresolved(
    session: Session, workspace: str, *, model: str, first: datetime, last: datetime
) -> list[Case]:
    """Return those of `cases` that were neither resolved by `last` nor escalated ever."""
    came = _R.c.created_at.between(first, last)
    still = _R.c.resolved_at.is_(None) | (_R.c.resolved_at > last)
    there = exists().where(_E.c.workspace_id == workspace, _E.c.review_id == _R.c.id)
    wanted = came & still & ~there.correlate(_R)
    return list(_cases(session, workspace, model, wanted, since=first))


def escalated(session: Session, workspace: str, *, model: str, last: datetime) -> list[Case]:
    """Return the dated cases that had an open escalation at `last`, oldest first."""
    there = exists().where(_E.c.workspace_id == workspace, _E.c.review_id == _R.c.id, open_at(last))
    wanted = there.correlate(_R) & _R.c.created_at.is_not(None)
    return list(_cases(session, workspace, model, wanted, since=None))


def count_older(
    session: Session, workspace: str, *, model: str, before: datetime, last: datetime
) -> int:
    """Count the complaints and negative reviews from before that nobody has answered.

    What was written by hand since `last` does not count; replies that were imported do.
    """
    silent = (_R.c.created_at < before) & _unanswered(workspace, last)
    return _count(session, workspace, model, silent)


def count_undated(session: Session, workspace: str, *, model: str) -> int:
    """Count the complaints and negative reviews that have no time, and so no limit."""
    return _count(session, workspace, model, _R.c.created_at.is_(None))


def words(
    session: Session, workspace: str, review_ids: Sequence[str], *, model: str
) -> dict[str, Quote]:
    """Return what each of these reviews says that is worst, in the user's words.

    It is the whole text of one in which `model` finds nothing bad.
    """
    query = (
        select(_R.c.id, _R.c.text.label("whole"), _O.c.start, _O.c.end, _O.c.text)
        .select_from(
            _R.outerjoin(_A, was_read(workspace, model)).outerjoin(_O, is_bad(workspace, model))
        )
        .where(_R.c.workspace_id == workspace)
        .order_by(_R.c.id, _O.c.severity.desc(), _O.c.start)
    )
    found: dict[str, Quote] = {}
    for chunk in chunks(sorted(set(review_ids))):
        for row in session.execute(query.where(_R.c.id.in_(chunk))):
            quote = Quote(row.id, 0, len(row.whole), row.whole)
            if row.start is not None:
                quote = Quote(row.id, row.start, row.end, row.text)
            found.setdefault(row.id, quote)
    return found


def _unanswered(workspace: str, last: datetime) -> ColumnElement[bool]:
    """Say that `reviews`' row knows of no answer, nor was one written down by `last`."""
    sent = exists().where(
        _S.c.workspace_id == workspace,
        _S.c.review_id == _R.c.id,
        _S.c.at <= last,
        _S.c.purpose.in_(sorted(_ANSWERS)) | (_S.c.result == Answered.SATISFIED.value),
    )
    closed = exists().where(
        _E.c.workspace_id == workspace, _E.c.review_id == _R.c.id, _E.c.closed_at <= last
    )
    return and_(
        cast(_R.c.replies, Text) == _NONE,
        _R.c.resolved_at.is_(None),
        ~sent.correlate(_R),
        ~closed.correlate(_R),
    )


def _select(workspace: str, model: str) -> Select[Any]:
    customer = and_(_T.c.workspace_id == workspace, _T.c.id == _R.c.author_id)
    return (
        select(
            *(_R.c[name] for name in ("id", "created_at", "kind", "channel", "resolved_at")),
            cast(_R.c.replies, Text).label("replies"),  # mostly none: not worth parsing
            func.coalesce(_R.c.author_tier, _T.c.tier).label("tier"),
            _A.c.polarity,
            *(_O.c[name] for name in ("start", "severity", "intent", "topics")),
        )
        .select_from(
            _R.join(_A, was_read(workspace, model))
            .outerjoin(_O, is_bad(workspace, model))
            .outerjoin(_T, customer)
        )
        .where(
            is_ours(workspace, model),
            (_A.c.polarity == Polarity.NEG.value)
            | (_O.c.intent == Intent.COMPLAINT.value)
            | is_corrected(workspace),
        )
        .order_by(_R.c.created_at, _R.c.id, _O.c.start)
    )


def _cases(
    session: Session,
    workspace: str,
    model: str,
    wanted: ColumnElement[bool],
    *,
    since: datetime | None,
) -> Iterator[Case]:
    people = corrected(session, workspace, model)
    answers, resolved = _done(session, workspace, since)
    rows = session.execute(
        _select(workspace, model).where(wanted), execution_options={"yield_per": 1_000}
    )
    for review_id, of_review in groupby(rows, key=attrgetter("id")):
        found = list(of_review)
        row = found[0]
        annotation = people.get(review_id)
        negative, said = heard(found) if annotation is None else reheard(annotation)
        if not negative and not said:
            continue
        kind = ReviewKind(row.kind)
        complaint = any(each.complaint for each in said) or (negative and kind not in PUBLIC)
        worst = sorted(said, key=lambda each: (-each.severity, each.start))
        topics = dict.fromkeys(code for each in worst for code in each.topics)
        done = [] if row.resolved_at is None else [row.resolved_at]
        yield Case(
            review_id=review_id,
            created_at=row.created_at,
            told=Told(kind, row.channel, row.tier, tuple(topics), negative, complaint),
            severity=max((each.severity for each in said), default=0),
            answers=(*_times(row.replies), *answers.get(review_id, ())),
            resolved=(*done, *resolved.get(review_id, ())),
        )


def _times(replies: str) -> list[datetime | None]:
    if replies == _NONE:
        return []
    return [None if at is None else datetime.fromisoformat(at) for _, at in json.loads(replies)]


def _done(
    session: Session, workspace: str, since: datetime | None
) -> tuple[dict[str, list[datetime]], dict[str, list[datetime]]]:
    """Return when who was written to, and when whose complaint was said to be solved."""
    answers, resolved = (
        defaultdict[str, list[datetime]](list),
        defaultdict[str, list[datetime]](list),
    )
    sent = select(_S.c.review_id, _S.c.purpose, _S.c.result, _S.c.at).where(
        _S.c.workspace_id == workspace
    )
    closed = select(_E.c.review_id, _E.c.closed_at).where(
        _E.c.workspace_id == workspace, _E.c.closed_at.is_not(None)
    )
    if since is not None:
        sent = sent.where(_S.c.at >= since)
        closed = closed.where(_E.c.closed_at >= since)
    for row in session.execute(sent):
        if row.purpose in _ANSWERS:
            answers[row.review_id].append(row.at)
        if row.result == Answered.SATISFIED.value:
            resolved[row.review_id].append(row.at)
    for review_id, at in session.execute(closed):
        resolved[review_id].append(at)
    return answers, resolved


def _count(session: Session, workspace: str, model: str, wanted: ColumnElement[bool]) -> int:
    complains = (
        exists()
        .where(
            _O.c.workspace_id == workspace,
            _O.c.model == model,
            _O.c.review_id == _R.c.id,
            _O.c.intent == Intent.COMPLAINT.value,
        )
        .correlate(_R)
    )
    base = (
        select(_R.c.id)
        .select_from(_R.join(_A, was_read(workspace, model)))
        .where(is_ours(workspace, model), wanted)
    )
    plain = base.where((_A.c.polarity == Polarity.NEG.value) | complains, ~is_corrected(workspace))
    number: int = session.execute(select(func.count()).select_from(plain.subquery())).scalar_one()
    people = corrected(session, workspace, model)
    spoken_of = session.execute(base.where(is_corrected(workspace))).scalars()
    said = (reheard(people[review_id]) for review_id in spoken_of if review_id in people)
    return number + sum(negative or bool(bad) for negative, bad in said)
