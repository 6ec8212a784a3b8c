"""What every edit of themes shares: where it happens, what it did, and counting afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import EditKind, How, Placement, Signature, Theme, ThemeState, Voice
from feedback_nlp.storage import (
    annotations,
    placements,
    priorities,
    reviews,
    theme_edits,
    themes,
    tickets,
)
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.placements import Compared
from feedback_nlp.storage.theme_edits import Edit, Move, NewEdit
from feedback_nlp.themes.count import Span, counted

Place = tuple[str, int]
"""Review id and start of an opinion."""


ANY_MODEL: Final = ""
"""For what is said of a theme whichever model counts its opinions."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an edit happens: session, workspace and the model whose opinions are counted."""

    session: Session
    workspace: str
    model: str


@dataclass(frozen=True, slots=True)
class Change:
    """How many opinions a theme had before an edit and has after it."""

    theme: Theme
    before: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit did."""

    edit: Edit
    changes: tuple[Change, ...]
    """Every theme it touched, the one it is about first."""
    moved: int = 0
    """Opinions that changed their theme, those that say the same words included."""
    warnings: tuple[str, ...] = ()


def begin(desk: Desk) -> None:
    """Keep other writers of reviews and themes out before anything is read."""
    for noun in ("reviews", "themes"):
        lock(desk.session, desk.workspace, noun)


def record(desk: Desk, edit: NewEdit) -> Edit:
    """Write the edit into the ledger."""
    return theme_edits.record(desk.session, desk.workspace, edit)


def theme_of(desk: Desk, theme_id: str) -> Theme:
    """Return one theme; raises NotFoundError."""
    theme = themes.get(desk.session, desk.workspace, theme_id)
    if theme is None:
        raise NotFoundError(f"没有编号为 {theme_id} 的主题")
    return theme


def alive(desk: Desk, theme_id: str) -> Theme:
    """Return one theme that is not merged; raises NotFoundError or ConflictError."""
    theme = theme_of(desk, theme_id)
    if theme.state is ThemeState.MERGED:
        raise ConflictError(f"主题 {theme_id} 已并入 {theme.merged_into}；{_instead(desk, theme)}")
    return theme


def refuse_twins(desk: Desk, listed: Iterable[Theme]) -> None:
    """Refuse to list a theme under the name of another one; raises ConflictError."""
    others = themes.every(desk.session, desk.workspace)
    for theme in listed:
        for other in others:
            if other.name == theme.name and other.id != theme.id:
                raise ConflictError(
                    f"主题 {other.id} 也叫“{theme.name}”；请先用 theme rename 给 {other.id} 改名"
                )


def voices_at(desk: Desk, places: Iterable[Place]) -> list[Voice]:
    """Return the candidates for themes at these places, by review id and start."""
    return annotations.voices_at(desk.session, desk.workspace, set(places), model=desk.model)


def place_moved(desk: Desk, moves: Sequence[Move], signature: Signature) -> None:
    """Let opinions belong where `moves` take them."""
    stay = [
        Placement(each.review_id, each.start, each.to_theme, How.BY_HAND)
        for each in moves
        if each.to_theme is not None
    ]
    compared = Compared("", signature.at)
    placements.remove(desk.session, desk.workspace, [each.place for each in moves])
    placements.put(desk.session, desk.workspace, stay, compared)


def retarget_moved(desk: Desk, moves: Sequence[Move]) -> None:
    """Let opinions belong where `moves` take them, and keep how they once came to a theme."""
    come: dict[str, list[Place]] = {}
    for each in moves:
        if each.to_theme is not None:
            come.setdefault(each.to_theme, []).append(each.place)
    for theme_id, places in come.items():
        placements.retarget(desk.session, desk.workspace, places, theme_id)


def settle_counts(
    desk: Desk, touched: Sequence[Theme], moves: Sequence[Move]
) -> tuple[Change, ...]:
    """Count the touched themes anew after `moves` and write them; a merged one holds nothing.

    Raises:
        ConflictError: the model of the desk knows none of their opinions.
    """
    gone = {each.place for each in moves}
    come: dict[str, list[Place]] = {}
    for each in moves:
        if each.to_theme is not None:
            come.setdefault(each.to_theme, []).append(each.place)
    span = Span(*reviews.time_span(desk.session, desk.workspace))
    changes = []
    held = set[Place]()
    for theme in touched:
        before = theme_of(desk, theme.id)
        merged = theme.state is ThemeState.MERGED
        stay = () if merged else (place for place in before.members if place not in gone)
        places = {*stay, *come.get(theme.id, ())}
        held |= places
        now = counted(theme, voices_at(desk, places), span=span)
        changes.append(Change(now, before.count))
    # Without this, a model that has read nothing yet would empty the themes.
    if held and not any(change.theme.count for change in changes):
        raise ConflictError(
            f"主题 {touched[0].id} 的观点不是模型 {desk.model} 读出来的，或者都已不再计入；"
            "请先执行 feedback-nlp score 和 plan"
        )
    now_themes = [change.theme for change in changes]
    themes.change(desk.session, desk.workspace, now_themes)
    hidden = [theme.id for theme in now_themes if theme.state is not ThemeState.OPEN]
    priorities.drop(desk.session, desk.workspace, hidden)
    return tuple(changes)


def ticket_warnings(desk: Desk, gone: Sequence[Theme]) -> tuple[str, ...]:
    """Name the open tickets of themes that are not listed any more."""
    tickets_of = tickets.open_ones(desk.session, desk.workspace)
    return tuple(
        f"主题 {theme.id} 有未完成的工单 {tickets_of[theme.id].id}，请另行处理"
        for theme in gone
        if theme.id in tickets_of
    )


def _instead(desk: Desk, gone: Theme) -> str:
    """Say what can be done about a theme that is merged: perhaps no merge did it."""
    heir = gone.merged_into
    while heir and (theme := themes.get(desk.session, desk.workspace, heir)) and theme.merged_into:
        heir = theme.merged_into
    for edit in reversed(theme_edits.edits(desk.session, desk.workspace)):
        if edit.kind is EditKind.MERGE and gone.id in edit.touched - {edit.theme_id}:
            return f"请改 {heir}，或先撤销那次合并：theme undo {edit.number}"
    return f"它的拆分已经撤销。请改 {heir}，或再拆分一次"
