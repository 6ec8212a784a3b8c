"""How many people could have met a problem, by day and by product, version, region and channel."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, func, literal_column, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Exposure
from feedback_nlp.storage import tables, upserts
from feedback_nlp.storage.keyset import Part
from feedback_nlp.storage.reviews import Added
from feedback_nlp.storage.upserts import Store, upsert, walk

_T: Final = tables.exposure
_STORE: Final = Store(_T, Exposure, "曝光量")
_DIMENSIONS: Final = ("product", "version", "region", "channel")
_Days: TypeAlias = dict[date, tuple[tuple[object, ...], int]]
"""Each day's value, and how its level ranks."""
_Best: TypeAlias = dict[str, _Days]
_ALL: Final[ColumnElement[str]] = literal_column("''")
"""Written out: a parameter in SELECT and one in GROUP BY are two expressions to PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of the exposure is asked for; an empty dimension means all of it together."""

    product: str = ""
    version: str = ""
    region: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class DaySum:
    """One measure added up over days."""

    total: int
    days: int
    """Days that had a number; the others count as unknown, not as zero."""


@dataclass(frozen=True, slots=True)
class ExposureTotal:
    """The measures of a cut; None where no day tells."""

    orders: DaySum | None
    active_users: DaySum | None
    """User-days: a user who comes on two days counts twice."""
    installs: DaySum | None


def add(session: Session, workspace: str, items: Sequence[Exposure], *, now: datetime) -> Added:
    """Store exposure; a known day and cut with other numbers is replaced, the same changes nothing.

    Raises:
        InputError: a value that no database can keep.
    """
    return upsert(session, workspace, _STORE, items, now=now)


def mark(session: Session, workspace: str) -> tuple[object, ...]:
    """Return what is cheap to read and differs once something was stored."""
    return upserts.mark(session, workspace, _STORE)


def every(session: Session, workspace: str, *, batch: int = 1_000) -> Iterator[Exposure]:
    """Walk through all exposure, by day, product, version, region and channel."""
    return walk(session, workspace, _STORE, batch=batch)


def part(
    session: Session,
    workspace: str,
    page: Part,
    cut: Cut = Cut(),
    *,
    days: tuple[date | None, date | None] = (None, None),
) -> list[Exposure]:
    """Return a part of the rows, by day, product, version, region and channel.

    Of days from the first up to the second, which is left out; of a cut those that say so.
    """
    first, behind = days
    these = [_T.c[name] == getattr(cut, name) for name in _DIMENSIONS if getattr(cut, name)]
    if first is not None:
        these.append(_T.c.day >= first)
    if behind is not None:
        these.append(_T.c.day < behind)
    return upserts.part(session, workspace, _STORE, page, *these)


def total(
    session: Session, workspace: str, cut: Cut = Cut(), *, first: date, last: date
) -> ExposureTotal:
    """Add up a cut over the days from `first` to `last`, both included; counts nothing twice.

    A row with an empty dimension is a sum over that dimension, so rows of different levels
    overlap. Each day and measure therefore uses one level only: the row that says exactly what is
    asked, else the level that splits it by the fewest further dimensions; among equals the one
    that splits by product, then version, region, channel. A cut that no row tells is None: a
    total over all versions says nothing about one of them.
    """
    best = _best(session, workspace, cut, first, last)
    return ExposureTotal(
        orders=_day_sum(best["orders"]),
        active_users=_day_sum(best["active_users"]),
        installs=_day_sum(best["installs"]),
    )


def per_day(session: Session, workspace: str, *, first: date, last: date) -> dict[date, int]:
    """Return how many could have met a problem on each day from `first` to `last`.

    Orders where any of these days tells them, else active users, as in `total`; empty when nobody
    knows. A day without a number is left out.
    """
    best = _best(session, workspace, Cut(), first, last)
    for measure in ("orders", "active_users"):
        days = {day: value for day, (_, value) in sorted(best[measure].items())}
        if any(days.values()):
            return days
    return {}


def sides(
    session: Session, workspace: str, cut: Cut, *, first: date, last: date
) -> dict[date, tuple[int, int]]:
    """Return how many could have met a problem on each day: those of the cut, and all others.

    Orders where both are told on every day from `first` to `last`, else active users, else
    nothing: numbers that stand side by side have the same denominator.
    """
    everybody = _best(session, workspace, Cut(), first, last)
    mine = _best(session, workspace, cut, first, last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for measure in ("orders", "active_users"):
        part, whole = mine[measure], everybody[measure]
        if all(day in part and day in whole for day in days):
            found = {day: (part[day][1], whole[day][1] - part[day][1]) for day in days}
            if all(others >= 0 for _, others in found.values()):
                return found
    return {}


def _best(session: Session, workspace: str, cut: Cut, first: date, last: date) -> _Best:
    best: _Best = defaultdict(dict)
    for row in _levels(session, workspace, cut, first, last):
        splits = tuple(bool(row[1 + place]) for place in range(len(_DIMENSIONS)))
        rank = (sum(splits), tuple(not split for split in splits))
        for measure in ("orders", "active_users", "installs"):
            value = getattr(row, measure)
            known = best[measure].get(row.day)
            if value is not None and (known is None or rank < known[0]):
                best[measure][row.day] = (rank, int(value))
    return best


def _levels(
    session: Session, workspace: str, cut: Cut, first: date, last: date
) -> Sequence[Row[Any]]:
    """Return for each day and level: day, whether each dimension is split, and the three sums."""
    asked = {name: getattr(cut, name) for name in _DIMENSIONS}
    split = [_T.c[name] != _ALL for name in _DIMENSIONS]
    query = (
        select(
            _T.c.day,
            *split,
            func.sum(_T.c.orders).label("orders"),
            func.sum(_T.c.active_users).label("active_users"),
            func.sum(_T.c.installs).label("installs"),
        )
        .where(_T.c.workspace_id == workspace, _T.c.day.between(first, last))
        .where(*(_T.c[name] == value for name, value in asked.items() if value))
        .group_by(_T.c.day, *split)
    )
    return session.execute(query).all()


def _day_sum(days: _Days) -> DaySum | None:
    return DaySum(sum(value for _, value in days.values()), len(days)) if days else None
