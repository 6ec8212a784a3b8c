"""Export: everything stored about one person -> what can be handed to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from feedback_nlp.privacy.pseudonym import as_pseudonym
from feedback_nlp.storage import people, person_export
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.person_rows import Person
from feedback_nlp.workflows.protect import stored_id


@dataclass(frozen=True, slots=True)
class PersonFound:
    """How many rows of each table belong to a person."""

    counts: tuple[tuple[str, int], ...]
    """(table, rows), tables without any left out; empty when nothing is known about them."""


@dataclass(frozen=True, slots=True)
class PersonExport:
    """Everything about a person."""

    counts: tuple[tuple[str, int], ...]
    document: Mapping[str, Any]
    """Ready for JSON: a list of objects for each kind of thing, see docs/personal-data.md."""


def identify(author_ids: Iterable[str], review_ids: Iterable[str] = (), *, key: str) -> Person:
    """Name a person by the ids that the sources use: the import may have stored pseudonyms."""
    given = tuple(author_ids)
    stored = [stored_id(author_id, key) for author_id in given]
    # In rejected rows a nickname is a pseudonym too.
    rejected = [as_pseudonym(author_id, key=key) for author_id in given]
    ids = dict.fromkeys((*given, *stored, *rejected))
    return Person(tuple(ids), tuple(dict.fromkeys(review_ids)))


def find_person(engine: Engine, workspace: str, person: Person) -> PersonFound:
    """Say where a person is found, before an export or an erasure."""
    with reading(engine) as session:
        return PersonFound(tuple(people.find(session, workspace, person).items()))


def export_person(engine: Engine, workspace: str, person: Person) -> PersonExport:
    """Gather everything about a person in one snapshot of the database."""
    with reading(engine) as session:
        counts = people.find(session, workspace, person)
        document = person_export.export(session, workspace, person)
    return PersonExport(tuple(counts.items()), document)
