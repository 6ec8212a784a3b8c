"""Browse themes of any state, where their opinions came from and what happened to them."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from feedback_nlp.records import Placement, ThemeState, Voice
from feedback_nlp.storage import annotations, placements, priorities, runs, theme_history, themes
from feedback_nlp.storage.theme_history import Told
from feedback_nlp.workflows.browse import (
    Page,
    RankedTheme,
    ThemePage,
    counting_model,
    find_theme,
)


class Listed(StrEnum):
    """Which themes to list."""

    OPEN = "open"
    DORMANT = "dormant"
    CLOSED = "closed"
    MERGED = "merged"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Member:
    """One opinion of a theme and how it came there; None when nobody wrote that down."""

    voice: Voice
    placement: Placement | None


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A part of a theme's opinions by review id and start, and how many there are."""

    members: tuple[Member, ...]
    total: int


@dataclass(frozen=True, slots=True)
class History:
    """A theme and what happened to it, first event first."""

    found: RankedTheme
    events: tuple[Told, ...]
    total: int


def list_themes(
    session: Session, workspace: str, page: Page, *, listed: Listed = Listed.OPEN
) -> ThemePage:
    """Return a page of the themes: ranked ones in RICE order, then the others by number."""
    ranked = {each.theme_id: each for each in priorities.every(session, workspace)}
    ranks = {theme_id: rank for rank, theme_id in enumerate(ranked, 1)}
    state = None if listed is Listed.ALL else ThemeState(listed)
    ids = themes.ids(session, workspace, state=state)
    ids.sort(key=lambda theme_id: ranks.get(theme_id, len(ranks) + 1))
    found = (themes.get(session, workspace, theme_id) for theme_id in ids[page.part])
    shown = tuple(
        RankedTheme(theme, ranked.get(theme.id), ranks.get(theme.id)) for theme in found if theme
    )
    return ThemePage(shown, len(ids), runs.latest(session, workspace))


def list_members(
    session: Session, workspace: str, theme_id: str, page: Page, *, model: str
) -> MemberPage:
    """Return a page of the opinions in one theme with where they came from.

    As in `browse.list_opinions` these are opinions of the `counting_model`, and those of rewritten
    reviews are missing.

    Raises:
        NotFoundError: no theme has this id.
    """
    theme = find_theme(session, workspace, theme_id).theme
    places = theme.members[page.part]
    placed = {each.place: each for each in placements.of_theme(session, workspace, theme_id)}
    counted_by = counting_model(session, workspace, model=model)
    voices = annotations.voices_at(session, workspace, set(places), model=counted_by)
    members = (Member(voice, placed.get((voice.review_id, voice.start))) for voice in voices)
    return MemberPage(tuple(members), theme.count)


def list_history(session: Session, workspace: str, theme_id: str, page: Page) -> History:
    """Return one theme and a page of what happened to it; raises NotFoundError."""
    found = find_theme(session, workspace, theme_id)
    events = theme_history.of_theme(session, workspace, theme_id)
    return History(found, tuple(events[page.part]), len(events))
