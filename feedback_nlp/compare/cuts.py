"""Counting for comparisons: who complains of what, in each group of users."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from heapq import nlargest
from typing import Final, TypeVar

from feedback_nlp.compare.gaps import LEAST_USERS, Table
from feedback_nlp.records import Quote

MOST_QUOTES: Final = 3
"""Examples of what a group says of one thing, each of another user."""
MOST_VALUES: Final = 50
"""Values of a dimension that are compared, those with most users."""

Value = TypeVar("Value", bound=Hashable)
_Rank = tuple[datetime, str, int]
_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)


class Dimension(StrEnum):
    """By what users are divided."""

    VERSION = "version"
    REGION = "region"
    TIER = "tier"
    SEGMENT = "segment"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Account:
    """One review that counts, with everything it complains of; most complain of nothing."""

    review_id: str
    channel: str
    author_id: str | None = None
    author_tier: str | None = None
    product: str | None = None
    version: str | None = None
    region: str | None = None
    created_at: datetime | None = None
    complaints: tuple[tuple[str, Quote], ...] = ()
    """(topic code or theme id, the words), in any order; a code may come several times."""

    @property
    def user(self) -> str:
        """Who speaks: without an author id each review counts as one user."""
        return self.review_id if self.author_id is None else f"{self.channel}\n{self.author_id}"


@dataclass(frozen=True, slots=True)
class Group:
    """The users of one value, and which of them complain of what."""

    who: frozenset[str] = frozenset()
    reviews: int = 0
    complainers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Topic code or theme id -> those of the users who complain of it."""
    quotes: Mapping[str, tuple[Quote, ...]] = field(default_factory=dict)
    """The newest words of each, at most three, each of another user."""

    @property
    def users(self) -> int:
        """How many there are."""
        return len(self.who)

    @property
    def complaining(self) -> dict[str, int]:
        """How many complain of each topic code or theme id."""
        return {key: len(users) for key, users in self.complainers.items()}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value and one thing to complain of, beside the users who have only other values."""

    value: str
    key: str
    table: Table
    quotes: tuple[Quote, ...]


def count(entries: Iterable[tuple[Value, Account]]) -> dict[Value, Group]:
    """Count the users of each value; one who writes the same many times counts once.

    A user with reviews under two values is one user of each. Blind to the order of `entries`.
    """
    users: defaultdict[Value, set[str]] = defaultdict(set)
    reviews: Counter[Value] = Counter()
    said: defaultdict[Value, defaultdict[str, dict[str, tuple[_Rank, Quote]]]]
    said = defaultdict(lambda: defaultdict(dict))
    for value, account in entries:
        user = account.user
        users[value].add(user)
        reviews[value] += 1
        for key, quote in account.complaints:
            words = said[value][key]
            rank = (account.created_at or _NEVER, quote.review_id, -quote.start)
            before = words.get(user)
            if before is None or before[0] < rank:
                words[user] = (rank, quote)
    return {value: _group(frozenset(users[value]), reviews[value], said[value]) for value in users}


def against_the_rest(groups: Mapping[str, Group]) -> list[Cell]:
    """Set the users of each value that has enough beside those who have only other values.

    Nobody is on both sides, and who has many values counts once among the others: the tests take
    users for independent. At most `MOST_VALUES`, those with most users; in the order of values and
    keys.
    """
    everybody = frozenset[str]().union(*(group.who for group in groups.values()))
    complainers: defaultdict[str, set[str]] = defaultdict(set)
    for group in groups.values():
        for key, users in group.complainers.items():
            complainers[key] |= users
    found = []
    for value in sorted(compared(groups)):
        group = groups[value]
        others = len(everybody) - group.users
        for key, complaining in sorted(complainers.items()):
            mine = len(group.complainers.get(key, ()))
            table = Table(mine, group.users, len(complaining - group.who), others)
            found.append(Cell(value, key, table, group.quotes.get(key, ())))
    return found


def compared(groups: Mapping[str, Group]) -> frozenset[str]:
    """Return the values that have enough users to be set beside the rest."""
    enough = [value for value, group in groups.items() if group.users >= LEAST_USERS]
    enough.sort(key=lambda value: (-groups[value].users, value))
    return frozenset(enough[:MOST_VALUES])


def _group(
    users: frozenset[str], reviews: int, said: Mapping[str, Mapping[str, tuple[_Rank, Quote]]]
) -> Group:
    return Group(
        users,
        reviews,
        {key: frozenset(words) for key, words in said.items()},
        {
            key: tuple(quote for _, quote in nlargest(MOST_QUOTES, words.values(), key=_rank))
            for key, words in said.items()
        },
    )


def _rank(words: tuple[_Rank, Quote]) -> _Rank:
    return words[0]
