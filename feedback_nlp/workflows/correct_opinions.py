"""Correct: a person relabels an opinion, and every model's labels give way to that."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError
from feedback_nlp.heads.correct import corrected_labels, overlaid, plain
from feedback_nlp.heads.settle import settle
from feedback_nlp.records import Annotation, LabelCorrection, Labels, PlainLabels, Taxonomy
from feedback_nlp.reports.write import write_atomically
from feedback_nlp.storage import label_corrections
from feedback_nlp.storage.label_corrections import StoredCorrection
from feedback_nlp.workflows.browse import find_review


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of the opinion that begins at `start`."""

    review_id: str
    start: int
    said: PlainLabels
    author: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FoundOpinions:
    """An annotation with people's corrections, and where these are."""

    annotation: Annotation
    corrected: frozenset[tuple[int, int]]
    """Start and end of each opinion that a person has spoken of."""


def list_opinions(session: Session, workspace: str, review_id: str, *, model: str) -> FoundOpinions:
    """Return the opinions of one review.

    Raises:
        NotFoundError: no review has this id.
        InputError: `model` has not read its present text yet.
    """
    annotation = _annotation(session, workspace, review_id, model=model)
    said = label_corrections.said(session, workspace, [review_id])
    return FoundOpinions(annotation, frozenset((start, end) for _, start, end in said))


def correct_opinion(
    session: Session, workspace: str, wish: Wish, taxonomy: Taxonomy, *, model: str, now: datetime
) -> Labels:
    """Keep what a person says of one opinion and return its labels from now on.

    The person looked at the labels of `model`. Needs a write transaction.

    Raises:
        NotFoundError: no review has this id.
        InputError: `model` has not read its present text yet, no opinion begins there, or what
            is said is no label or contradicts itself; the message names the field.
        ConflictError: the review has changed meanwhile.
    """
    annotation = _annotation(session, workspace, wish.review_id, model=model)
    by_start = {opinion.start: opinion for opinion in annotation.opinions}
    if wish.start not in by_start:
        starts = "、".join(map(str, by_start)) or "无"
        raise InputError(
            f"at：评论 {wish.review_id} 没有从 {wish.start} 开始的观点；可选：{starts}"
        )
    opinion = by_start[wish.start]
    seen = plain(opinion.labels)
    said = settle(seen, wish.said, taxonomy)
    correction = LabelCorrection(
        review_id=wish.review_id,
        start=opinion.start,
        end=opinion.end,
        text=opinion.text,
        said=said,
        seen=seen,
        model=model,
        author=wish.author,
        at=now,
        reason=wish.reason,
    )
    label_corrections.add(session, workspace, correction)
    return corrected_labels(opinion.labels, [said])


def list_corrections(session: Session, workspace: str) -> list[StoredCorrection]:
    """Return every correction there ever was, first one first."""
    return label_corrections.every(session, workspace)


def export_corrections(session: Session, workspace: str, out: Path) -> int:
    """Write corrected opinions as clauses to train on, one JSON line each; return how many.

    The lines have the shape of `gold/opinions_train.jsonl`. Of an opinion that was corrected
    several times the last correction is written; what a later text of the review made void too.
    """
    lines = training_lines(session, workspace)
    write_atomically(out, "".join(lines).encode())
    return len(lines)


def training_lines(session: Session, workspace: str) -> list[str]:
    """Return what `export_corrections` writes."""
    rows = _training_rows(label_corrections.every(session, workspace))
    return [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]


def _training_rows(found: Iterable[StoredCorrection]) -> list[dict[str, Any]]:
    last = {
        (each.correction.review_id, each.text_hash, each.correction.start): each.correction
        for each in found
    }
    return [_training_row(correction) for correction in last.values()]


def _training_row(correction: LabelCorrection) -> dict[str, Any]:
    # What the person looked at and left standing is theirs too.
    labels = overlaid(correction.seen, correction.said)
    return {
        "id": f"{correction.review_id}:{correction.start}",
        "text": correction.text,
        "polarity": labels.polarity,
        "intent": labels.intent,
        "topics": labels.topics,
        "severity": labels.severity,
    }


def _annotation(session: Session, workspace: str, review_id: str, *, model: str) -> Annotation:
    found = find_review(session, workspace, review_id, model=model).annotation
    if found is None:
        raise InputError(f"评论 {review_id} 还没有被模型 {model} 分析，请先执行 feedback-nlp score")
    return found
