"""Customers and their tiers."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Customer
from feedback_nlp.storage import tables
from feedback_nlp.storage.reviews import Added
from feedback_nlp.storage.upserts import Store, upsert, walk

_STORE: Final = Store(tables.customers, Customer, "客户")


def add(session: Session, workspace: str, items: Sequence[Customer], *, now: datetime) -> Added:
    """Store customers; a known id with other content is replaced, the same changes nothing.

    Raises:
        InputError: a value that no database can keep.
    """
    return upsert(session, workspace, _STORE, items, now=now)


def every(session: Session, workspace: str, *, batch: int = 1_000) -> Iterator[Customer]:
    """Walk through all customers, by id."""
    return walk(session, workspace, _STORE, batch=batch)
