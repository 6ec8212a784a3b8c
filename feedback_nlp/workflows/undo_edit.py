"""Undo: take back what somebody did to themes. The ledger keeps both."""

from dataclasses import replace

from feedback_nlp.errors import ConflictError, NotFoundError
from feedback_nlp.records import EditKind, Signature, Theme, ThemeState
from feedback_nlp.storage import placements, theme_edits
from feedback_nlp.storage.theme_edits import Edit, Move, NewEdit
from feedback_nlp.workflows.edit_desk import (
    Desk,
    Effect,
    begin,
    place_moved,
    record,
    refuse_twins,
    retarget_moved,
    settle_counts,
    theme_of,
    ticket_warnings,
)


def undo(desk: Desk, signature: Signature, *, number: int | None = None) -> Effect:
    """Take back one edit, or the last one; opinions that came since stay where they are.

    Opinions that somebody moved on meanwhile are not moved back, and no more those of a text that
    was rewritten; erased ones are gone. Needs a write transaction.

    Raises:
        NotFoundError: there is no such edit, or it is undone already.
        ConflictError: a later edit of the same themes must be undone first, or another open theme
            has the name that one would have again.
    """
    begin(desk)
    known = theme_edits.edits(desk.session, desk.workspace)
    edit = _found(known, number)
    mine = edit.touched
    for later in reversed(known):
        if later.number > edit.number and mine & later.touched:
            raise ConflictError(
                f"第 {later.number} 号修改（{later.theme_id}）在它之后，请先撤销那一次"
            )
    moves, reverted = _reverted(desk, edit)
    detail = (("undoes", str(edit.number)), ("kind", edit.kind.value))
    done = record(desk, NewEdit(EditKind.UNDO, edit.theme_id, signature, detail, moves))
    theme_edits.lift_bars(desk.session, desk.workspace, edit.number)
    if edit.kind is EditKind.MERGE:
        retarget_moved(desk, moves)
    else:
        place_moved(desk, moves, signature)
    gone = [each for each in reverted if _leaves_lists(desk, each)]
    listed = {_listed_as(theme_of(desk, each.id)) for each in reverted}
    changes = settle_counts(desk, reverted, moves)
    named = [change.theme for change in changes if _listed_as(change.theme)]
    refuse_twins(desk, [each for each in named if _listed_as(each) not in listed])
    return Effect(done, changes, len(moves), ticket_warnings(desk, gone))


def _listed_as(theme: Theme) -> tuple[str, str] | None:
    """Return under which name an open theme is listed."""
    return (theme.id, theme.name) if theme.state is ThemeState.OPEN else None


def _leaves_lists(desk: Desk, theme: Theme) -> bool:
    hidden = {ThemeState.CLOSED, ThemeState.MERGED}
    return theme.state in hidden and theme_of(desk, theme.id).state not in hidden


def _found(known: list[Edit], number: int | None) -> Edit:
    if number is None and not known:
        raise NotFoundError("没有可以撤销的修改")
    if number is None:
        return known[-1]
    for each in known:
        if each.number == number:
            return each
    raise NotFoundError(f"没有第 {number} 号修改，或者它已经撤销")


def _reverted(desk: Desk, edit: Edit) -> tuple[tuple[Move, ...], list[Theme]]:
    """Return the moves back, and the touched themes with name and state as they were."""
    touched = {key: theme_of(desk, key) for key in sorted(edit.touched)}
    theme = touched[edit.theme_id]
    if edit.kind is EditKind.RENAME:
        was = replace(
            theme,
            name=edit.told("from") or theme.name,
            named_by_hand=bool(edit.told("was_by_hand")),
        )
        return (), [was]
    if edit.kind in {EditKind.CLOSE, EditKind.REOPEN}:
        return (), [replace(theme, state=ThemeState(edit.told("from") or ThemeState.OPEN))]
    moves = _moves_back(desk, edit)
    if edit.kind is EditKind.MERGE:
        sources = (edit.told("sources") or "").split()
        for source, state in zip(sources, (edit.told("states") or "").split(), strict=True):
            before = ThemeState(state)
            touched[source] = replace(touched[source], state=before, merged_into=None)
    if edit.kind is EditKind.SPLIT:
        new = edit.told("new") or ""
        moves = tuple(
            Move(*placed.place, new, edit.theme_id)
            for placed in placements.of_theme(desk.session, desk.workspace, new)
        )
        touched[new] = replace(touched[new], state=ThemeState.MERGED, merged_into=edit.theme_id)
    return moves, [theme, *(each for key, each in touched.items() if key != edit.theme_id)]


def _moves_back(desk: Desk, edit: Edit) -> tuple[Move, ...]:
    moved = theme_edits.moves_of(desk.session, desk.workspace, edit.number)
    home = {
        placed.place: placed.theme_id
        for review_id in sorted({each.review_id for each in moved})
        for placed in placements.of_review(desk.session, desk.workspace, review_id)
    }
    return tuple(
        Move(*each.place, each.to_theme, each.from_theme)
        for each in moved
        if home.get(each.place) == each.to_theme
    )
