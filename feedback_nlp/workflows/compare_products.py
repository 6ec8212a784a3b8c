"""Compare products: stored reviews -> where ours are complained of more than a competitor's.

Reads only. The unit is a user, as everywhere: one who writes the same many times counts once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from feedback_nlp.compare.cuts import Account, Group, count
from feedback_nlp.compare.gaps import ALPHA, Gap, Table, judge, weight
from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import Quote, Taxonomy
from feedback_nlp.storage import competitors, complaints, reviews
from feedback_nlp.themes.trend import day_of

_Side = tuple[str, bool]
"""Which comparison, and whether it is our side of it."""


class Basis(StrEnum):
    """Which reviews are compared."""

    OVERLAP = "overlap"
    """Those of the days in which both products have reviews."""
    UNDATED = "undated"
    """All: one of the two has no dates."""
    APART = "apart"
    """None: there is no day between the first and the last review of both."""


@dataclass(frozen=True, slots=True)
class Asked:
    """With whom ours are compared, over which days."""

    product: str | None = None
    """None: with every competitor."""
    days: int | None = None
    """Up to the last day that both have; None for all."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are compared; both None unless the basis is the overlap."""

    basis: Basis
    first: date | None = None
    last: date | None = None

    def holds(self, day: date | None) -> bool:
        """Say that a review of this day is compared."""
        if self.first is None or self.last is None:
            return self.basis is Basis.UNDATED
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Side:
    """How many users of one product complain of a topic."""

    count: int
    of: int
    quotes: tuple[Quote, ...]
    """The newest words, at most three, each of another user."""


@dataclass(frozen=True, slots=True)
class TopicGap:
    """One topic in the reviews of both products."""

    code: str
    name: str
    ours: Side
    theirs: Side
    gap: Gap
    """Our share less theirs."""


@dataclass(frozen=True, slots=True)
class Rivalry:
    """Our products beside one of a competitor."""

    product: str
    window: Window
    ours: Group
    theirs: Group
    topics: tuple[TopicGap, ...]
    """Those that anybody complains of: where we are worse first, the widest gap first."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All competitors that were compared at once."""

    rivals: tuple[Rivalry, ...]
    tests: int
    """Topics of all of them that have enough on both sides."""
    level: float
    """Of the intervals."""


def compare_products(
    session: Session,
    workspace: str,
    taxonomy: Taxonomy,
    asked: Asked,
    *,
    model: str,
) -> Comparison:
    """Compare ours with one competitor's product, or with each of them.

    Raises:
        NotFoundError: the product is not marked as a competitor's.
    """
    rivals = competitors.active(session, workspace)
    if asked.product is not None and asked.product not in rivals:
        raise NotFoundError(f"“{asked.product}”没有标记为竞品；用 competitor list 查看产品名")
    wanted = rivals if asked.product is None else (asked.product,)
    windows = _windows(session, workspace, wanted, days=asked.days)
    if not windows:
        return Comparison((), tests=0, level=1 - ALPHA)
    heard = complaints.every(session, workspace, model=model, ours=False)
    groups = count(_entries(heard, windows, frozenset(rivals)))
    names = {topic.code: topic.name for topic in taxonomy.topics}
    return _comparison(windows, groups, names)


def _windows(
    session: Session, workspace: str, products: Iterable[str], *, days: int | None
) -> dict[str, Window]:
    ours = reviews.time_span(session, workspace)
    theirs = competitors.spans(session, workspace, tuple(products))
    return {product: _window(ours, theirs.get(product), days) for product in products}


def _window(
    ours: tuple[datetime | None, datetime | None],
    theirs: tuple[datetime, datetime] | None,
    days: int | None,
) -> Window:
    if ours[0] is None or ours[1] is None or theirs is None:
        return Window(Basis.UNDATED)
    first = day_of(max(ours[0], theirs[0]))
    last = day_of(min(ours[1], theirs[1]))
    if first > last:
        return Window(Basis.APART)
    if days is not None:
        first = max(first, last - timedelta(days=days - 1))
    return Window(Basis.OVERLAP, first, last)


def _entries(
    heard: Iterable[Account], windows: Mapping[str, Window], rivals: frozenset[str]
) -> Iterator[tuple[_Side, Account]]:
    """Yield each review with every comparison and side that it belongs to."""
    for account in heard:
        day = None if account.created_at is None else day_of(account.created_at)
        is_ours = account.product not in rivals
        for product, window in windows.items():
            if (is_ours or account.product == product) and window.holds(day):
                yield (product, is_ours), account


def _comparison(
    windows: Mapping[str, Window], groups: Mapping[_Side, Group], names: Mapping[str, str]
) -> Comparison:
    pairs = {
        product: (groups.get((product, True), Group()), groups.get((product, False), Group()))
        for product in windows
    }
    cells = [
        (product, code)
        for product, (ours, theirs) in pairs.items()
        for code in sorted({*ours.complaining, *theirs.complaining})
    ]
    tables = [_table(*pairs[product], code) for product, code in cells]
    # All at once: who looks at several competitors has more chances to be fooled.
    judged = judge(tables)
    found: dict[str, list[TopicGap]] = {product: [] for product in windows}
    for (product, code), gap in zip(cells, judged.gaps, strict=True):
        ours, theirs = (_side(group, code) for group in pairs[product])
        found[product].append(TopicGap(code, names.get(code, code), ours, theirs, gap))
    rivals = (
        Rivalry(product, windows[product], *pairs[product], tuple(sorted(rows, key=_rank)))
        for product, rows in found.items()
    )
    return Comparison(tuple(rivals), judged.tests, judged.level)


def _table(ours: Group, theirs: Group, code: str) -> Table:
    return Table(
        ours.complaining.get(code, 0), ours.users, theirs.complaining.get(code, 0), theirs.users
    )


def _side(group: Group, code: str) -> Side:
    return Side(group.complaining.get(code, 0), group.users, group.quotes.get(code, ()))


def _rank(row: TopicGap) -> tuple[int, float, str]:
    return (*weight(row.gap, row.ours.count + row.theirs.count), row.code)
