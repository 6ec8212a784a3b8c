"""Products of other companies: their reviews are kept and compared, and never count as ours.

One row a product. Who takes the mark back leaves the row with their name.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Competitor
from feedback_nlp.storage import tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.competitors
_R: Final = tables.reviews

Span = tuple[datetime, datetime]
"""Times of the oldest and the newest review."""


def is_theirs(workspace: str) -> ColumnElement[bool]:
    """Say that the row of `reviews` speaks of another company's product.

    A review that names no product is ours.
    """
    return (
        exists()
        .where(
            _T.c.workspace_id == workspace,
            _T.c.product == _R.c.product,
            _T.c.active.is_(True),
        )
        .correlate(_R)
    )


def mark_product(session: Session, workspace: str, told: Competitor, *, active: bool) -> None:
    """Write down that a product is another company's, or with `active` False that it is ours.

    What was said of it before is replaced. Needs no review of the product.

    Raises:
        InputError: a string holds a NUL or a lone surrogate, which no database can keep.
    """
    values = {"product": told.product, "author": told.author, "reason": told.reason}
    check_storable("竞品标记", values.items())
    lock(session, workspace, "reviews")  # no plan is stored between a look and the change
    session.execute(delete(_T).where(_T.c.workspace_id == workspace, _T.c.product == told.product))
    row = values | {"workspace_id": workspace, "active": active, "at": told.at}
    session.execute(insert(_T), [row])


def every(session: Session, workspace: str) -> list[Competitor]:
    """Return the products that are another company's now, by name."""
    query = (
        select(_T)
        .where(_T.c.workspace_id == workspace, _T.c.active.is_(True))
        .order_by(_T.c.product)
    )
    return [_to_competitor(row) for row in session.execute(query)]


def active(session: Session, workspace: str) -> tuple[str, ...]:
    """Return the names of the products that are another company's now, in order."""
    return tuple(each.product for each in every(session, workspace))


def mark(session: Session, workspace: str) -> tuple[str, ...]:
    """Return what is cheap to read and differs once other products are ours."""
    return active(session, workspace)


def products(session: Session, workspace: str) -> dict[str, int]:
    """Return how many reviews name each product, by name; held back or not."""
    count = func.count()
    query = (
        select(_R.c.product, count)
        .where(_R.c.workspace_id == workspace, _R.c.product.is_not(None))
        .group_by(_R.c.product)
    )
    return dict(sorted((row[0], row[1]) for row in session.execute(query)))


def spans(session: Session, workspace: str, wanted: Collection[str]) -> dict[str, Span]:
    """Return the times of the oldest and the newest dated review of each of these products."""
    query = (
        select(_R.c.product, func.min(_R.c.created_at), func.max(_R.c.created_at))
        .where(
            _R.c.workspace_id == workspace,
            _R.c.product.in_(sorted(wanted)),
            _R.c.created_at.is_not(None),
        )
        .group_by(_R.c.product)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def _to_competitor(row: Row[Any]) -> Competitor:
    return Competitor(product=row.product, author=row.author, at=row.at, reason=row.reason)
