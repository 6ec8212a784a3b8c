"""Traces of erased reviews where others' rows quote them: themes, tickets, their ledgers, notes."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, delete, func, select, true, update
from sqlalchemy.orm import Session

from feedback_nlp.storage import tables
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.person_rows import Person
from feedback_nlp.storage.personal_words import PersonalWords, Shared, cells_of, nobody_else

_M: Final = tables.theme_members
_O: Final = tables.opinions
_Q: Final = tables.quarantine
_REJ: Final = tables.rejections

QUOTING: Final[dict[Table, tuple[str, ...]]] = {
    tables.themes: ("name", "keywords", "quotes", "boundary_quotes"),
    tables.theme_events: ("detail",),
    tables.theme_proposals: ("reason",),
    tables.priorities: ("reasons",),
    tables.tickets: ("title", "problem", "evidence", "resources", "acceptance", "priority"),
    tables.ticket_events: ("detail",),
    tables.quarantine: ("detail", "note"),
    tables.label_corrections: ("reason",),
    tables.imports: ("notes",),
    tables.policies: ("reason",),
    tables.efforts: ("reason",),
    tables.votes: ("reason",),
    tables.outcomes: ("detail",),
    tables.competitors: ("reason",),
    tables.targets: ("reason",),
    tables.plans: ("schedule",),
    tables.releases: ("reason",),
    tables.reply_templates: ("text", "reason"),
}
"""Columns that may hold somebody's words in rows that are not theirs."""

_QUOTES: Final = {"quotes", "boundary_quotes", "evidence"}


@dataclass(frozen=True, slots=True)
class _Search:
    """What is taken out, and where."""

    session: Session
    workspace: str
    gone: frozenset[str]
    words: PersonalWords


def strike(
    session: Session, workspace: str, gone: Collection[str], words: PersonalWords
) -> dict[str, int]:
    """Take the reviews `gone` and their words out of what others' rows say; count rows changed.

    Their quotes are removed. Of a theme's name, its keywords and other texts only what nobody
    left in the theme says is replaced; the next plan names the theme anew. Call it when the
    reviews are deleted already.
    """
    search = _Search(session, workspace, frozenset(gone), words)
    _forget_originals(search)
    changed = {}
    for table, columns in QUOTING.items():
        if count := _strike_table(search, table, columns):
            changed[table.name] = count
    return changed


def rejections_of(session: Session, workspace: str, authors: Collection[str]) -> list[Row[Any]]:
    """Return the rejected lines that name one of these authors."""
    named = frozenset(authors)
    mine = select(_REJ).where(_REJ.c.workspace_id == workspace)
    rows = session.execute(mine.order_by(*_REJ.primary_key.columns))
    return [row for row in rows if cells_of(row.raw) & named]


def delete_rejections(
    session: Session, workspace: str, person: Person, words: PersonalWords
) -> int:
    """Delete the rejected lines that name the person or hold a text that only they wrote."""
    keys = rejections_of(session, workspace, person.author_ids)
    named = set(map(tuple, keys))
    for row in session.execute(select(_REJ).where(_REJ.c.workspace_id == workspace)).all():
        texts = cells_of(row.raw) & words.texts
        if tuple(row) not in named and any(
            not _still_said(session, workspace, text) for text in texts
        ):
            keys.append(row)
    for row in keys:
        session.execute(delete(_REJ).where(_is_row(_REJ, row)))
    return len(keys)


def _strike_table(search: _Search, table: Table, columns: tuple[str, ...]) -> int:
    changed = 0
    for row, theme_id in _rows(search, table):
        shared = _said_in(search, theme_id)
        before = {name: getattr(row, name) for name in columns}
        after = {name: _struck(search, name, value, shared) for name, value in before.items()}
        new = {name: after[name] for name in columns if after[name] != before[name]}
        if new:
            search.session.execute(update(table).where(_is_row(table, row)).values(new))
            changed += 1
    return changed


def _struck(search: _Search, name: str, value: Any, shared: Shared) -> Any:  # noqa: ANN401 (JSON)
    if name == "keywords":
        return [word for word in value if not search.words.hold(word) or shared(word)]
    if name in _QUOTES:
        # The other quotes are other people's words.
        return [quote for quote in value if quote["review_id"] not in search.gone]
    return search.words.strike_all(value, shared)


def _rows(search: _Search, table: Table) -> Iterator[tuple[Row[Any], str | None]]:
    """Yield the rows to look through, each with the theme it is about."""
    query = select(table).where(table.c.workspace_id == search.workspace, _worth_reading(table))
    ticket_themes = _ticket_themes(search) if table is tables.ticket_events else {}
    for row in search.session.execute(query.order_by(*table.primary_key.columns)).all():
        if table is tables.themes:
            yield row, row.id
        elif table is tables.ticket_events:
            yield row, ticket_themes[row.ticket_id]
        else:
            yield row, getattr(row, "theme_id", None)


def _worth_reading(table: Table) -> ColumnElement[bool]:
    # A verdict's own words hold no personal data; people write notes, and these are few.
    return _Q.c.note.is_not(None) if table is _Q else true()


def _ticket_themes(search: _Search) -> dict[str, str]:
    tickets = tables.tickets.c
    query = select(tickets.id, tickets.theme_id).where(tickets.workspace_id == search.workspace)
    return {row.id: row.theme_id for row in search.session.execute(query)}


def _said_in(search: _Search, theme_id: str | None) -> Shared:
    """Return the test whether an opinion left in the theme says something."""
    if theme_id is None:
        return nobody_else
    query = (
        select(_O.c.review_id)
        .join(
            _M,
            (_M.c.workspace_id == _O.c.workspace_id)
            & (_M.c.review_id == _O.c.review_id)
            & (_M.c.start == _O.c.start),
        )
        .where(_M.c.workspace_id == search.workspace, _M.c.theme_id == theme_id)
        .limit(1)
    )

    def said(words: str) -> bool:
        found = query.where(func.lower(_O.c.text).contains(words.lower(), autoescape=True))
        return search.session.execute(found).first() is not None

    return said


def _forget_originals(search: _Search) -> None:
    """Let no copy name a deleted review as the one it repeats; the next screening looks again."""
    for chunk in chunks(sorted(search.gone)):
        search.session.execute(
            update(_Q)
            .where(_Q.c.workspace_id == search.workspace, _Q.c.original.in_(chunk))
            .values(original=None)
        )


def _still_said(session: Session, workspace: str, text: str) -> bool:
    reviews = tables.reviews.c
    query = select(reviews.id).where(reviews.workspace_id == workspace, reviews.text == text)
    return session.execute(query.limit(1)).first() is not None


def _is_row(table: Table, row: Row[Any]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = true()
    for column in table.primary_key.columns:
        condition &= column == getattr(row, column.name)
    return condition
