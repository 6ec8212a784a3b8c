"""Reviews and their earlier revisions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Exists, Select, bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.records import Review
from feedback_nlp.storage import tables
from feedback_nlp.storage.bulk import insert_rows
from feedback_nlp.storage.competitors import is_theirs
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.originals import Original
from feedback_nlp.storage.originals import keep as keep_originals
from feedback_nlp.storage.paging import CHUNK, chunks, in_review_order
from feedback_nlp.storage.planner import refresh_statistics
from feedback_nlp.storage.review_rows import (
    CONTENT,
    check_reviews,
    content,
    review_values,
    text_hash,
    to_review,
)
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.reviews
_OLD: Final = tables.review_revisions


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored under an id, as far as a comparison needs it."""

    revision: int
    content: tuple[object, ...]

    @property
    def text_hash(self) -> object:
        return self.content[0]


@dataclass(frozen=True, slots=True)
class Added:
    """What an import changed."""

    added: int = 0
    revised: int = 0
    """Known ids that came with another text or other fields; the earlier version is kept."""
    unchanged: int = 0


def add(
    session: Session,
    workspace: str,
    reviews: Sequence[Review],
    *,
    now: datetime,
    originals: Mapping[str, str] = MappingProxyType({}),
) -> Added:
    """Store reviews; those stored already with the same content change nothing.

    A known id with any other content becomes a new revision: the earlier version moves to
    `revisions`, and if the text differs, its annotations no longer count and it is pending again.

    Args:
        session: The transaction.
        workspace: Whose reviews.
        reviews: Masked already.
        now: Time of the import.
        originals: Review id -> text before masking; kept only of reviews whose text is new here.

    Raises:
        InputError: a string holds a NUL or a lone surrogate, which no database can keep.
    """
    check_reviews(reviews)
    check_storable("原文", originals.items())
    lock(session, workspace, "reviews")
    added = revised = 0
    for chunk in _without_repeats(reviews):
        known = _known(session, workspace, [review.id for review in chunk])
        new = [review for review in chunk if review.id not in known]
        changed = [
            review
            for review in chunk
            if review.id in known and known[review.id].content != content(review)
        ]
        insert_rows(
            session, _T, [review_values(workspace, each, revision=1, now=now) for each in new]
        )
        _revise(session, workspace, changed, known, now=now)
        fresh = [(each.id, 1) for each in new] + [
            (each.id, known[each.id].revision + 1)
            for each in changed
            if known[each.id].text_hash != text_hash(each.text)
        ]
        texts = [Original(*key, originals[key[0]]) for key in fresh if key[0] in originals]
        keep_originals(session, workspace, texts, now=now)
        refresh_statistics(session, _T, rows=len(chunk))
        added += len(new)
        revised += len(changed)
    return Added(added, revised, len(reviews) - added - revised)


def get(session: Session, workspace: str, review_id: str) -> Review | None:
    """Return the present version of one review."""
    row = session.execute(_all(workspace).where(_T.c.id == review_id)).one_or_none()
    return to_review(row) if row else None


def pending(
    session: Session, workspace: str, *, model: str, limit: int, after: Review | None = None
) -> list[Review]:
    """Return at most `limit` reviews whose present text `model` has not annotated.

    Oldest first, reviews without a time last, then by id. With `after`, only those behind that
    review: a caller that walks through a million need not pass the finished ones each time.
    """
    pages = in_review_order(
        session,
        _all(workspace).where(~_is_done(model)),
        batch=limit,
        after=(after.created_at, after.id) if after else None,
    )
    return list(islice((to_review(row) for page in pages for row in page), limit))


def just_arrived(
    session: Session, workspace: str, *, model: str, since: datetime, limit: int
) -> list[Review]:
    """Return at most `limit` pending reviews whose present version came at `since` or later.

    In the order in which they came. Asking often costs little, however many are stored.
    """
    query = (
        _all(workspace)
        .where(_T.c.imported_at >= since, ~_is_done(model))
        .order_by(_T.c.imported_at, _T.c.id)
        .limit(limit)
    )
    return [to_review(row) for row in session.execute(query)]


def workspaces(session: Session) -> list[str]:
    """Return the workspaces that have reviews, in order; one look into the index for each."""
    found: list[str] = []
    smallest = select(func.min(_T.c.workspace_id))
    query = smallest
    while (name := session.execute(query).scalar_one()) is not None:
        found.append(name)
        query = smallest.where(_T.c.workspace_id > name)
    return found


def count_pending(session: Session, workspace: str, *, model: str) -> int:
    """Count the reviews whose present text `model` has not annotated."""
    mine = select(_T.c.id).where(_T.c.workspace_id == workspace, ~_is_done(model))
    return session.execute(select(func.count()).select_from(mine.subquery())).scalar_one()


