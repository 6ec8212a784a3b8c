"""What a workspace knew at a moment of the past, copied into another database step by step.

Only what came in from outside is copied: reviews in the version of then, what a company knows
besides, and what people decided and signed. What the program made of it is made again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, Select, Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.records import Customer, Exposure, Order, SurveyAnswer, UsageEvent
from feedback_nlp.storage import reviews, tables
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.paging import CHUNK, chunks
from feedback_nlp.storage.review_rows import to_review
from feedback_nlp.storage.upserts import Store, upsert

_R: Final = tables.reviews
_OLD: Final = tables.review_revisions
_STORES: Final[tuple[Store[Any], ...]] = (
    Store(tables.survey_answers, SurveyAnswer, "问卷"),
    Store(tables.usage_events, UsageEvent, "使用记录"),
    Store(tables.exposure, Exposure, "曝光量"),
    Store(tables.customers, Customer, "客户"),
    Store(tables.orders, Order, "订单"),
)
_SAID: Final = (tables.annotations, tables.opinions, tables.embeddings)
_DECIDED: Final = (
    tables.policies,
    tables.targets,
    tables.competitors,
    tables.label_corrections,
    tables.efforts,
    tables.votes,
    tables.releases,
    tables.release_tickets,
    tables.sends,
    tables.opt_outs,
)
"""What people decided, parents first. Rows are only added, or ended by a time of their own."""


Values = dict[str, Any]
"""A row to be written."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time from one moment, which is left out, to another, which is not."""

    after: datetime | None
    """None: from the beginning."""
    until: datetime


def copy_arrivals(source: Session, target: Session, workspace: str, window: Window) -> None:
    """Store in `target` what came in during the window, in the order in which it came.

    A review comes in the version of then, with the labels and vectors that any model has for that
    text; other tables keep one version, so what was replaced later is missing until then.
    """
    for moment, rows in groupby(_reviews(source, workspace, window), lambda row: row.imported_at):
        for part in chunks(rows):
            found = [to_review(row) for row in part]
            reviews.add(target, workspace, found, now=moment)
            _copy_labels(source, target, workspace, [review.id for review in found])
    for store in _STORES:
        _copy_records(source, target, workspace, store, window)


def copy_decisions(source: Session, target: Session, workspace: str, until: datetime) -> None:
    """Make what people decided in `target` what it was at that moment; ended later is not ended.

    Left out is what speaks of a theme, a ticket or a review that `target` does not have.
    """
    for table in reversed(_DECIDED):
        target.execute(delete(table).where(table.c.workspace_id == workspace))
    for table in _DECIDED:
        known = _decided(source, table, workspace, until)
        if rows := _with_parents(target, table, workspace, known):
            target.execute(insert(table), rows)
    _close_escalations(source, target, workspace, until)


def ticket_events(session: Session, workspace: str, window: Window) -> list[Event]:
    """Return what happened to tickets during the window, first event first."""
    table = tables.ticket_events
    query = select(table).where(table.c.workspace_id == workspace, table.c.at <= window.until)
    if window.after is not None:
        query = query.where(table.c.at > window.after)
    return [
        Event(row.ticket_id, row.at, row.kind, tuple(row.detail.items()))
        for row in session.execute(query.order_by(table.c.id))
    ]


def plans_made(session: Session, workspace: str) -> list[datetime]:
    """Return when the plans were made, first one first."""
    query = select(tables.plans.c.made_at).where(tables.plans.c.workspace_id == workspace)
    return list(session.execute(query.order_by(tables.plans.c.number)).scalars())


def _reviews(session: Session, workspace: str, window: Window) -> Iterator[Row[Any]]:
    """Yield each version that came in during the window as a row of a review."""
    names = [column.name for column in _OLD.columns if column.name not in {"review_id", "revision"}]
    old = select(_OLD.c.review_id.label("id"), _OLD.c.revision, *(_OLD.c[name] for name in names))
    new = select(_R.c.id, _R.c.revision, *(_R.c[name] for name in names))
    both = (_in_window(query, workspace, window) for query in (old, new))
    every = next(both).union_all(next(both)).subquery()
    order = (every.c.imported_at, every.c.revision, every.c.id)
    rows = session.execute(select(every).order_by(*order), execution_options={"yield_per": CHUNK})
    yield from rows


