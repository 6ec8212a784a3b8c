"""Both sides of a rollout, day by day: who has a release, who does not. Reads only."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from feedback_nlp.records import Denominator, Group, Release, Ticket, Voice
from feedback_nlp.replies.versions import is_older
from feedback_nlp.storage import annotations, customers, exposure, heard, themes
from feedback_nlp.storage.exposure import Cut
from feedback_nlp.themes.rates import DAY, Bases, days_between, theme_days
from feedback_nlp.themes.trend import day_of
from feedback_nlp.verification.rollout import BEFORE_DAYS, Sides, dispersion_before
from feedback_nlp.verification.sequential import SideDay
from feedback_nlp.workflows.theme_rates import bases

_Counts = Mapping[date, Mapping[str, int]]
"""Reviews of each day by what their users are told apart by."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of all rollouts are divided by."""

    bases: Bases
    by_group: Callable[[Group, date, date], _Counts]
    """Reviews from one day to another."""


@dataclass(frozen=True, slots=True)
class Step:
    """A release to one group, among the other releases of the same ticket."""

    release: int
    group: Group
    value: str
    released: date
    as_of: date
    last: date
    """The last day up to `as_of` on which anybody was without it."""
    others: tuple[tuple[date, str], ...] = ()
    """Other values of the group that have it too, each from the day after this one."""

    @property
    def first(self) -> date:
        """The day after the release: on that of the release some had it for some hours."""
        return self.released + DAY

    @property
    def can_differ(self) -> bool:
        """Say that both sides were there before; nobody had a version before its release."""
        return self.group is not Group.VERSION

    def is_without(self, day: date, value: str) -> bool:
        """Say that users of this value do not have it on this day; of some nobody knows."""
        if value == self.value or any(value == v and day > since for since, v in self.others):
            return False
        return self.can_differ or not is_older(self.value, value)


def place_step(
    release: Release, group: Group, of_ticket: Iterable[Release], *, as_of: date
) -> Step:
    """Place a release among all releases of one of its tickets that stand."""
    released = day_of(release.released_at)
    ends = [day_of(each.released_at) - DAY for each in of_ticket if each.is_full]
    others = (
        (day_of(each.released_at), each.value)
        for each in of_ticket
        if each.group is group and each.value is not None and each.value != release.value
    )
    return Step(
        release=release.number,
        group=group,
        value=release.value or "",
        released=released,
        as_of=as_of,
        last=max(min([as_of, *ends]), released),
        others=tuple(sorted(others)),
    )


def read_counted(session: Session, workspace: str, *, model: str) -> Counted:
    """Read what all rollouts share, each part once and only when it is asked for."""

    @cache
    def _by_group(group: Group, first: date, last: date) -> _Counts:
        return heard.reviews_by_group(
            session, workspace, group, first=first, last=last, model=model
        )

    return Counted(bases(session, workspace, model=model), _by_group)


def gather_sides(
    session: Session,
    workspace: str,
    step: Step,
    ticket: Ticket,
    counted: Counted,
    *,
    model: str,
) -> Sides:
    """Count what the theme of a ticket got on both sides, since the release and before it.

    By exposure where it is known of both sides on all these days, else by reviews. Reviews of which
    nobody knows the value are on neither side.
    """
    days = days_between(step.first, step.last)
    earlier = _days_before(step, counted.bases) if step.can_differ else []
    voices = _voices(session, workspace, ticket.theme_id, model=model)
    every = counted.by_group(step.group, min([step.released, *earlier]), step.last)
    count = _counter(step, _by_value(session, workspace, step.group, voices))
    base, denominator = _counter(step, every), Denominator.REVIEWS
    if days and _is_split(step, every, days):
        exposed = _exposed(session, workspace, step, [*earlier, *days])
        if exposed:
            base, denominator = exposed.__getitem__, Denominator.EXPOSURE

    def _sides(day: date) -> SideDay:
        (mine, others), (my_base, other_base) = count(day), base(day)
        return SideDay(mine, my_base, others, other_base)

    return Sides(
        release=step.release,
        as_of=step.as_of,
        first=step.first,
        last=step.last,
        days=tuple(map(_sides, days)),
        denominator=denominator,
        target=ticket.target,
        dispersion=dispersion_before(
            theme_days(ticket.theme_id, "", voices), counted.bases, released=step.released
        ),
        before=tuple(map(_sides, earlier)) if step.can_differ else None,
    )


def _days_before(step: Step, counted: Bases) -> list[date]:
    begin = min(counted.reviews, default=step.released)
    return days_between(max(begin, step.released - DAY * BEFORE_DAYS), step.released - DAY)


def _voices(session: Session, workspace: str, theme_id: str, *, model: str) -> list[Voice]:
    theme = themes.get(session, workspace, theme_id)
    places = set() if theme is None else set(theme.members)
    return annotations.voices_at(session, workspace, places, model=model)


def _by_value(
    session: Session, workspace: str, group: Group, voices: Iterable[Voice]
) -> dict[date, Counter[str]]:
    """Count each review once, on its day; those without a time or a value are left out."""
    said = {voice.review_id: voice for voice in voices}
    tiers: dict[str, str] = {}
    if group is Group.TIER:
        authors = {each.author_id for each in said.values() if each.author_id is not None}
        tiers = customers.tiers(session, workspace, authors)
    found: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for voice in said.values():
        value = {
            Group.VERSION: voice.version,
            Group.REGION: voice.region,
            Group.CHANNEL: voice.channel,
            Group.TIER: voice.author_tier or tiers.get(voice.author_id or ""),
        }[group]
        if voice.created_at is not None and value is not None:
            found[day_of(voice.created_at)][value] += 1
    return dict(found)


def _counter(step: Step, counts: _Counts) -> Callable[[date], tuple[int, int]]:
    def _of(day: date) -> tuple[int, int]:
        values = counts.get(day, {})
        others = (n for value, n in values.items() if step.is_without(day, value))
        return values.get(step.value, 0), sum(others)

    return _of


def _is_split(step: Step, counts: _Counts, days: Iterable[date]) -> bool:
    """Say that everybody is on one side or the other: then all less those with it are the rest."""
    return all(
        value == step.value or step.is_without(day, value)
        for day in days
        for value in counts.get(day, {})
    )


def _exposed(
    session: Session, workspace: str, step: Step, days: list[date]
) -> dict[date, tuple[int, int]]:
    if step.group is Group.TIER:
        return {}
    cut = Cut(**{step.group.value: step.value})
    found = exposure.sides(session, workspace, cut, first=days[0], last=days[-1])
    return found if all(day in found for day in days) else {}
