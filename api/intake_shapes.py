"""Imports, refused lines and the quarantine -> schemas."""

from typing import Final

from api.cursors import Listing, number, text
from api.schemas.intake import (
    MAX_LINE,
    ImportOut,
    ImportsOut,
    QuarantinedOut,
    QuarantinePageOut,
    RejectionOut,
    RejectionsOut,
)
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import CHINA
from feedback_nlp.storage.imports import Import
from feedback_nlp.storage.rejections import StoredRejection
from feedback_nlp.workflows.browse_intake import Held

IMPORTS: Final[Listing[Import]] = Listing("imports", (number,), lambda each: (each.id,))
QUARANTINE: Final[Listing[Held]] = Listing(
    "quarantine", (text,), lambda each: (each.row.review_id,)
)

Refused = tuple[StoredRejection, str]


def refused_listing(import_id: int) -> Listing[Refused]:
    """Return the order of the lines that one import refused."""
    return Listing(
        f"imports.{import_id}.rejections", (number, text), lambda each: (each[0].line, each[1])
    )


def imports_page(found: list[Import], limit: int) -> ImportsOut:
    """Show a page of imports."""
    page, cursor = IMPORTS.cut(found, limit)
    return ImportsOut(items=[import_out(each) for each in page], next_cursor=cursor)


def import_out(found: Import) -> ImportOut:
    """Show one import; of where its file was, only the name."""
    path, mark, member = found.origin.source.partition("!")
    return ImportOut(
        id=found.id,
        source=path.replace("\\", "/").rsplit("/", 1)[-1] + mark + member,
        format=found.origin.format,
        channel=found.origin.channel,
        mapping=dict(found.origin.mapping),
        notes=list(found.origin.notes),
        counts=dict(found.counts),
        started_at=found.started_at.astimezone(CHINA),
        finished_at=found.finished_at and found.finished_at.astimezone(CHINA),
    )


def rejections_page(found: list[Refused], limit: int, listing: Listing[Refused]) -> RejectionsOut:
    """Show a page of refused lines."""
    page, cursor = listing.cut(found, limit)
    return RejectionsOut(items=[_refused(each) for each, _ in page], next_cursor=cursor)


def quarantine_page(found: list[Held], limit: int) -> QuarantinePageOut:
    """Show a page of the quarantine."""
    page, cursor = QUARANTINE.cut(found, limit)
    return QuarantinePageOut(items=[quarantined_out(each) for each in page], next_cursor=cursor)


def quarantined_out(held: Held) -> QuarantinedOut:
    """Show one review that is held back, or was."""
    row = held.row
    return QuarantinedOut(
        review_id=row.review_id,
        text=held.text,
        reason=row.reason,
        detail=row.detail,
        original=row.original,
        found_at=row.found_at.astimezone(CHINA),
        effective=row.effective,
        held=row.held,
        decided_by=row.decided_by,
        decided_at=row.decided_at and row.decided_at.astimezone(CHINA),
        note=row.note,
    )


def _refused(found: StoredRejection) -> RejectionOut:
    # A refused line was never masked, and may hold what UTF-8 cannot.
    raw = found.raw[:MAX_LINE].encode("utf-8", "replace").decode()
    return RejectionOut(
        line=found.line,
        reason=found.reason,
        raw=mask(raw).text,
        rejected_at=found.rejected_at.astimezone(CHINA),
        corrected_at=found.corrected_at and found.corrected_at.astimezone(CHINA),
    )
