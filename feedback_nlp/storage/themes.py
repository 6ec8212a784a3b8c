"""Themes: ids are permanent, a theme without opinions sleeps, nothing is deleted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from feedback_nlp.heads.correct import corrected_voice
from feedback_nlp.records import Theme, ThemeState, Voice
from feedback_nlp.storage import label_corrections, ledger, tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.nested import from_quotes, from_trend, to_pairs, to_quotes, to_trend
from feedback_nlp.storage.opinions import select_voices, to_voice
from feedback_nlp.storage.planner import refresh_statistics

_T: Final = tables.themes
_M: Final = tables.theme_members
_O: Final = tables.opinions
_EVENTS: Final = tables.theme_events
_COUNTS: Final = ("by_channel", "by_version", "by_region", "by_rating")


def save(session: Session, workspace: str, themes: Sequence[Theme], *, now: datetime) -> None:
    """Make the stored themes equal to `themes`; the others fall dormant and keep their ids.

    Each change of name or state is an event. Saving the same themes again writes nothing. The
    reviews of all members must be stored.
    """
    lock(session, workspace, "themes")
    before = {theme.id: theme for theme in every(session, workspace, any_state=True)}
    after = {key: emptied(theme) for key, theme in before.items()} | {
        theme.id: replace(theme, members=tuple(sorted(theme.members))) for theme in themes
    }
    changed = [after[key] for key in sorted(after) if after[key] != before.get(key)]
    _write_changed(session, workspace, before, changed)
    events = [event for theme in changed for event in _events(before.get(theme.id), theme, now)]
    ledger.append(session, _EVENTS, workspace, events, subject="theme_id")


def change(session: Session, workspace: str, changed: Sequence[Theme]) -> None:
    """Write these themes as they are, known or new, and no event: the caller has recorded one."""
    lock(session, workspace, "themes")
    found = (get(session, workspace, theme.id) for theme in changed)
    before = {theme.id: theme for theme in found if theme is not None}
    _write_changed(session, workspace, before, changed)


def note(session: Session, workspace: str, events: Sequence[Event]) -> None:
    """Append events that no change of a theme's row brings with it."""
    ledger.append(session, _EVENTS, workspace, events, subject="theme_id")


def every(session: Session, workspace: str, *, any_state: bool = False) -> list[Theme]:
    """Return the open themes in the order of their numbers, or those of any state."""
    query = _all(workspace)
    members = select(_M).where(_M.c.workspace_id == workspace)
    if not any_state:
        query = query.where(_T.c.state == ThemeState.OPEN.value)
        members = members.where(_M.c.theme_id.in_(query.with_only_columns(_T.c.id)))
    return _with_members(session, query.order_by(func.length(_T.c.id), _T.c.id), members)


def ids(session: Session, workspace: str, *, state: ThemeState | None = None) -> list[str]:
    """Return the ids of the themes of one state, or of any, in the order of their numbers."""
    query = select(_T.c.id).where(_T.c.workspace_id == workspace)
    if state is not None:
        query = query.where(_T.c.state == state.value)
    return list(session.scalars(query.order_by(func.length(_T.c.id), _T.c.id)))


def get(session: Session, workspace: str, theme_id: str) -> Theme | None:
    """Return one theme, whatever its state."""
    members = select(_M).where(_M.c.workspace_id == workspace, _M.c.theme_id == theme_id)
    found = _with_members(session, _all(workspace).where(_T.c.id == theme_id), members)
    return found[0] if found else None


def voices_of(
    session: Session, workspace: str, theme_id: str, *, model: str, limit: int, offset: int = 0
) -> list[Voice]:
    """Return a page of the opinions in one theme, newest review first, then by id and start."""
    query = (
        select_voices(workspace, model)
        .join(
            _M,
            (_M.c.workspace_id == _O.c.workspace_id)
            & (_M.c.review_id == _O.c.review_id)
            & (_M.c.start == _O.c.start),
        )
        .where(_M.c.theme_id == theme_id)
        .order_by(tables.reviews.c.created_at.desc().nulls_last(), _O.c.review_id, _O.c.start)
        .limit(limit)
        .offset(offset)
    )
    voices = [to_voice(row) for row in session.execute(query)]
    said = label_corrections.said(session, workspace, {voice.review_id for voice in voices})
    return [corrected_voice(voice, said) for voice in voices]


def next_number(session: Session, workspace: str) -> int:
    """Return a number above that of every theme there ever was, for ids like `T-0042`.

    Nobody else gets a number in this workspace until the transaction ends.
    """
    lock(session, workspace, "themes")
    return ledger.next_number(session, _T, workspace)


def history(session: Session, workspace: str, theme_id: str) -> list[Event]:
    """Return what happened to one theme, first event first.

    Kinds: created, renamed, dormant, revived, moved (any other change of state), remodelled, and
    what people did (`EditKind`).
    """
    return ledger.history(session, _EVENTS, workspace, subject="theme_id", of=theme_id)


