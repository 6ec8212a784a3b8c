"""Customers and their tiers."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_nlp.records import Customer
from feedback_nlp.storage import tables, upserts
from feedback_nlp.storage.keyset import Part
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.reviews import Added
from feedback_nlp.storage.upserts import Store, upsert, walk

_T: Final = tables.customers
_STORE: Final = Store(_T, Customer, "客户")


def add(session: Session, workspace: str, items: Sequence[Customer], *, now: datetime) -> Added:
    """Store customers; a known id with other content is replaced, the same changes nothing.

    Raises:
        InputError: a value that no database can keep.
    """
    return upsert(session, workspace, _STORE, items, now=now)


def mark(session: Session, workspace: str) -> tuple[object, ...]:
    """Return what is cheap to read and differs once something was stored."""
    return upserts.mark(session, workspace, _STORE)


def every(session: Session, workspace: str, *, batch: int = 1_000) -> Iterator[Customer]:
    """Walk through all customers, by id."""
    return walk(session, workspace, _STORE, batch=batch)


def get(session: Session, workspace: str, customer_id: str) -> Customer | None:
    """Return one customer."""
    these = _T.c.id == customer_id
    return next(iter(upserts.part(session, workspace, _STORE, Part(1), these)), None)


def part(
    session: Session,
    workspace: str,
    page: Part,
    *,
    tier: str | None = None,
    region: str | None = None,
) -> list[Customer]:
    """Return a part of the customers, by id."""
    asked = ((_T.c.tier, tier), (_T.c.region, region))
    these = [column == value for column, value in asked if value is not None]
    return upserts.part(session, workspace, _STORE, page, *these)


def tiers(session: Session, workspace: str, authors: Collection[str]) -> dict[str, str]:
    """Return the tiers of those of these authors who have one."""
    query = select(_T.c.id, _T.c.tier).where(_T.c.workspace_id == workspace, _T.c.tier.is_not(None))
    found: dict[str, str] = {}
    for chunk in chunks(sorted(set(authors))):
        rows = session.execute(query.where(_T.c.id.in_(chunk)))
        found |= {row.id: row.tier for row in rows}
    return found
