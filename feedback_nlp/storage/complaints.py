"""What each review complains of, for comparisons of groups of users."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from feedback_nlp.compare.cuts import Account
from feedback_nlp.records import Opinion, Polarity, Quote
from feedback_nlp.storage import annotations, label_corrections, tables
from feedback_nlp.storage.competitors import is_theirs
from feedback_nlp.storage.held import is_held
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.upserts import in_days

_R: Final = tables.reviews
_A: Final = tables.annotations
_O: Final = tables.opinions

Complaints = tuple[tuple[str, Quote], ...]


def every(session: Session, workspace: str, *, model: str, ours: bool = True) -> Iterator[Account]:
    """Walk through the reviews that `model` has read in their present text, by id.

    Those without any complaint are among them, those that quarantine holds back are not. With
    `ours` False competitors' reviews come too. People's corrections count.
    """
    corrected = _corrected(session, workspace, model)
    query = _reviews(workspace, model)
    if ours:
        query = query.where(~is_theirs(workspace))
    rows = session.execute(query, execution_options={"yield_per": 1_000})
    for _, of_review in groupby(rows, key=attrgetter("id")):
        yield _to_account(list(of_review), corrected)


def authors(session: Session, workspace: str) -> list[str]:
    """Return everybody who is named as the author of a review of ours, in order."""
    query = (
        select(_R.c.author_id)
        .distinct()
        .where(_R.c.workspace_id == workspace, _R.c.author_id.is_not(None), ~is_theirs(workspace))
    )
    return sorted(session.execute(query).scalars())


def written_by(session: Session, workspace: str, *, first: date, last: date) -> dict[str, int]:
    """Count the reviews of ours that each author wrote from `first` to `last`, both included."""
    query = (
        select(_R.c.author_id, func.count())
        .where(
            _R.c.workspace_id == workspace,
            _R.c.author_id.is_not(None),
            in_days(_R.c.created_at, first, last),
            ~is_theirs(workspace),
        )
        .group_by(_R.c.author_id)
        .order_by(_R.c.author_id)
    )
    return {author: int(count) for author, count in session.execute(query)}


def _reviews(workspace: str, model: str) -> Select[Any]:
    # Outer: a review without complaints is one of those that a share is taken of.
    return (
        select(
            *(
                _R.c[name]
                for name in (
                    *("id", "channel", "author_id", "author_tier"),
                    *("product", "version", "region", "created_at"),
                )
            ),
            *(_O.c[name] for name in ("start", "end", "text", "topics")),
        )
        .select_from(_R)
        .join(
            _A,
            (_A.c.workspace_id == workspace)
            & (_A.c.model == model)
            & (_A.c.review_id == _R.c.id)
            & (_A.c.text_hash == _R.c.text_hash),
        )
        .outerjoin(
            _O,
            (_O.c.workspace_id == workspace)
            & (_O.c.model == model)
            & (_O.c.review_id == _R.c.id)
            & (_O.c.polarity == Polarity.NEG.value),
        )
        .where(_R.c.workspace_id == workspace, ~is_held(workspace, model))
        .order_by(_R.c.id, _O.c.start)
    )


def _corrected(session: Session, workspace: str, model: str) -> dict[str, Complaints]:
    """Return what the reviews that people have corrected complain of."""
    spoken_of = {review_id for review_id, _, _ in label_corrections.said(session, workspace)}
    found: dict[str, Complaints] = {}
    for chunk in chunks(sorted(spoken_of)):
        for annotation in annotations.corrected(session, workspace, chunk, model=model):
            found[annotation.review_id] = _of(annotation.review_id, annotation.opinions)
    return found


def _of(review_id: str, opinions: Iterable[Opinion]) -> Complaints:
    return tuple(
        (topic.code, Quote(review_id, opinion.start, opinion.end, opinion.text))
        for opinion in opinions
        if opinion.labels.polarity is Polarity.NEG
        for topic in opinion.labels.topics
    )


def _to_account(rows: list[Row[Any]], corrected: dict[str, Complaints]) -> Account:
    first = rows[0]
    complaints = corrected.get(first.id)
    if complaints is None:
        complaints = tuple(
            (code, Quote(first.id, row.start, row.end, row.text))
            for row in rows
            if row.start is not None
            for code, _ in row.topics
        )
    return Account(
        review_id=first.id,
        channel=first.channel,
        author_id=first.author_id,
        author_tier=first.author_tier,
        product=first.product,
        version=first.version,
        region=first.region,
        created_at=first.created_at,
        complaints=complaints,
    )
