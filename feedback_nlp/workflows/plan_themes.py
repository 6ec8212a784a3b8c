"""Plan: stored opinions -> the themes they had or new ones, RICE priorities and ticket drafts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp import pipeline
from feedback_nlp.artifacts import load_error_rates
from feedback_nlp.heads.counting import ErrorRates
from feedback_nlp.ports import Classifier
from feedback_nlp.records import PlanRecord, Taxonomy, ThemeState, Voice
from feedback_nlp.storage import (
    annotations,
    competitors,
    embeddings,
    label_corrections,
    placements,
    plans,
    priorities,
    proposals,
    quarantine,
    reviews,
    theme_edits,
    themes,
    tickets,
)
from feedback_nlp.storage.database import lock, reading, transaction
from feedback_nlp.storage.embeddings import FloatArray, Place
from feedback_nlp.storage.ledger import Event
from feedback_nlp.storage.placements import Compared
from feedback_nlp.text.segment import LEXICON_VERSION
from feedback_nlp.themes.recipes import suited
from feedback_nlp.themes.transitions import transitions
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.decide_proposal import decided
from feedback_nlp.workflows.gather_grounds import Facts, grounds_of, marks, read_facts
from feedback_nlp.workflows.remember import remembering

ATTEMPTS: Final = 2
"""Plans made beside the writers; the one after these keeps them waiting."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything a plan is made of, read in one transaction."""

    model: str
    mark: tuple[object, ...]
    """Cheap to read again; another one means that the database has moved on."""
    voices: tuple[Voice, ...]
    vectors: Mapping[Place, FloatArray]
    """What is stored of them."""
    past: pipeline.Past
    basis: frozenset[str]
    """By what the placements were made or last confirmed."""
    span: pipeline.Span
    backlog: pipeline.Backlog
    facts: Facts
    before: PlanRecord | None
    """The plan made last."""


def plan_themes(
    engine: Engine,
    workspace: str,
    classifier: Classifier,
    taxonomy: Taxonomy,
    *,
    now: datetime,
) -> pipeline.Plan:
    """Find each candidate opinion its theme, rank the themes, keep one ticket for each of the best.

    Opinions stay in their themes, new ones join or found others (`themes.settle`). That takes
    seconds to minutes, so it runs outside the write transaction; when something was stored
    meanwhile it is done again. The same opinions give the same plan and change nothing: due dates
    of new tickets count from the day of the newest review, or from `now` when there are no dates.
    """
    model = classifier.version
    tools = _Tools(classifier, taxonomy, load_error_rates(model))
    for _ in range(ATTEMPTS):
        with reading(engine) as session:
            known = _read(session, workspace, model=model)
        made = _plan(known, tools, now=now)
        with transaction(engine) as session:
            _begin(session, workspace)
            if _mark(session, workspace, model=model) == known.mark:
                _save(session, workspace, known, made, now=now)
                return made.plan
    with transaction(engine) as session:
        _begin(session, workspace)
        known = _read(session, workspace, model=model)
        made = _plan(known, tools, now=now)
        _save(session, workspace, known, made, now=now)
    return made.plan


def _begin(session: Session, workspace: str) -> None:
    # Reviews first, as everywhere. Waiting comes before the first look at the data: else an erasure
    # or a decision that this transaction waits for would be missing from what it has read.
    for noun in ("reviews", "themes"):
        lock(session, workspace, noun)


def _read(session: Session, workspace: str, *, model: str) -> _Known:
    voices = tuple(annotations.voices(session, workspace, model=model))
    span = pipeline.Span(*reviews.time_span(session, workspace))
    before = plans.latest(session, workspace)
    return _Known(
        model=model,
        mark=_mark(session, workspace, model=model),
        voices=voices,
        vectors=embeddings.known(session, workspace, model=model),
        past=pipeline.Past(
            themes=tuple(themes.every(session, workspace, any_state=True)),
            next_number=themes.next_number(session, workspace),
            placements=tuple(placements.every(session, workspace)),
            bars=theme_edits.all_bars(session, workspace),
            decided=decided(session, workspace),
        ),
        basis=placements.basis(session, workspace),
        span=span,
        backlog=pipeline.Backlog(
            tickets=tickets.open_ones(session, workspace),
            settled=tickets.settled_themes(session, workspace),
            next_number=tickets.next_number(session, workspace),
        ),
        facts=read_facts(session, workspace, voices, span, model=model),
        before=before,
    )


