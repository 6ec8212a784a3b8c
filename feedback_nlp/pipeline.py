"""The five rooms in the order a review walks through them; no I/O, no clock.

texts -> annotate -> voices -> find_themes -> themes -> plan -> priorities and tickets
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from feedback_nlp.classify.review import review_polarity
from feedback_nlp.ports import Classifier
from feedback_nlp.quarantine.candidates import Candidate
from feedback_nlp.quarantine.screen import screen_one
from feedback_nlp.records import Annotation, Clause, Opinion
from feedback_nlp.text.split import split_clauses, whole_clause
from feedback_nlp.themes.count import Span
from feedback_nlp.themes.discover import discover
from feedback_nlp.themes.settle import Past, Settled, settle
from feedback_nlp.tickets.plan import Backlog, Plan, plan

find_themes = discover
"""Voices -> themes, with nothing known before."""

__all__ = [
    "Backlog",
    "Past",
    "Plan",
    "Settled",
    "Span",
    "annotate",
    "find_themes",
    "plan",
    "settle",
]


def annotate(
    texts: Sequence[tuple[str, str]], classifier: Classifier, *, split: bool = True
) -> list[Annotation]:
    """Cut (review id, text) pairs into opinions and label them; one annotation each, in order.

    All clauses are labelled in one call. With `split=False` a text is one opinion. A text without
    any word has no opinions and an uncertain neutral polarity.
    """
    clauses = [_clauses(text, split=split) for _, text in texts]
    labels = iter(classifier.label([clause.normalized for each in clauses for clause in each]))
    annotations = []
    for (review_id, text), parts in zip(texts, clauses, strict=True):
        opinions = tuple(
            Opinion(clause.start, clause.end, clause.text, label)
            for clause, label in zip(parts, islice(labels, len(parts)), strict=True)
        )
        polarity, probabilities, uncertain = review_polarity(opinions)
        annotation = Annotation(
            review_id, text, polarity, probabilities, uncertain, opinions, classifier.version
        )
        annotations.append(replace(annotation, quarantine=_quarantine(annotation)))
    return annotations


def _quarantine(annotation: Annotation) -> str | None:
    """Return what the text alone gives reason for; duplicates are a matter of all reviews."""
    severity = max((opinion.labels.severity for opinion in annotation.opinions), default=0)
    verdict = screen_one(
        Candidate(
            annotation.review_id,
            channel="",
            text=annotation.text,
            polarity=annotation.polarity,
            severity=severity,
        )
    )
    return None if verdict is None else verdict.reason.value


def _clauses(text: str, *, split: bool) -> tuple[Clause, ...]:
    if split:
        return split_clauses(text)
    whole = whole_clause(text)
    return () if whole is None else (whole,)
