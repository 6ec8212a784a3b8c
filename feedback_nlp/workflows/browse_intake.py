"""Browse what came in: imports, rejected rows and quarantined reviews."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine

from feedback_nlp.records import QuarantineReason
from feedback_nlp.storage import imports, quarantine, rejections, reviews
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.imports import Import
from feedback_nlp.storage.quarantine_rows import StoredQuarantine
from feedback_nlp.storage.rejections import StoredRejection


@dataclass(frozen=True, slots=True)
class Held:
    """A row of the quarantine with the words it is about."""

    row: StoredQuarantine
    text: str


def list_imports(engine: Engine, workspace: str, *, limit: int) -> list[Import]:
    """Return the newest imports first."""
    with reading(engine) as session:
        return imports.every(session, workspace, limit=limit)


def list_rejected(
    engine: Engine, workspace: str, *, source: str | None = None
) -> Iterator[StoredRejection]:
    """Yield the rejected rows that nobody has corrected yet."""
    with reading(engine) as session:
        yield from rejections.every(session, workspace, source=source)


def list_quarantine(
    engine: Engine,
    workspace: str,
    *,
    model: str,
    reason: QuarantineReason | None = None,
    released: bool = False,
) -> list[Held]:
    """Return what is held, by review id; with `released` also what a person let back in."""
    with reading(engine) as session:
        rows = quarantine.every(
            session, workspace, model=model, reason=reason, effective=not released
        )
        held = []
        for row in rows:
            review = reviews.get(session, workspace, row.review_id)
            if review is not None:
                held.append(Held(row, review.text))
    return held