def _in_window(query: Select[Any], workspace: str, window: Window) -> Select[Any]:
    (table,) = query.get_final_froms()
    query = query.where(table.c.workspace_id == workspace, table.c.imported_at <= window.until)
    return query if window.after is None else query.where(table.c.imported_at > window.after)


def _copy_labels(source: Session, target: Session, workspace: str, ids: Sequence[str]) -> None:
    """Copy what models said of the texts that these reviews have now; it depends on nothing else.

    What was said of a text that came later is left out, and is said again.
    """
    query = select(_R.c.id, _R.c.text_hash).where(_R.c.workspace_id == workspace, _R.c.id.in_(ids))
    present = {row.id: row.text_hash for row in target.execute(query)}
    read = _of_reviews(tables.annotations, workspace, ids)
    same = {
        (row.model, row.review_id)
        for row in source.execute(read)
        if present[row.review_id] == row.text_hash
    }
    for table in reversed(_SAID):
        for model, review_id in sorted(same):
            mine = (table.c.model == model, table.c.review_id == review_id)
            target.execute(delete(table).where(table.c.workspace_id == workspace, *mine))
    for table in _SAID:
        rows = source.execute(_of_reviews(table, workspace, ids)).mappings()
        found = [dict(row) for row in rows if (row["model"], row["review_id"]) in same]
        if found:
            target.execute(insert(table), found)


def _of_reviews(table: Table, workspace: str, ids: Sequence[str]) -> Select[Any]:
    return select(table).where(table.c.workspace_id == workspace, table.c.review_id.in_(ids))


def _copy_records(
    source: Session, target: Session, workspace: str, store: Store[Any], window: Window
) -> None:
    names = store.names()
    query = select(*(store.table.c[name] for name in (*names, "imported_at")))
    rows = source.execute(
        _in_window(query, workspace, window).order_by(store.table.c.imported_at, *store.key()),
        execution_options={"yield_per": CHUNK},
    )
    for moment, group in groupby(rows, lambda row: row.imported_at):
        for part in chunks(group):
            items = [store.kind(*row[:-1]) for row in part]
            upsert(target, workspace, store, items, now=moment)


def _decided(session: Session, table: Table, workspace: str, until: datetime) -> list[Values]:
    query = select(table).where(table.c.workspace_id == workspace)
    if table is tables.release_tickets:
        known = tables.releases.c
        noted = select(known.id).where(known.workspace_id == workspace, known.at <= until)
        query = query.where(table.c.release_id.in_(noted))
    elif table is tables.sends:
        query = query.where(func.coalesce(table.c.noted_at, table.c.at) <= until)
    else:
        query = query.where(table.c.at <= until)
    rows = [dict(row) for row in session.execute(query).mappings()]
    for row in rows:
        ended = row.get("withdrawn_at")
        if ended is not None and ended > until:
            row |= {"withdrawn_by": None, "withdrawn_at": None}
    return rows


def _with_parents(
    session: Session, table: Table, workspace: str, rows: Sequence[Values]
) -> list[Values]:
    """Return those of the rows whose theme, ticket or review is stored here."""
    kept = list(rows)
    for key in table.foreign_key_constraints:
        (mine,) = (column for column in key.columns if column.name != "workspace_id")
        (theirs,) = (each.column for each in mine.foreign_keys if each.constraint is key)
        there: set[object] = set()
        for part in chunks({row[mine.name] for row in kept} - {None}):
            query = select(theirs).where(theirs.table.c.workspace_id == workspace, theirs.in_(part))
            there |= set(session.execute(query).scalars())
        kept = [row for row in kept if row[mine.name] is None or row[mine.name] in there]
    return kept


def _close_escalations(source: Session, target: Session, workspace: str, until: datetime) -> None:
    """Let people have taken care of what they had taken care of by then."""
    table = tables.escalations
    closed = select(table).where(table.c.workspace_id == workspace, table.c.closed_at <= until)
    for row in source.execute(closed):
        mine = (table.c.workspace_id == workspace, table.c.review_id == row.review_id)
        said = {"closed_by": row.closed_by, "closed_at": row.closed_at, "note": row.note}
        target.execute(update(table).where(*mine).values(said))
