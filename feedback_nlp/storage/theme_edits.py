"""What people did to themes: each edit is an event with the opinions that it moved."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.records import Bar, EditKind, Signature
from feedback_nlp.storage import ledger, placements, tables
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.storable import check_storable

_E: Final = tables.theme_events
_M: Final = tables.theme_moves
_B: Final = tables.theme_bars
_P: Final = tables.theme_placements
_R: Final = tables.reviews


@dataclass(frozen=True, slots=True)
class Move:
    """One opinion that an edit took from one theme to another; None is 未归类."""

    review_id: str
    start: int
    from_theme: str | None
    to_theme: str | None

    @property
    def place(self) -> tuple[str, int]:
        """Which opinion it is about."""
        return self.review_id, self.start


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that a person did, as the ledger keeps it."""

    number: int
    """Grows with time; unique inside the workspace."""
    kind: EditKind
    theme_id: str
    signature: Signature
    detail: tuple[tuple[str, str], ...] = ()

    def told(self, key: str) -> str | None:
        """Return one of the details."""
        return dict(self.detail).get(key)

    @property
    def touched(self) -> frozenset[str]:
        """The themes that it changed; of an undo only the one it is about."""
        keys = {
            EditKind.MERGE: ("sources",),
            EditKind.SPLIT: ("new",),
            EditKind.MOVE: ("from", "to"),
        }
        named = [self.told(key) or "" for key in keys.get(self.kind, ())]
        return frozenset({self.theme_id, *" ".join(named).split()})


@dataclass(frozen=True, slots=True)
class NewEdit:
    """An edit that is about to be written down."""

    kind: EditKind
    theme_id: str
    """The theme it is about; `detail` names others."""
    signature: Signature
    detail: tuple[tuple[str, str], ...] = ()
    moves: tuple[Move, ...] = ()
    bars: tuple[Bar, ...] = ()


def record(session: Session, workspace: str, edit: NewEdit) -> Edit:
    """Append an edit with what it moved and what it keeps apart.

    Raises:
        InputError: author or reason hold what no database can keep.
    """
    signature = edit.signature
    told = (("author", signature.author), ("reason", signature.reason))
    check_storable(f"主题 {edit.theme_id} 的修改", told)
    event = Event(edit.theme_id, signature.at, edit.kind.value, (*edit.detail, *told))
    (number,) = ledger.append(session, _E, workspace, [event], subject="theme_id")
    mine = {"workspace_id": workspace, "event_id": number}
    if edit.moves:
        moved = {each.review_id for each in edit.moves}
        hashes = placements.text_hashes(session, workspace, moved)
        rows = [mine | asdict(each) | {"text_hash": hashes[each.review_id]} for each in edit.moves]
        session.execute(insert(_M), rows)
    if edit.bars:
        bars = sorted(set(edit.bars), key=_key)
        session.execute(insert(_B), [mine | asdict(each) for each in bars])
    return Edit(number, edit.kind, edit.theme_id, signature, edit.detail)


def all_bars(session: Session, workspace: str) -> frozenset[Bar]:
    """Return which opinions people keep out of which themes.

    Who was put back since, by a move or a merge, is not kept out any more; nor is what a review
    says there now that it was rewritten.
    """
    back = (
        (_P.c.workspace_id == _B.c.workspace_id)
        & (_P.c.review_id == _B.c.review_id)
        & (_P.c.start == _B.c.start)
        & (_P.c.theme_id == _B.c.theme_id)
    )
    moved = (
        (_M.c.workspace_id == _B.c.workspace_id)
        & (_M.c.event_id == _B.c.event_id)
        & (_M.c.review_id == _B.c.review_id)
        & (_M.c.start == _B.c.start)
    )
    query = (
        select(_B)
        .join(_M, moved)
        .join(_R, _same_text())
        .where(_B.c.workspace_id == workspace, ~exists().where(back))
    )
    return _bars_of(session, query)


def lift_bars(session: Session, workspace: str, number: int) -> None:
    """Forget what an edit kept apart."""
    session.execute(delete(_B).where(_B.c.workspace_id == workspace, _B.c.event_id == number))


def moves_of(session: Session, workspace: str, number: int) -> list[Move]:
    """Return what an edit moved, less what was erased or rewritten since."""
    query = (
        select(_M)
        .join(_R, _same_text())
        .where(_M.c.workspace_id == workspace, _M.c.event_id == number)
        .order_by(_M.c.review_id, _M.c.start)
    )
    return [
        Move(row.review_id, row.start, row.from_theme, row.to_theme)
        for row in session.execute(query)
    ]


def edits(session: Session, workspace: str) -> list[Edit]:
    """Return what people did and did not undo, first one first."""
    found = every(session, workspace)
    undone = {each.told("undoes") for each in found}
    return [
        each for each in found if each.kind is not EditKind.UNDO and str(each.number) not in undone
    ]


def every(session: Session, workspace: str) -> list[Edit]:
    """Return what people ever did, what was undone and each undo included, first one first."""
    query = (
        select(_E)
        .where(_E.c.workspace_id == workspace, _E.c.kind.in_([kind.value for kind in EditKind]))
        .order_by(_E.c.id)
    )
    return [_to_edit(row) for row in session.execute(query)]


def mark(session: Session, workspace: str) -> int:
    """Return what is cheap to read and differs once somebody has edited."""
    query = select(func.max(_E.c.id)).where(_E.c.workspace_id == workspace)
    return session.execute(query).scalar_one() or 0


def _bars_of(session: Session, query: Select[Any]) -> frozenset[Bar]:
    return frozenset(Bar(row.review_id, row.start, row.theme_id) for row in session.execute(query))


def _same_text() -> ColumnElement[bool]:
    """Return the condition that a moved opinion's review still has the text that was moved."""
    return (
        (_R.c.workspace_id == _M.c.workspace_id)
        & (_R.c.id == _M.c.review_id)
        & (_R.c.text_hash == _M.c.text_hash)
    )


def _key(bar: Bar) -> tuple[str, int, str]:
    return bar.review_id, bar.start, bar.theme_id


def _to_edit(row: Row[Any]) -> Edit:
    told = dict(row.detail)
    signature = Signature(told.pop("author", ""), row.at, told.pop("reason", ""))
    return Edit(row.id, EditKind(row.kind), row.theme_id, signature, tuple(told.items()))
