"""Explain: why one opinion is in its theme, with the numbers and the words behind it."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sqlalchemy.orm import Session

from feedback_nlp.errors import NotFoundError
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Placement, Theme, Voice
from feedback_nlp.storage import annotations, embeddings, placements, themes
from feedback_nlp.themes.label import Reason, why
from feedback_nlp.themes.recipes import suited
from feedback_nlp.themes.sayings import distinct
from feedback_nlp.themes.vectors import meaning_of, rows_of
from feedback_nlp.workflows.remember import remembering

MOST_COMPARED = 2_000
"""Of a larger theme the opinion is compared with so many, those of the first reviews."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why an opinion is where it is: how it came there, and how it compares today."""

    theme: Theme
    placement: Placement
    reason: Reason | None
    """None when it names no aspect: nothing to compare. A person put it there."""


def explain(
    session: Session, workspace: str, place: tuple[str, int], classifier: Classifier
) -> Explained:
    """Return why the opinion at `place` (review id, start) is in its theme.

    Raises:
        NotFoundError: there is no such opinion, or it is 未归类.
    """
    placed = {each.place: each for each in placements.of_review(session, workspace, place[0])}
    if place not in placed:
        raise NotFoundError(f"评论 {place[0]} 从 {place[1]} 开始的观点不存在，或者还没有归入主题")
    theme = themes.get(session, workspace, placed[place].theme_id)
    if theme is None:
        raise NotFoundError(f"没有编号为 {placed[place].theme_id} 的主题")
    compared = {place, *theme.members[:MOST_COMPARED]}
    voices = annotations.voices_at(session, workspace, compared, model=classifier.version)
    stored = embeddings.at(session, workspace, compared, model=classifier.version)
    remembered = remembering(classifier, voices, stored)
    return Explained(theme, placed[place], _reason(voices, place, theme, remembered))


def _reason(
    voices: list[Voice], place: tuple[str, int], theme: Theme, classifier: Classifier
) -> Reason | None:
    sayings = distinct(voices)
    mine = next(
        (
            row
            for row, saying in enumerate(sayings)
            if any((voice.review_id, voice.start) == place for voice in saying.voices)
        ),
        None,
    )
    if mine is None:
        return None
    rows = rows_of(sayings, meaning_of(sayings, classifier), suited(classifier.version)).unit()
    vectors = csr_matrix(hstack([csr_matrix(np.asarray(rows.meaning)), rows.words]))
    return why(sayings[mine], vectors[mine], sayings, vectors, keywords=theme.keywords)
