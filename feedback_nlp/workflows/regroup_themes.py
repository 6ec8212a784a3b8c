"""Regroup: merge, split and move opinions between themes. Each needs a write transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import Bar, EditKind, Quote, Signature, ThemeState, Voice
from feedback_nlp.storage import placements, themes
from feedback_nlp.storage.theme_edits import Move, NewEdit
from feedback_nlp.themes.count import empty_theme
from feedback_nlp.themes.ids import numbered
from feedback_nlp.themes.wording import same_words
from feedback_nlp.workflows.edit_desk import (
    Desk,
    Effect,
    Place,
    alive,
    begin,
    place_moved,
    record,
    retarget_moved,
    settle_counts,
    theme_of,
    ticket_warnings,
    voices_at,
)
from feedback_nlp.workflows.edit_themes import LONGEST_NAME, NOT_IN_A_NAME, checked_name


def merge(desk: Desk, theme_id: str, sources: Sequence[str], signature: Signature) -> Effect:
    """Move all opinions of `sources` into one theme; what is like them joins that one from now on.

    Raises:
        NotFoundError: no theme has one of these ids.
        InputError: no source is given, or the theme itself is one.
        ConflictError: one of them is merged already.
    """
    begin(desk)
    into = alive(desk, theme_id)
    if not sources or theme_id in sources:
        raise InputError(f"sources：要并入 {theme_id} 的主题，至少一个，不能是它自己")
    gone = [alive(desk, each) for each in dict.fromkeys(sources)]
    moves = tuple(
        Move(placed.review_id, placed.start, source.id, theme_id)
        for source in gone
        for placed in placements.of_theme(desk.session, desk.workspace, source.id)
    )
    detail = (
        ("sources", " ".join(source.id for source in gone)),
        ("states", " ".join(source.state for source in gone)),
    )
    edit = record(desk, NewEdit(EditKind.MERGE, theme_id, signature, detail, moves))
    retarget_moved(desk, moves)
    merged = [
        replace(
            themes.emptied(source),
            state=ThemeState.MERGED,
            merged_into=theme_id,
        )
        for source in gone
    ]
    changes = settle_counts(desk, [into, *merged], moves)
    warnings = ticket_warnings(desk, merged)
    return Effect(edit, changes, len(moves), warnings)


def split(
    desk: Desk,
    theme_id: str,
    places: Iterable[Place],
    signature: Signature,
    *,
    name: str | None = None,
) -> Effect:
    """Take opinions out of a theme into a new one; whoever says the same words goes with them.

    The new theme comes first in the effect. Without a name it is called after its first opinion
    until the next plan.

    Raises:
        NotFoundError: no theme has this id.
        InputError: no opinion is given, one is not in the theme, or the name is bad.
        ConflictError: the theme is merged, or nothing would be left in it.
    """
    begin(desk)
    theme = alive(desk, theme_id)
    held = _voices_in(desk, theme_id)
    chosen = _with_same_words(held, _all_in(places, held, theme_id))
    if len(chosen) == len(held):
        raise ConflictError(f"拆分会拿走主题 {theme_id} 的全部观点；要改名请用 rename")
    new_id = numbered(themes.next_number(desk.session, desk.workspace))
    voices = voices_at(desk, chosen)
    shown = name if name is not None else _first_words(voices)
    wanted = checked_name(desk, new_id, shown) if name is not None else shown
    new = replace(
        empty_theme(new_id, name=wanted, topic=theme.topic),
        named_by_hand=name is not None,
        quotes=tuple(
            Quote(voice.review_id, voice.start, voice.end, voice.text) for voice in voices[:5]
        ),
    )
    themes.change(desk.session, desk.workspace, [new])
    moves = tuple(Move(*place, theme_id, new_id) for place in chosen)
    bars = tuple(Bar(*place, theme_id) for place in chosen)
    detail = (("new", new_id),)
    edit = record(desk, NewEdit(EditKind.SPLIT, theme_id, signature, detail, moves, bars))
    place_moved(desk, moves, signature)
    changes = settle_counts(desk, [new, theme], moves)
    return Effect(edit, changes, len(moves))


def move(desk: Desk, places: Iterable[Place], to: str | None, signature: Signature) -> Effect:
    """Move opinions to another theme, or with None to 未归类; whoever says the same words goes too.

    They do not come back by themselves.

    Raises:
        NotFoundError: no theme has the id `to`, or there is no such opinion.
        InputError: no opinion is given, or all are there already.
        ConflictError: the theme is merged.
    """
    begin(desk)
    target = None if to is None else alive(desk, to)
    wanted = sorted(set(places))
    if not wanted:
        raise InputError("opinions：没有指定要移动的观点")
    home = {
        placed.place: placed.theme_id
        for review_id in sorted({review_id for review_id, _ in wanted})
        for placed in placements.of_review(desk.session, desk.workspace, review_id)
    }
    _check_known(desk, wanted)
    chosen: dict[Place, str | None] = {}
    for theme_id in sorted({home[place] for place in wanted if place in home}):
        mine = [place for place in wanted if home.get(place) == theme_id]
        held = _voices_in(desk, theme_id)
        chosen |= dict.fromkeys(_with_same_words(held, mine), theme_id)
    chosen |= {place: None for place in wanted if place not in home}
    moves = tuple(Move(*place, was, to) for place, was in sorted(chosen.items()) if was != to)
    if not moves:
        raise InputError(f"opinions：这些观点已经在 {to or '未归类'} 里")
    left = sorted({each.from_theme for each in moves if each.from_theme is not None})
    about = to or left[0]
    bars = tuple(Bar(*each.place, each.from_theme) for each in moves if each.from_theme is not None)
    detail = (("from", " ".join(left)), ("to", to or ""))
    edit = record(desk, NewEdit(EditKind.MOVE, about, signature, detail, moves, bars))
    place_moved(desk, moves, signature)
    touched = [*([target] if target else []), *(theme_of(desk, each) for each in left)]
    return Effect(edit, settle_counts(desk, touched, moves), len(moves))


def _voices_in(desk: Desk, theme_id: str) -> list[Voice]:
    """Return what counts in a theme: neither what is held back nor what is no complaint now."""
    held = placements.of_theme(desk.session, desk.workspace, theme_id)
    return voices_at(desk, [placed.place for placed in held])


def _all_in(places: Iterable[Place], held: Sequence[Voice], theme_id: str) -> list[Place]:
    known = {(voice.review_id, voice.start) for voice in held}
    wanted = sorted(set(places))
    if not wanted:
        raise InputError("opinions：没有指定要拆出的观点")
    for review_id, start in wanted:
        if (review_id, start) not in known:
            raise InputError(f"opinions：{review_id}:{start} 不在主题 {theme_id} 里")
    return wanted


def _with_same_words(held: Sequence[Voice], chosen: Sequence[Place]) -> list[Place]:
    """Add what says the same words: one wording never has two themes."""
    return sorted(set(chosen) | same_words(held, chosen))


def _check_known(desk: Desk, places: Sequence[Place]) -> None:
    known = {(voice.review_id, voice.start) for voice in voices_at(desk, places)}
    for review_id, start in places:
        if (review_id, start) not in known:
            raise NotFoundError(
                f"评论 {review_id} 没有从 {start} 开始的负面观点或建议，只有它们可以归入主题"
            )


def _first_words(voices: Sequence[Voice]) -> str:
    words = NOT_IN_A_NAME.sub(" ", voices[0].text).strip() if voices else ""
    return words[:LONGEST_NAME] or "拆出的主题"
