"""A release to some users, some weeks of reviews around it, orders: straight into a database."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from builders import NOW
from sqlalchemy import Engine
from storage_samples import annotation, review, theme, ticket

from feedback_nlp.records import CHINA, Group, Order, Release, Review
from feedback_nlp.storage import annotations, orders, releases, reviews, themes, tickets
from feedback_nlp.storage.database import transaction

MODEL: Final = "model/1"
HOME: Final = "default"
RELEASED: Final = date(2026, 4, 1)
DAY: Final = timedelta(days=1)
AFTER: Final = 20


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CHINA)


def written(key: str, day: date, **fields: Any) -> Review:  # noqa: ANN401 (any field of Review)
    """One review; keys with an x speak of the theme."""
    return review(key, created_at=noon(day), **fields)


def some(prefix: str, day: date, of_theme: int, of: int, **fields: Any) -> list[Review]:  # noqa: ANN401 (any field of Review)
    """So many reviews of one day, so many of which speak of the theme."""
    return [
        written(f"{prefix}{day:%m%d}{'x' if n < of_theme else 'o'}{n}", day, **fields)
        for n in range(of)
    ]


def days(before: int = 0, after: int = AFTER) -> Iterable[date]:
    """Return the days around the release; it is in none of them."""
    return [RELEASED + DAY * n for n in range(-before, after + 1) if n]


def of_versions() -> list[Review]:
    """Those with 3.2 never speak of it, half of the others do; some name no version."""
    found = some("on", RELEASED, 3, 3, version="3.2")
    for day in days(before=10):
        found += some("new", day, 0, 3, version="3.2") if day > RELEASED else []
        found += some("old", day, 2, 4, version="3.1")
        found += some("un", day, 1, 1)
    return found


def store(engine: Engine, found: Iterable[Review]) -> None:
    """Store reviews, of which the theme gets those it should, and a ticket about it."""
    every = list(found)
    members = [(each.id, 0) for each in every if "x" in each.id]
    with transaction(engine) as session:
        reviews.add(session, HOME, every, now=NOW)
        annotations.add(session, HOME, [annotation(each, model=MODEL) for each in every])
        themes.save(session, HOME, [theme("T-0001", *members)], now=NOW)
        tickets.save(session, HOME, [ticket()], now=NOW)


def release(
    engine: Engine,
    group: Group | None = Group.VERSION,
    value: str | None = "3.2",
    *,
    on: date = RELEASED,
) -> Release:
    """Note a release of the ticket; without a group everybody has it."""
    made = Release(
        number=0,
        tickets=("K-0001",),
        released_at=noon(on),
        author="小李",
        at=NOW,
        share=1.0 if group is None else 0.1,
        group=group,
        value=value if group is not None else None,
    )
    with transaction(engine) as session:
        return releases.add(session, HOME, made)


def buy(engine: Engine, bought: Iterable[tuple[str, date]], *, refunded: bool = False) -> None:
    """Store orders by their author and day."""
    rows = [
        Order(f"o-{author}-{day}-{refunded}", author, noon(day), 9.0, refunded=refunded)
        for author, day in bought
    ]
    with transaction(engine) as session:
        orders.add(session, HOME, rows, now=NOW)
