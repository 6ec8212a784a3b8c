"""The five rooms in the order a review walks through them; no I/O, no clock.

texts -> annotate -> voices -> find_themes -> themes -> plan -> priorities and tickets
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count, islice

from feedback_nlp.classify.review import review_polarity
from feedback_nlp.ports import Classifier
from feedback_nlp.priority.rice import prioritise, rank
from feedback_nlp.quarantine.candidates import Candidate
from feedback_nlp.quarantine.screen import screen_one
from feedback_nlp.records import (
    Annotation,
    Clause,
    Opinion,
    Priority,
    Taxonomy,
    Theme,
    Ticket,
    Voice,
)
from feedback_nlp.text.split import split_clauses, whole_clause
from feedback_nlp.themes.count import Span
from feedback_nlp.themes.discover import discover
from feedback_nlp.themes.settle import Past, Settled, settle
from feedback_nlp.tickets.draft import draft, is_severe

find_themes = discover
"""Voices -> themes, with nothing known before."""

MIN_DATED = 0.8
"""Share of dated opinions below which a count cannot be scaled to a quarter."""

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


@dataclass(frozen=True, slots=True)
class Plan:
    """Every theme's priority, best first, and tickets for the best of them."""

    priorities: tuple[Priority, ...]
    tickets: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Tickets that exist: theme id -> id of its open ticket, and the first number never used."""

    open_tickets: Mapping[str, str] = field(default_factory=dict)
    next_number: int = 1
    limit: int = 20
    """How many of the best themes get a ticket; the others wait in the theme list."""
    min_users: int = 5
    """A theme of fewer users gets a ticket only when it is severe."""


def plan(
    themes: Sequence[Theme],
    voices: Sequence[Voice],
    taxonomy: Taxonomy,
    *,
    span: Span,
    today: date,
    backlog: Backlog = Backlog(),
) -> Plan:
    """Rank themes by RICE; draft a ticket for each of the best and each that has one already.

    `voices` holds at least every member of the themes; `today` is the day due dates count from.
    A theme with an open ticket gets a new draft of that ticket, never a second one.
    """
    by_place = {(voice.review_id, voice.start): voice for voice in voices}
    said = {theme.id: [by_place[member] for member in theme.members] for theme in themes}
    dated = sum(voice.created_at is not None for voice in voices)
    span_days = span.days if dated >= MIN_DATED * len(voices) else None
    priorities = rank(
        [prioritise(theme, said[theme.id], taxonomy, span_days=span_days) for theme in themes]
    )
    by_id = {theme.id: theme for theme in themes}
    worth = [
        priority
        for priority in priorities
        if by_id[priority.theme_id].users >= backlog.min_users or is_severe(said[priority.theme_id])
    ]
    numbers = count(backlog.next_number)
    tickets = []
    best = worth[: backlog.limit]
    followed = [p for p in priorities if p.theme_id in backlog.open_tickets and p not in best]
    for priority in [*best, *followed]:
        theme = by_id[priority.theme_id]
        ticket_id = backlog.open_tickets.get(theme.id) or f"K-{next(numbers):04d}"
        ticket = draft(theme, priority, said[theme.id], taxonomy, ticket_id=ticket_id, today=today)
        tickets.append(ticket)
    return Plan(tuple(priorities), tuple(tickets))
