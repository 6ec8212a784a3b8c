"""Compare segments: stored reviews -> what some users complain of more than all others.

Reads only. The unit is a user, as everywhere: one who writes the same many times counts once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from feedback_nlp.compare.cuts import (
    Account,
    Cell,
    Dimension,
    Group,
    against_the_rest,
    compared,
    count,
)
from feedback_nlp.compare.gaps import Gap, judge, weight
from feedback_nlp.priority.rfm import Worth
from feedback_nlp.records import Quote, Taxonomy
from feedback_nlp.storage import annotations, complaints, policies, reviews
from feedback_nlp.storage import themes as stored_themes
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.customer_value import worth_of

_ValueOf = Callable[[Account], str | None]


@dataclass(frozen=True, slots=True)
class Question:
    """How users are divided, and which of their reviews count."""

    by: Dimension
    with_themes: bool = False
    """Also compare how many have an opinion in each open theme."""
    days: int | None = None
    """Up to the newest review; None for all, those without a time included."""


@dataclass(frozen=True, slots=True)
class Part:
    """The users of one value."""

    value: str
    users: int
    reviews: int
    is_compared: bool
    """False: too few users, or too many other values with more."""


@dataclass(frozen=True, slots=True)
class CutRow:
    """One thing to complain of, among the users of one value and among all others."""

    value: str
    key: str
    """Topic code or theme id."""
    name: str
    is_theme: bool
    count: int
    of: int
    rest: int
    rest_of: int
    gap: Gap
    """The share of these users less that of the others."""
    quotes: tuple[Quote, ...]
    """The newest words of these users, at most three, each of another user."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One dimension with all its values."""

    question: Question
    first: date | None
    last: date | None
    """The days that are compared; None when no review has a time."""
    parts: tuple[Part, ...]
    """Those with most users first."""
    unknown: int
    """Reviews of which nobody knows the value: they are on neither side."""
    rows: tuple[CutRow, ...]
    """What anybody complains of: higher shares first, the widest gap first."""
    tests: int
    """Rows that have enough on both sides."""
    level: float
    """Of the intervals."""


def compare_segments(
    session: Session,
    workspace: str,
    taxonomy: Taxonomy,
    question: Question,
    *,
    model: str,
    today: date,
) -> Cut:
    """Compare the users of each value of a dimension with those of all its other values.

    What customers are worth is that of the day of the newest review, or of `today` without dates.
    """
    first, last = _days(session, workspace, question.days)
    heard = complaints.every(session, workspace, model=model)
    if question.days is not None and first is not None:
        heard = _since(first, heard)
    named = _NamedThemes({}, {})
    if question.with_themes:
        named = _themes(session, workspace, model)
        heard = _with_themes(heard, named.words)
    value_of = _value_of(session, workspace, question.by, as_of=last or today)
    groups = count((value_of(account) or None, account) for account in heard)
    unknown = groups.pop(None, Group())
    known = {value: group for value, group in groups.items() if value is not None}
    cells = against_the_rest(known)
    judged = judge([cell.table for cell in cells])
    names = {topic.code: topic.name for topic in taxonomy.topics}
    rows = [_row(*pair, names, named.names) for pair in zip(cells, judged.gaps, strict=True)]
    rows.sort(key=_rank)
    return Cut(
        question=question,
        first=first,
        last=last,
        parts=_parts(known),
        unknown=unknown.reviews,
        rows=tuple(rows),
        tests=judged.tests,
        level=judged.level,
    )


def _days(
    session: Session, workspace: str, days: int | None
) -> tuple[date, date] | tuple[None, None]:
    oldest, newest = reviews.time_span(session, workspace)
    if oldest is None or newest is None:
        return None, None
    first, last = day_of(oldest), day_of(newest)
    return (first if days is None else max(first, last - timedelta(days=days - 1))), last


def _since(first: date, heard: Iterable[Account]) -> Iterator[Account]:
    for account in heard:
        if account.created_at is not None and day_of(account.created_at) >= first:
            yield account


@dataclass(frozen=True, slots=True)
class _NamedThemes:
    """The open themes."""

    names: Mapping[str, str]
    """By theme id."""
    words: Mapping[str, list[tuple[str, Quote]]]
    """(theme id, the words) by review id."""


def _themes(session: Session, workspace: str, model: str) -> _NamedThemes:
    said = {
        (voice.review_id, voice.start): Quote(voice.review_id, voice.start, voice.end, voice.text)
        for voice in annotations.voices(session, workspace, model=model)
    }
    names: dict[str, str] = {}
    words: dict[str, list[tuple[str, Quote]]] = {}
    for theme in stored_themes.every(session, workspace):
        names[theme.id] = theme.name
        for place in theme.members:
            if place in said:
                words.setdefault(place[0], []).append((theme.id, said[place]))
    return _NamedThemes(names, words)


def _with_themes(
    heard: Iterable[Account], words: Mapping[str, list[tuple[str, Quote]]]
) -> Iterator[Account]:
    for account in heard:
        more = words.get(account.review_id, ())
        yield replace(account, complaints=(*account.complaints, *more)) if more else account


def _value_of(session: Session, workspace: str, by: Dimension, *, as_of: date) -> _ValueOf:
    """Return what tells the value of a review; a tier that it names counts before the table's."""
    if by is Dimension.VERSION:
        return lambda account: account.version
    if by is Dimension.REGION:
        return lambda account: account.region
    if by is Dimension.CHANNEL:
        return lambda account: account.channel
    worth = _worth(session, workspace, as_of=as_of)

    def _of(account: Account) -> Worth:
        return worth.get(account.author_id or "", Worth())

    if by is Dimension.TIER:
        return lambda account: account.author_tier or _of(account).tier
    return lambda account: _of(account).segment


def _worth(session: Session, workspace: str, *, as_of: date) -> Mapping[str, Worth]:
    rule = policies.current(session, workspace).rfm
    authors = complaints.authors(session, workspace)
    return worth_of(session, workspace, authors, rule=rule, as_of=as_of)


def _parts(groups: Mapping[str, Group]) -> tuple[Part, ...]:
    chosen = compared(groups)
    parts = [
        Part(value, group.users, group.reviews, value in chosen) for value, group in groups.items()
    ]
    return tuple(sorted(parts, key=lambda part: (-part.users, part.value)))


def _row(cell: Cell, gap: Gap, topics: Mapping[str, str], themes: Mapping[str, str]) -> CutRow:
    table = cell.table
    return CutRow(
        value=cell.value,
        key=cell.key,
        name=themes.get(cell.key) or topics.get(cell.key, cell.key),
        is_theme=cell.key in themes,
        count=table.count,
        of=table.of,
        rest=table.other,
        rest_of=table.other_of,
        gap=gap,
        quotes=cell.quotes,
    )


def _rank(row: CutRow) -> tuple[int, float, str, str]:
    return (*weight(row.gap, row.count + row.rest), row.value, row.key)
