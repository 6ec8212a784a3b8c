"""Cases: what is stored -> which releases of which tickets can be judged now. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import AlertKind, Release, Theme, ThemeState, Ticket, Verdict
from feedback_nlp.storage import alerts, annotations, releases, reviews, themes, tickets
from feedback_nlp.themes.rates import Bases, ThemeDays
from feedback_nlp.themes.trend import day_of
from feedback_nlp.verification.windows import Case
from feedback_nlp.workflows.browse import counting_model
from feedback_nlp.workflows.compare_rollout import newest_known_day
from feedback_nlp.workflows.release_in_force import (
    LIVE,
    Told,
    last_day,
    release_in_force,
    release_of,
    told_about,
    worked_of,
)
from feedback_nlp.workflows.theme_rates import bases, days_of

APART: Final = timedelta(days=84)
"""A theme that had a release this near is no control: it may have changed because of it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A ticket that can be judged, or watched once it is verified."""

    ticket: Ticket
    case: Case
    verified: date | None = None
    """Last day of the look that found 有效; None while there was none."""
    concluded: bool = False
    """The last look at this release has been told as 样本不足."""
    succeeded: bool = False
    """A newer release for everybody stands: the next one to be judged."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A ticket about which nothing new is said."""

    ticket_id: str
    reason: str
    """One Chinese clause."""


@dataclass(frozen=True, slots=True)
class Cases:
    """What can be judged on day `as_of`, what cannot, both in the order of the tickets."""

    as_of: date
    looked: tuple[Looked, ...]
    skipped: tuple[Skipped, ...]
    has_dates: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What all cases are made of."""

    themes: Mapping[str, Theme]
    """Of any state."""
    days: Mapping[str, ThemeDays]
    """Of the open themes."""
    bases: Bases
    released: Mapping[str, Sequence[date]]
    """Theme -> days on which a fix of it was released, to whomever."""
    spikes: Mapping[str, Sequence[tuple[date, date]]]


def gather_cases(
    session: Session, workspace: str, *, model: str, now: datetime, ticket_id: str | None = None
) -> Cases:
    """Return what can be judged by the reviews that the last plan knew; of one ticket or all.

    Raises:
        NotFoundError: no ticket has this id.
    """
    every = tickets.every(session, workspace)
    wanted = [each for each in every if ticket_id in {None, each.id}]
    if ticket_id is not None and not wanted:
        raise NotFoundError(f"没有编号为 {ticket_id} 的工单")
    has_dates = reviews.time_span(session, workspace)[1] is not None
    as_of = newest_known_day(session, workspace, now=now)
    noted = releases.every(session, workspace)
    live = [each for each in wanted if each.state in LIVE]
    told = told_about(session, workspace, live, noted)
    seen = {
        each.id: release_in_force(each, told[each.id], as_of if has_dates else None)
        for each in live
    }
    # Nothing to judge on most nights of a young team: then nothing large is read.
    some = any(isinstance(each, Release) for each in seen.values())
    known = _read(session, workspace, every, noted, model=model) if some else None
    found = [_case(each, seen[each.id], told[each.id], known) for each in live]
    skipped = [each for each in found if isinstance(each, Skipped)]
    if ticket_id is not None and not live:
        skipped = [Skipped(each.id, f"是“{each.state}”，没有发布在外") for each in wanted]
    looked = (each for each in found if isinstance(each, Looked))
    return Cases(as_of, tuple(looked), tuple(skipped), has_dates)


def _read(
    session: Session,
    workspace: str,
    every: Iterable[Ticket],
    noted: Iterable[Release],
    *,
    model: str,
) -> _Known:
    counted_by = counting_model(session, workspace, model=model)
    known = {theme.id: theme for theme in themes.every(session, workspace, any_state=True)}
    listed = [theme for theme in known.values() if theme.state is ThemeState.OPEN]
    voices = annotations.voices(session, workspace, model=counted_by)
    return _Known(
        themes=known,
        days={each.id: each for each in days_of(listed, voices)},
        bases=bases(session, workspace, model=counted_by),
        released=_days_of_releases(every, noted),
        spikes=_spikes(session, workspace),
    )


def _case(
    ticket: Ticket, release: Release | str, told: Told, known: _Known | None
) -> Looked | Skipped:
    if isinstance(release, str) or known is None:
        return Skipped(ticket.id, str(release))
    why = _uncounted(known.themes[ticket.theme_id])
    if why is not None:
        return Skipped(ticket.id, why)
    day = day_of(release.released_at)
    others = (
        theme
        for theme in known.days.values()
        if theme.id != ticket.theme_id
        and not any(abs(other - day) <= APART for other in known.released.get(theme.id, ()))
    )
    case = Case(
        ticket_id=ticket.id,
        release=release.number,
        theme=known.days[ticket.theme_id],
        others=tuple(others),
        bases=known.bases,
        released=day,
        target=ticket.target,
        spikes=tuple(known.spikes.get(ticket.theme_id, ())),
    )
    worked = worked_of(told)
    concluded = any(
        each.verdict is Verdict.INCONCLUSIVE and release_of(each) == release.number
        for each in told.outcomes
    )
    succeeded = any(
        each.stands and each.is_full and each.number > release.number for each in told.releases
    )
    verified = None if worked is None else last_day(worked)
    return Looked(ticket, case, verified, concluded, succeeded)


def _uncounted(theme: Theme) -> str | None:
    if theme.state is ThemeState.MERGED:
        return f"主题 {theme.id} 已并入 {theme.merged_into}，前后数的不是同一件事"
    if theme.state is ThemeState.CLOSED:
        return f"主题 {theme.id} 已关闭，不再计数"
    if theme.state is ThemeState.DORMANT:
        return f"主题 {theme.id} 现在没有观点，无从比较"
    return None


def _days_of_releases(
    every: Iterable[Ticket], noted: Iterable[Release]
) -> defaultdict[str, list[date]]:
    theme_of = {ticket.id: ticket.theme_id for ticket in every}
    found: defaultdict[str, list[date]] = defaultdict(list)
    for release in noted:
        for ticket_id in release.tickets if release.stands else ():
            found[theme_of[ticket_id]].append(day_of(release.released_at))
    return found


def _spikes(session: Session, workspace: str) -> defaultdict[str, list[tuple[date, date]]]:
    found: defaultdict[str, list[tuple[date, date]]] = defaultdict(list)
    for alert in alerts.every(session, workspace):
        if alert.kind is AlertKind.SPIKE:
            found[alert.subject].append((alert.day, alert.last))
    return found
