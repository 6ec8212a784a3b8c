"""Follow customers: do those who complained buy again and stay after a release? Reads only."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.priority.rfm import Worth
from feedback_nlp.records import Release
from feedback_nlp.storage import (
    annotations,
    complaints,
    orders,
    policies,
    releases,
    themes,
    tickets,
    usage,
)
from feedback_nlp.themes.rates import DAY
from feedback_nlp.themes.trend import day_of
from feedback_nlp.verification.loyalty import (
    COMPLAINT_DAYS,
    CUSTOMER_DAYS,
    Followed,
    Lack,
    LoyaltyRow,
    Windows,
    compare_loyalty,
    windows,
)
from feedback_nlp.workflows.browse import counting_model
from feedback_nlp.workflows.customer_value import worth_of


@dataclass(frozen=True, slots=True)
class _Spoken:
    """One review of the theme."""

    author: str
    day: date


@dataclass(frozen=True, slots=True)
class _Told:
    """Who spoke of the theme, and what counts as staying."""

    spoken: Sequence[_Spoken]
    affected: frozenset[str]
    """Authors who complained shortly before the release."""
    ever: frozenset[str]
    """Authors who complained at any time before it."""
    with_usage: bool


@dataclass(frozen=True, slots=True)
class Loyalty:
    """What became of the customers who complained, beside all other customers."""

    ticket_id: str
    theme_id: str
    release: int
    released: date
    complained: int
    """Authors who complained of it in the 84 days before the release, customers or not."""
    windows: Windows | None
    with_usage: bool
    """Whether use of the product counts as staying: it is known of both windows."""
    total: LoyaltyRow | None
    segments: tuple[LoyaltyRow, ...]
    """In the order of `Segment`, last those that fit none."""
    lack: Lack | None = None
    """None when there is enough to compare."""


def follow_customers(
    session: Session, workspace: str, ticket_id: str, *, model: str, as_of: date
) -> Loyalty:
    """Compare the customers who complained before the last full release of a ticket with others.

    A customer is who ordered in the year before the release. The others never spoke of the theme
    before it.

    Raises:
        NotFoundError: no ticket has this id.
        ConflictError: not everybody has a fix.
    """
    ticket = tickets.get(session, workspace, ticket_id)
    if ticket is None:
        raise NotFoundError(f"没有编号为 {ticket_id} 的工单")
    release = _full_release(releases.of_ticket(session, workspace, ticket_id), ticket_id)
    released = day_of(release.released_at)
    spoken = _spoken(session, workspace, ticket.theme_id, model=model)
    before = [each for each in spoken if each.day < released]
    since = released - DAY * COMPLAINT_DAYS
    complained = frozenset(each.author for each in before if each.day >= since)
    around = _windows(session, workspace, released, as_of)
    found = Loyalty(
        ticket_id=ticket_id,
        theme_id=ticket.theme_id,
        release=release.number,
        released=released,
        complained=len(complained),
        windows=None if isinstance(around, Lack) else around,
        with_usage=False,
        total=None,
        segments=(),
        lack=around if isinstance(around, Lack) else None,
    )
    if isinstance(around, Lack):
        return found
    with_usage = _is_usage_known(session, workspace, around)
    told = _Told(spoken, complained, frozenset(each.author for each in before), with_usage)
    total, segments = compare_loyalty(_followed(session, workspace, around, told))
    lack = Lack.FEW if total.repurchase is None else None
    return replace(found, with_usage=with_usage, total=total, segments=segments, lack=lack)


def _full_release(noted: Iterable[Release], ticket_id: str) -> Release:
    full = [each for each in noted if each.is_full and each.stands]
    if not full:
        raise ConflictError(
            f"工单 {ticket_id} 没有登记全量发布，没有上线前后可以比；请执行 release add"
        )
    return max(full, key=lambda each: (each.released_at, each.number))


def _spoken(session: Session, workspace: str, theme_id: str, *, model: str) -> list[_Spoken]:
    """Return who spoke of a theme and when: each review once, those without either left out."""
    theme = themes.get(session, workspace, theme_id)
    places = set() if theme is None else set(theme.members)
    counted_by = counting_model(session, workspace, model=model)
    voices = annotations.voices_at(session, workspace, places, model=counted_by)
    of_review = {
        voice.review_id: _Spoken(voice.author_id, day_of(voice.created_at))
        for voice in voices
        if voice.author_id is not None and voice.created_at is not None
    }
    return list(of_review.values())


def _windows(session: Session, workspace: str, released: date, as_of: date) -> Windows | Lack:
    oldest, newest = orders.time_span(session, workspace)
    if oldest is None or newest is None:
        return Lack.NO_ORDERS
    last = min(day_of(newest), as_of)
    return windows(released, first=day_of(oldest), last=last) or Lack.SHORT


def _is_usage_known(session: Session, workspace: str, around: Windows) -> bool:
    oldest, newest = usage.time_span(session, workspace)
    if oldest is None or newest is None:
        return False
    return day_of(oldest) <= around.before[0] and around.after[1] <= day_of(newest)


def _followed(session: Session, workspace: str, around: Windows, told: _Told) -> Iterator[Followed]:
    """Look at every customer of ours, in order, except who complained long before the release."""
    year = around.released - DAY * CUSTOMER_DAYS
    known = orders.buyers(session, workspace, first=year, last=around.released - DAY)
    rule = policies.current(session, workspace).rfm
    worth = worth_of(session, workspace, known, rule=rule, as_of=around.released)
    both = (around.before, around.after)
    bought = [
        orders.buyers(session, workspace, first=first, last=last, refunded=False)
        for first, last in both
    ]
    stayed = [_active(session, workspace, days, told) for days in both]
    for user in sorted(known - (told.ever - told.affected)):
        yield Followed(
            affected=user in told.affected,
            segment=worth.get(user, Worth()).segment,
            bought=(user in bought[0], user in bought[1]),
            stayed=(user in stayed[0], user in stayed[1]),
        )


def _active(session: Session, workspace: str, days: tuple[date, date], told: _Told) -> set[str]:
    """Return who did anything on these days, besides speaking of the theme.

    That the affected complained is how they were found, and no sign of staying.
    """
    first, last = days
    found = orders.buyers(session, workspace, first=first, last=last)
    if told.with_usage:
        found |= usage.users(session, workspace, first=first, last=last)
    written = Counter(complaints.written_by(session, workspace, first=first, last=last))
    written.subtract(each.author for each in told.spoken if first <= each.day <= last)
    return found | {author for author, count in written.items() if count > 0}