def emptied(theme: Theme) -> Theme:
    """Return a theme without opinions: it keeps what it was about, and sleeps unless decided."""
    return replace(
        theme,
        members=(),
        count=0,
        reviews=0,
        users=0,
        negative_share=0.0,
        trend=(),
        by_channel=(),
        by_version=(),
        by_region=(),
        by_rating=(),
        cohesion=None,
        state=ThemeState.DORMANT if theme.state is ThemeState.OPEN else theme.state,
    )


def _events(before: Theme | None, after: Theme, now: datetime) -> list[Event]:
    if before is None:
        return [Event(after.id, now, "created", (("name", after.name),))]
    events = []
    if before.name != after.name:
        names = (("from", before.name), ("to", after.name))
        events.append(Event(after.id, now, "renamed", names))
    if before.state != after.state:
        woken = "revived" if before.state is ThemeState.DORMANT else "moved"
        kind = after.state.value if after.state is ThemeState.DORMANT else woken
        states = (("from", before.state.value), ("to", after.state.value))
        events.append(Event(after.id, now, kind, states))
    return events


def _write_changed(
    session: Session, workspace: str, before: dict[str, Theme], changed: Sequence[Theme]
) -> None:
    _write(session, workspace, [theme for theme in changed if theme.id not in before], new=True)
    _write(session, workspace, [theme for theme in changed if theme.id in before], new=False)
    _write_members(session, workspace, before, changed)


def _write(session: Session, workspace: str, themes: Sequence[Theme], *, new: bool) -> None:
    if not themes:
        return
    rows = [_values(workspace, theme) for theme in themes]
    if new:
        session.execute(insert(_T), rows)
        return
    statement = update(_T).where(
        _T.c.workspace_id == bindparam("in_workspace"), _T.c.id == bindparam("of_id")
    )
    session.execute(
        statement, [row | {"in_workspace": workspace, "of_id": row["id"]} for row in rows]
    )


def _write_members(
    session: Session, workspace: str, before: dict[str, Theme], changed: Sequence[Theme]
) -> None:
    had = {
        (theme.id, *member)
        for theme in changed
        if theme.id in before
        for member in before[theme.id].members
    }
    has = {(theme.id, *member) for theme in changed for member in theme.members}
    names = ("theme_id", "review_id", "start")
    if gone := [dict(zip(_prefixed(names), key, strict=True)) for key in sorted(had - has)]:
        statement = delete(_M).where(
            _M.c.workspace_id == workspace,
            *(_M.c[name] == bindparam(f"of_{name}") for name in names),
        )
        session.execute(statement, gone)
    if come := [dict(zip(names, key, strict=True)) for key in sorted(has - had)]:
        session.execute(insert(_M), [{"workspace_id": workspace} | row for row in come])
        refresh_statistics(session, _M)


def _prefixed(names: Sequence[str]) -> list[str]:
    return [f"of_{name}" for name in names]


def _all(workspace: str) -> Select[Any]:
    return select(_T).where(_T.c.workspace_id == workspace)


def _with_members(session: Session, query: Select[Any], members: Select[Any]) -> list[Theme]:
    of_theme: dict[str, list[tuple[str, int]]] = {}
    for row in session.execute(members.order_by(_M.c.theme_id, _M.c.review_id, _M.c.start)):
        of_theme.setdefault(row.theme_id, []).append((row.review_id, row.start))
    return [_to_theme(row, tuple(of_theme.get(row.id, ()))) for row in session.execute(query)]


def _to_theme(row: Row[Any], members: tuple[tuple[str, int], ...]) -> Theme:
    fields = row._asdict()  # `row.count` is a method of tuples
    return Theme(
        id=row.id,
        name=row.name,
        topic=row.topic,
        keywords=tuple(row.keywords),
        quotes=to_quotes(row.quotes),
        boundary_quotes=to_quotes(row.boundary_quotes),
        members=members,
        count=fields["count"],
        reviews=row.reviews,
        users=row.users,
        negative_share=row.negative_share,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        trend=to_trend(row.trend),
        state=ThemeState(row.state),
        named_by_hand=row.named_by_hand,
        merged_into=row.merged_into,
        cohesion=row.cohesion,
        **{name: to_pairs(fields[name]) for name in _COUNTS},
    )


def _values(workspace: str, theme: Theme) -> dict[str, Any]:
    return {
        "workspace_id": workspace,
        "id": theme.id,
        "name": theme.name,
        "topic": theme.topic,
        "keywords": theme.keywords,
        "quotes": from_quotes(theme.quotes),
        "boundary_quotes": from_quotes(theme.boundary_quotes),
        "count": theme.count,
        "reviews": theme.reviews,
        "users": theme.users,
        "negative_share": theme.negative_share,
        "first_seen": theme.first_seen,
        "last_seen": theme.last_seen,
        "trend": from_trend(theme.trend),
        "state": theme.state.value,
        "named_by_hand": theme.named_by_hand,
        "merged_into": theme.merged_into,
        "cohesion": theme.cohesion,
    } | {name: getattr(theme, name) for name in _COUNTS}
