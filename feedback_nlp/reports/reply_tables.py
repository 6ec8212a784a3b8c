"""Drafts of replies as CSV, for whoever answers in a shop's or a store's own pages."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Final

from feedback_nlp.records import CHINA
from feedback_nlp.replies.drafts import Draft
from feedback_nlp.reports.tables import formula_safe


def _time(draft: Draft) -> str:
    at = draft.to.review.created_at
    return "" if at is None else at.astimezone(CHINA).isoformat()


_COLUMNS: Final[dict[str, Callable[[Draft], str]]] = {
    "review_id": lambda draft: draft.to.review.id,
    "channel": lambda draft: draft.to.review.channel,
    "external_id": lambda draft: draft.to.review.external_id or "",
    "user": lambda draft: draft.to.review.author_id or "",
    "tier": lambda draft: draft.to.tier or "",
    "rating": lambda draft: _plain(draft.to.review.rating),
    "severity": lambda draft: str(draft.to.severity),
    "reviews": lambda draft: str(draft.to.reviews),
    "created_at": _time,
    "quote": lambda draft: draft.to.quote.text,
    "template": lambda draft: draft.kind.value,
    "text": lambda draft: draft.text,
}


def replies_csv(ticket_id: str, drafts: Iterable[Draft]) -> bytes:
    """Write drafts as UTF-8 with BOM, so that Chinese Excel reads it; lines end with CRLF."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["ticket", *_COLUMNS])
    for draft in drafts:
        cells = [ticket_id, *(cell(draft) for cell in _COLUMNS.values())]
        writer.writerow([formula_safe(cell) for cell in cells])
    return buffer.getvalue().encode("utf-8-sig", "replace")


def _plain(rating: float | None) -> str:
    return "" if rating is None else f"{rating:g}"
