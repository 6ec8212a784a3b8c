"""Incoming: one batch of an import, masked, without the people who asked to be forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback_nlp.records import Arrival, Rejected
from feedback_nlp.storage import people
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.personal_words import cells_of
from feedback_nlp.workflows.protect import (
    Privacy,
    originals_of,
    person_of,
    persons,
    protect,
    stored_id,
)
from feedback_nlp.workflows.rejected_lines import protect_rejected


@dataclass(frozen=True, slots=True)
class Incoming:
    """Records and rejected lines, masked, in order."""

    arrivals: list[Arrival]
    originals: dict[str, str]
    """Review id -> text as it came, where it is to be kept."""
    lines: list[tuple[Rejected, frozenset[str]]]
    """Each with what its cells are as ids: one of them may be its author."""

    def __len__(self) -> int:
        """Count records and lines."""
        return len(self.arrivals) + len(self.lines)


def take_in(batch: Sequence[Arrival | Rejected], privacy: Privacy) -> Incoming:
    """Mask a batch; needs no database."""
    arrived = [each for each in batch if not isinstance(each, Rejected)]
    masked = [protect(each, privacy.key) for each in arrived]
    lines = [
        (
            protect_rejected(each, privacy.key),
            frozenset(stored_id(cell, privacy.key) for cell in cells_of(each.raw)),
        )
        for each in batch
        if isinstance(each, Rejected)
    ]
    return Incoming(masked, originals_of(arrived, masked, privacy), lines)


def admitted(session: Session, workspace: str, incoming: Incoming, *, key: str) -> Incoming:
    """Leave out what belongs to people who were erased. Needs a write transaction.

    A rejected line is theirs when one of its cells is their id, as it is for an erasure.
    """
    # Whoever erases a person takes this lock too, so that nothing slips in beside an erasure.
    lock(session, workspace, "reviews")
    named = persons(incoming.arrivals).union(*(ids for _, ids in incoming.lines))
    erased = people.erased(session, workspace, named, key=key)
    return Incoming(
        [each for each in incoming.arrivals if person_of(each) not in erased],
        incoming.originals,
        [(line, ids) for line, ids in incoming.lines if ids.isdisjoint(erased)],
    )
