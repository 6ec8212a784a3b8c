"""Orders: the source of recency, frequency and monetary value."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Order
from feedback_nlp.storage import tables, upserts
from feedback_nlp.storage.keyset import Part, rows_of
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.reviews import Added
from feedback_nlp.storage.upserts import Store, in_days, upsert, walk

_T: Final = tables.orders
_STORE: Final = Store(_T, Order, "订单")
_PLACES: Final = 2


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """What one author ordered up to the end of a window."""

    first: datetime
    """The very first order, also when it lies before the window."""
    last: datetime
    """The latest order, also when it lies before the window."""
    orders: int
    """Orders in the window, refunded ones included."""
    amount: float
    """CNY of the orders in the window that were not refunded, to the fen."""


def add(session: Session, workspace: str, items: Sequence[Order], *, now: datetime) -> Added:
    """Store orders; a known id with other content is replaced, the same changes nothing.

    Raises:
        InputError: a value that no database can keep.
    """
    return upsert(session, workspace, _STORE, items, now=now)


def mark(session: Session, workspace: str) -> tuple[object, ...]:
    """Return what is cheap to read and differs once something was stored."""
    return upserts.mark(session, workspace, _STORE)


def every(session: Session, workspace: str, *, batch: int = 1_000) -> Iterator[Order]:
    """Walk through all orders, by id."""
    return walk(session, workspace, _STORE, batch=batch)


def part(session: Session, workspace: str, author_id: str, page: Part) -> list[Order]:
    """Return a part of one author's orders, newest first; the key is time and id."""
    query = select(*(_T.c[name] for name in _STORE.names())).where(
        _T.c.workspace_id == workspace, _T.c.author_id == author_id
    )
    rows = rows_of(session, query, (_T.c.ordered_at, _T.c.id), page, newest_first=True)
    return [Order(**row._asdict()) for row in rows]


def time_span(session: Session, workspace: str) -> tuple[datetime | None, datetime | None]:
    """Return the times of the oldest and the newest order; None without any."""
    query = select(func.min(_T.c.ordered_at), func.max(_T.c.ordered_at))
    oldest, newest = session.execute(query.where(_T.c.workspace_id == workspace)).one()
    return oldest, newest


def buyers(
    session: Session, workspace: str, *, first: date, last: date, refunded: bool = True
) -> set[str]:
    """Return who ordered from `first` to `last`, both days in China and included.

    With `refunded` False orders that were refunded do not count.
    """
    query = (
        select(_T.c.author_id)
        .distinct()
        .where(_T.c.workspace_id == workspace, in_days(_T.c.ordered_at, first, last))
    )
    if not refunded:
        query = query.where(_T.c.refunded.is_(False))
    return set(session.execute(query).scalars())


def by_author(
    session: Session, workspace: str, authors: Collection[str], *, first: date, last: date
) -> dict[str, OrderSummary]:
    """Sum up what these authors ordered from `first` to `last`, both days in China and included.

    Orders after `last` do not exist for this view; authors without any order are left out.
    """
    within = in_days(_T.c.ordered_at, first, last)
    paid = and_(within, _T.c.refunded.is_(False))
    query = select(
        _T.c.author_id,
        func.min(_T.c.ordered_at),
        func.max(_T.c.ordered_at),
        func.sum(case((within, 1), else_=0)),
        func.sum(case((paid, _T.c.amount), else_=0.0)),
    ).where(_T.c.workspace_id == workspace, in_days(_T.c.ordered_at, None, last))
    found: dict[str, OrderSummary] = {}
    for chunk in chunks(sorted(set(authors))):
        rows = session.execute(query.where(_T.c.author_id.in_(chunk)).group_by(_T.c.author_id))
        for author, oldest, newest, orders, amount in rows:
            # Rounded, because a database adds up in any order.
            found[author] = OrderSummary(oldest, newest, int(orders), round(amount, _PLACES))
    return found
