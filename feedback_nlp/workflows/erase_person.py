"""Erase: one person -> nothing left of them but the digest that keeps them out."""

from dataclasses import dataclass

from sqlalchemy import Engine

from feedback_nlp.storage import people
from feedback_nlp.storage.clearing import clear_deleted
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """What an erasure did. Themes count the person until they are planned again."""

    counts: tuple[tuple[str, int], ...]
    """(table, rows deleted or changed); empty when nothing was found."""
    files_cleared: bool
    """No byte is left in the files either. False on PostgreSQL, whose administrator clears them,
    and on SQLite while another process reads: then erase again later."""


def erase_person(
    engine: Engine, workspace: str, person: Person, order: ErasureOrder
) -> ErasureReport:
    """Erase a person in one transaction, then clear the files of what was deleted.

    Raises:
        InputError: nobody is named, or the order itself names the person.
    """
    with transaction(engine) as session:
        counts = people.erase(session, workspace, person, order)
    return ErasureReport(tuple(counts.items()), clear_deleted(engine))