def _mark(session: Session, workspace: str, *, model: str) -> tuple[object, ...]:
    return (
        annotations.count_opinions(session, workspace, model=model),
        reviews.time_span(session, workspace),
        quarantine.mark(session, workspace),
        competitors.mark(session, workspace),
        label_corrections.mark(session, workspace),
        themes.next_number(session, workspace),
        theme_edits.mark(session, workspace),
        proposals.mark(session, workspace),
        placements.mark(session, workspace),
        embeddings.mark(session, workspace, model=model),
        reviews.count_revisions(session, workspace),
        tickets.next_number(session, workspace),
        tuple(tickets.open_ones(session, workspace).values()),
        *marks(session, workspace),
    )


@dataclass(frozen=True, slots=True)
class _Tools:
    """What a plan is made with."""

    classifier: Classifier
    taxonomy: Taxonomy
    rates: ErrorRates | None
    """How the classifier errs, if that is known."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A plan and all that is to be stored of it."""

    settled: pipeline.Settled
    plan: pipeline.Plan
    vectors: Mapping[Place, FloatArray]
    """Those that are not stored yet."""
    basis: str
    """Model, recipe and lexicons: by what new placements are made."""


def _plan(known: _Known, tools: _Tools, *, now: datetime) -> _Made:
    classifier, taxonomy = tools.classifier, tools.taxonomy
    remembered = remembering(classifier, known.voices, known.vectors)
    recipe = suited(classifier.version)
    settled = pipeline.settle(
        known.voices, remembered, taxonomy, past=known.past, span=known.span, recipe=recipe
    )
    before = known.before
    every = {theme.id: theme for theme in (*known.past.themes, *settled.themes)}
    planned = pipeline.plan(
        [theme for theme in settled.themes if theme.state is ThemeState.OPEN],
        known.voices,
        taxonomy,
        grounds=grounds_of(known.facts, tuple(every.values()), tools.rates),
        today=day_of(known.span.last or now),
        backlog=replace(
            known.backlog,
            proposals=settled.proposals,
            scores_before=None if before is None else before.scores,
        ),
    )
    return _Made(
        settled,
        planned,
        remembered.unstored(known.voices, known.vectors),
        basis=f"{classifier.version} {recipe.name} {LEXICON_VERSION}",
    )


def _save(session: Session, workspace: str, known: _Known, made: _Made, *, now: datetime) -> None:
    themes.save(session, workspace, made.settled.themes, now=now)
    compared = Compared(made.basis, now)
    placements.put(session, workspace, made.settled.new(known.past), compared)
    proposals.save(session, workspace, made.settled.proposals, now=now)
    embeddings.add(session, workspace, made.vectors, model=known.model)
    if known.basis - {made.basis}:
        themes.note(session, workspace, _map_of_change(known, made, now=now))
        placements.confirm(session, workspace, made.settled.placements, compared)
    priorities.save(session, workspace, made.plan.priorities)
    tickets.save(session, workspace, made.plan.tickets, now=now)
    _record(session, workspace, known, made.plan, now=now)


def _record(
    session: Session, workspace: str, known: _Known, plan: pipeline.Plan, *, now: datetime
) -> None:
    """Write the plan down, unless it is the one that was made last."""
    scores = tuple((priority.theme_id, priority.score) for priority in plan.priorities)
    before, as_of = known.before, known.facts.as_of
    if before and (before.as_of, before.scores, before.schedule) == (as_of, scores, plan.schedule):
        return
    number = plans.next_number(session, workspace)
    record = PlanRecord(number, as_of, now, scores, plan.schedule, plan.change)
    plans.add(session, workspace, record)


def _map_of_change(known: _Known, made: _Made, *, now: datetime) -> list[Event]:
    basis = (("from", "；".join(sorted(known.basis))), ("to", made.basis))
    return [
        Event(
            each.theme_id,
            now,
            "remodelled",
            (
                *basis,
                ("kept", str(each.kept)),
                ("recut", str(each.recut)),
                ("left", str(each.left)),
                ("joined", str(each.joined)),
            ),
        )
        for each in transitions(known.past, made.settled)
    ]
