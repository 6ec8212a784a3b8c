"""Edit: rename, close and reopen themes. Each needs a write transaction.

An edit takes effect at once on counts and lists; names of new themes, keywords, quotes and
priorities follow with the next plan. To preview an edit, do it and roll the transaction back.
"""

import re
from dataclasses import replace
from typing import Final

from feedback_nlp.errors import ConflictError, InputError
from feedback_nlp.records import EditKind, Signature, ThemeState
from feedback_nlp.storage import priorities, themes
from feedback_nlp.storage.storable import check_storable
from feedback_nlp.storage.theme_edits import NewEdit
from feedback_nlp.workflows.edit_desk import (
    Change,
    Desk,
    Effect,
    alive,
    begin,
    record,
    refuse_twins,
    ticket_warnings,
)

LONGEST_NAME: Final = 40
"""Characters of a name that a person may choose."""
NOT_IN_A_NAME: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def rename(desk: Desk, theme_id: str, name: str, signature: Signature) -> Effect:
    """Give a theme a name that no run changes.

    Raises:
        NotFoundError: no theme has this id.
        InputError: the name is empty, too long or holds control characters.
        ConflictError: another open theme has this name, or the theme is merged.
    """
    begin(desk)
    theme = alive(desk, theme_id)
    wanted = checked_name(desk, theme_id, name)
    detail = (
        ("from", theme.name),
        ("to", wanted),
        ("was_by_hand", "1" if theme.named_by_hand else ""),
    )
    edit = record(desk, NewEdit(EditKind.RENAME, theme_id, signature, detail))
    renamed = replace(theme, name=wanted, named_by_hand=True)
    themes.change(desk.session, desk.workspace, [renamed])
    return Effect(edit, (Change(renamed, theme.count),))


def close(desk: Desk, theme_id: str, signature: Signature) -> Effect:
    """Put a theme away: opinions still join it, but it is neither ranked nor listed.

    Raises:
        NotFoundError: no theme has this id.
        ConflictError: it is closed or merged already.
    """
    return _set_state(desk, theme_id, EditKind.CLOSE, signature)


def reopen(desk: Desk, theme_id: str, signature: Signature) -> Effect:
    """Take a closed theme up again.

    Raises:
        NotFoundError: no theme has this id.
        ConflictError: it is not closed, or another open theme has its name.
    """
    return _set_state(desk, theme_id, EditKind.REOPEN, signature)


def checked_name(desk: Desk, theme_id: str, name: str) -> str:
    """Return the name as it will be stored; raises InputError or ConflictError."""
    wanted = name.strip()
    check_storable(f"主题 {theme_id}", (("name", wanted),))
    if not wanted or len(wanted) > LONGEST_NAME or NOT_IN_A_NAME.search(wanted):
        raise InputError(f"name：名称要在 1 到 {LONGEST_NAME} 个字之间，写在一行里")
    for other in themes.every(desk.session, desk.workspace):
        if other.name == wanted and other.id != theme_id:
            raise ConflictError(f"主题 {other.id} 已经叫“{wanted}”；要合并请用 merge")
    return wanted


def _set_state(desk: Desk, theme_id: str, kind: EditKind, signature: Signature) -> Effect:
    begin(desk)
    theme = alive(desk, theme_id)
    is_closed = theme.state is ThemeState.CLOSED
    if is_closed is (kind is EditKind.CLOSE):
        raise ConflictError(f"主题 {theme_id} {'已经关闭' if is_closed else '没有关闭'}")
    open_again = ThemeState.OPEN if theme.count else ThemeState.DORMANT
    after = replace(theme, state=ThemeState.CLOSED if kind is EditKind.CLOSE else open_again)
    if after.state is ThemeState.OPEN:
        refuse_twins(desk, [after])
    detail = (("from", theme.state.value), ("to", after.state.value))
    edit = record(desk, NewEdit(kind, theme_id, signature, detail))
    themes.change(desk.session, desk.workspace, [after])
    if kind is EditKind.CLOSE:
        priorities.drop(desk.session, desk.workspace, [theme_id])
    warnings = ticket_warnings(desk, [after]) if kind is EditKind.CLOSE else ()
    return Effect(edit, (Change(after, theme.count),), warnings=warnings)
