"""Browse what came in: imports, rejected rows and quarantined reviews."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import QuarantineReason
from feedback_nlp.storage import imports, quarantine, rejections, reviews
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.imports import Import
from feedback_nlp.storage.keyset import Part
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


def find_import(session: Session, workspace: str, number: int) -> Import:
    """Return one import; raises NotFoundError."""
    found = imports.get(session, workspace, number)
    if found is None:
        raise NotFoundError(f"没有编号为 {number} 的导入记录")
    return found


def rejections_of(
    session: Session, workspace: str, number: int, page: Part
) -> list[tuple[StoredRejection, str]]:
    """Return a part of the lines that an import was the last to refuse; raises NotFoundError."""
    found = find_import(session, workspace, number)
    return rejections.part(session, workspace, found.origin.source, page, import_id=number)


def held_part(
    session: Session,
    workspace: str,
    page: Part,
    *,
    model: str,
    reason: QuarantineReason | None = None,
    released: bool = False,
) -> list[Held]:
    """Return a part of what `list_quarantine` returns."""
    rows = quarantine.part(
        session, workspace, page, model=model, reason=reason, effective=not released
    )
    texts = reviews.texts(session, workspace, [row.review_id for row in rows])
    return [Held(row, texts[row.review_id]) for row in rows]


def find_held(session: Session, workspace: str, review_id: str, *, model: str) -> Held:
    """Return the row of one review, held back now or let back in; raises NotFoundError."""
    row = quarantine.get(session, workspace, review_id, model=model)
    if row is None:
        raise NotFoundError(f"评论 {review_id} 不在隔离区里，也没有人决定过")
    return Held(row, reviews.texts(session, workspace, [review_id])[review_id])


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