def count(session: Session, workspace: str, *, imported_at: datetime | None = None) -> int:
    """Count all reviews, or those whose present version came at exactly this moment."""
    query = select(func.count()).where(_T.c.workspace_id == workspace)
    if imported_at is not None:
        query = query.where(_T.c.imported_at == imported_at)
    return session.execute(query).scalar_one()


def every(session: Session, workspace: str, *, batch: int = 1_000) -> Iterator[Review]:
    """Walk through all reviews, oldest first, those without a time last, then by id."""
    for page in in_review_order(session, _all(workspace), batch=batch):
        yield from map(to_review, page)


def time_span(session: Session, workspace: str) -> tuple[datetime | None, datetime | None]:
    """Return the times of the oldest and the newest review, in UTC; None when none has a time.

    Competitors' reviews are left out.
    """
    dated = select(_T.c.created_at).where(
        _T.c.workspace_id == workspace, _T.c.created_at.is_not(None), ~is_theirs(workspace)
    )
    # Not min and max: which product a review is about stands in no index, one row at each end does.
    oldest = session.execute(dated.order_by(_T.c.created_at, _T.c.id).limit(1))
    newest = session.execute(dated.order_by(_T.c.created_at.desc(), _T.c.id.desc()).limit(1))
    return oldest.scalar_one_or_none(), newest.scalar_one_or_none()


def stored_ids(session: Session, workspace: str, ids: Iterable[str]) -> set[str]:
    """Return those of the ids that are stored."""
    found: set[str] = set()
    for chunk in chunks(ids):
        query = select(_T.c.id).where(_T.c.workspace_id == workspace, _T.c.id.in_(chunk))
        found.update(session.execute(query).scalars())
    return found


def texts(session: Session, workspace: str, ids: Sequence[str]) -> dict[str, str]:
    """Return the present texts of those of the ids that are stored."""
    found: dict[str, str] = {}
    for chunk in chunks(ids):
        query = select(_T.c.id, _T.c.text).where(_T.c.workspace_id == workspace, _T.c.id.in_(chunk))
        found |= {row.id: row.text for row in session.execute(query)}
    return found


def count_of_author(session: Session, workspace: str, author_id: str) -> int:
    """Count the reviews that name this author, held back or not."""
    query = select(func.count()).where(_T.c.workspace_id == workspace, _T.c.author_id == author_id)
    return session.execute(query).scalar_one()


def revisions(session: Session, workspace: str, review_id: str) -> list[Review]:
    """Return the earlier versions of one review, first one first; the present one is not among."""
    query = (
        select(_OLD, _OLD.c.review_id.label("id"))
        .where(_OLD.c.workspace_id == workspace, _OLD.c.review_id == review_id)
        .order_by(_OLD.c.revision)
    )
    return [to_review(row) for row in session.execute(query)]


def count_revisions(session: Session, workspace: str) -> int:
    """Count the earlier versions of all reviews: one more for each text that was rewritten."""
    query = select(func.count()).where(_OLD.c.workspace_id == workspace)
    return session.execute(query).scalar_one()


def _all(workspace: str) -> Select[Any]:
    return select(_T).where(_T.c.workspace_id == workspace)


def _is_done(model: str) -> Exists:
    seen = tables.annotations.c
    return exists().where(
        seen.workspace_id == _T.c.workspace_id,
        seen.model == model,
        seen.review_id == _T.c.id,
        seen.text_hash == _T.c.text_hash,
    )


def _known(session: Session, workspace: str, ids: Sequence[str]) -> dict[str, _Known]:
    query = select(_T.c.id, _T.c.revision, *CONTENT)
    rows = session.execute(query.where(_T.c.workspace_id == workspace, _T.c.id.in_(ids)))
    return {row[0]: _Known(row[1], tuple(row[2:])) for row in rows}


def _revise(
    session: Session,
    workspace: str,
    reviews: Sequence[Review],
    known: Mapping[str, _Known],
    *,
    now: datetime,
) -> None:
    if not reviews:
        return
    names = [column.name for column in _OLD.columns]
    before = select(*(_T.c["id" if name == "review_id" else name] for name in names)).where(
        _T.c.workspace_id == workspace, _T.c.id.in_([review.id for review in reviews])
    )
    session.execute(insert(_OLD).from_select(names, before))
    statement = update(_T).where(
        _T.c.workspace_id == bindparam("in_workspace"), _T.c.id == bindparam("of_id")
    )
    fresh = [
        review_values(workspace, review, revision=known[review.id].revision + 1, now=now)
        | {"in_workspace": workspace, "of_id": review.id}
        for review in reviews
    ]
    session.execute(statement, fresh)


def _without_repeats(reviews: Sequence[Review]) -> Iterator[list[Review]]:
    """Cut into chunks in which no id occurs twice: a repeat must meet the stored first one."""
    chunk: dict[str, Review] = {}
    for review in reviews:
        if len(chunk) == CHUNK or review.id in chunk:
            yield list(chunk.values())
            chunk = {}
        chunk[review.id] = review
    if chunk:
        yield list(chunk.values())
