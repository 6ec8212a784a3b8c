"""Corrections of labels -> schemas, and back."""

from dataclasses import asdict
from typing import Final

from api.cursors import Listing, number
from api.schemas.corrections import (
    CorrectionIn,
    CorrectionOut,
    CorrectionsOut,
    LabelsOut,
    PlainLabelsOut,
)
from feedback_nlp.records import CHINA, Labels, Opinion, PlainLabels
from feedback_nlp.reports.json_files import opinion_dict
from feedback_nlp.storage.label_corrections import StoredCorrection
from feedback_nlp.workflows.correct_opinions import Wish

CORRECTIONS: Final[Listing[StoredCorrection]] = Listing(
    "corrections", (number,), lambda each: (each.number,)
)


def wish_of(body: CorrectionIn) -> Wish:
    """Return what somebody says of an opinion."""
    said = PlainLabels(body.polarity, body.intent, tuple(body.topics), body.severity)
    return Wish(body.review_id, body.start, said, body.author, body.reason)


def labels_out(body: CorrectionIn, labels: Labels) -> LabelsOut:
    """Show the labels of an opinion from now on."""
    opinion = Opinion(body.start, body.start, "", labels)
    return LabelsOut.model_validate({"review_id": body.review_id} | opinion_dict(opinion))


def corrections_page(found: list[StoredCorrection], limit: int) -> CorrectionsOut:
    """Show a page of corrections."""
    page, cursor = CORRECTIONS.cut(found, limit)
    return CorrectionsOut(items=[_correction(each) for each in page], next_cursor=cursor)


def _correction(stored: StoredCorrection) -> CorrectionOut:
    made = stored.correction
    return CorrectionOut(
        number=stored.number,
        review_id=made.review_id,
        start=made.start,
        end=made.end,
        text=made.text,
        said=_plain(made.said),
        seen=_plain(made.seen),
        model=made.model,
        author=made.author,
        at=made.at.astimezone(CHINA),
        reason=made.reason,
        present=stored.present,
    )


def _plain(labels: PlainLabels) -> PlainLabelsOut:
    return PlainLabelsOut.model_validate(asdict(labels))
