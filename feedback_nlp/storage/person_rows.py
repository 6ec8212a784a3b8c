"""Which rows belong to a person, table by table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, select
from sqlalchemy.orm import Session

from feedback_nlp.storage import tables
from feedback_nlp.storage.paging import chunks
from feedback_nlp.storage.tables import metadata

_R: Final = tables.reviews
_OLD: Final = tables.review_revisions
_S: Final = tables.survey_answers

HANGING: Final = tuple(
    table for table in reversed(metadata.sorted_tables) if "review_id" in table.columns
)
"""Tables whose rows belong to a review, those that others refer to last."""

OWNED: Final = {
    tables.survey_answers: "author_id",
    tables.usage_events: "author_id",
    tables.orders: "author_id",
    tables.customers: "id",
    tables.sends: "author_id",
    tables.opt_outs: "author_id",
}
"""Tables whose rows belong to an author, and the column that says to whom."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a request is about: ids as stored, that is, pseudonyms where the import made some."""

    author_ids: tuple[str, ...] = ()
    """The same id in two channels is taken for the same person."""
    review_ids: tuple[str, ...] = ()
    """Reviews that carry no author id and are known to be this person's."""


def review_ids(session: Session, workspace: str, person: Person) -> list[str]:
    """Return the ids of all stored reviews of a person, sorted.

    One counts as theirs when its present or an earlier version names them, or when it is the open
    text of a survey they answered.
    """
    found: set[str] = set()
    for chunk in chunks(person.author_ids):
        for column, author in (
            (_R.c.id, _R.c.author_id),
            (_OLD.c.review_id, _OLD.c.author_id),
            (_S.c.review_id, _S.c.author_id),
        ):
            mine = column.table.c.workspace_id == workspace
            query = select(column).where(mine, author.in_(chunk), column.is_not(None))
            found.update(session.execute(query).scalars())
    stored: set[str] = set()
    for chunk in chunks(sorted(found | set(person.review_ids))):
        query = select(_R.c.id).where(_R.c.workspace_id == workspace, _R.c.id.in_(chunk))
        stored.update(session.execute(query).scalars())
    return sorted(stored)


def of_reviews(
    session: Session, workspace: str, table: Table, ids: Sequence[str]
) -> ColumnElement[bool]:
    """Return the condition that a row belongs to these reviews (at most a chunk of them)."""
    mine = table.c.workspace_id == workspace
    if table is _R:
        return mine & table.c.id.in_(ids)
    if "model" in table.columns:
        # The key begins with the model; without it the whole table would be read.
        return mine & table.c.model.in_(_models(session, workspace, ids)) & _in(table, ids)
    return mine & _in(table, ids)


def of_authors(workspace: str, table: Table, ids: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a row of a table in `OWNED` belongs to these authors."""
    return (table.c.workspace_id == workspace) & table.c[OWNED[table]].in_(ids)


def rows_of(
    session: Session, workspace: str, person: Person, ids: Sequence[str]
) -> Iterator[tuple[Table, list[Row[Any]]]]:
    """Yield each table in which a person has rows, with these rows in the order of its key.

    `ids` are those of `review_ids`. A row that hangs on a review and names its author comes once.
    """
    for table in metadata.sorted_tables:
        conditions = []
        if table is _R or table in HANGING:
            conditions += [of_reviews(session, workspace, table, chunk) for chunk in chunks(ids)]
        if table in OWNED:
            conditions += [
                of_authors(workspace, table, chunk) for chunk in chunks(person.author_ids)
            ]
        found = {
            tuple(getattr(row, column.name) for column in table.primary_key): row
            for condition in conditions
            for row in session.execute(select(table).where(condition))
        }
        if found:
            yield table, [found[key] for key in sorted(found)]


def _in(table: Table, ids: Sequence[str]) -> ColumnElement[bool]:
    return table.c.review_id.in_(ids)


def _models(session: Session, workspace: str, ids: Sequence[str]) -> list[str]:
    seen = tables.annotations.c
    query = select(seen.model).where(seen.workspace_id == workspace, seen.review_id.in_(ids))
    return sorted(set(session.execute(query).scalars()))
