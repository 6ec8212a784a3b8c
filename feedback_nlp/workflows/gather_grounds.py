"""Grounds: what is stored besides opinions -> what priorities are made of. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.heads.counting import ErrorRates
from feedback_nlp.heads.scores import FloatArray
from feedback_nlp.pipeline import Span
from feedback_nlp.priority.effort import weeks_by_topic
from feedback_nlp.priority.grounds import Grounds, Ratings, correction_of
from feedback_nlp.priority.rfm import Worth
from feedback_nlp.priority.window import QUARTER_DAYS
from feedback_nlp.records import (
    EffortNote,
    Metric,
    Outcome,
    Policy,
    Theme,
    ThemeState,
    Verdict,
    Voice,
    Vote,
)
from feedback_nlp.satisfaction.answers import Answer, scored, touched
from feedback_nlp.satisfaction.drivers import Driver, drivers
from feedback_nlp.storage import (
    annotations,
    answers,
    customers,
    efforts,
    exposure,
    heard,
    orders,
    outcomes,
    policies,
    surveys,
    votes,
)
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.customer_value import worth_of

MIN_DATED: Final = 0.8
"""Share of dated opinions below which a count cannot be scaled to a quarter."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read, whatever the themes turn out to be."""

    policy: Policy
    as_of: date | None
    """None when too few opinions are dated."""
    span_days: int
    exposure: Mapping[date, int]
    worth: Mapping[str, Worth]
    chances: FloatArray
    ratings: Ratings
    answers: Sequence[Answer]
    """Of the last quarter; none when nobody was asked for NPS or CSAT."""
    estimates: Mapping[str, EffortNote]
    actuals: Sequence[EffortNote]
    votes: Sequence[Vote]
    outcomes: Sequence[Outcome]


def read_facts(
    session: Session, workspace: str, voices: Sequence[Voice], span: Span, *, model: str
) -> Facts:
    """Read all that priorities need; `voices` are the candidates for themes."""
    policy = policies.current(session, workspace)
    as_of, span_days = _dated(voices, span)
    today = as_of or _day(span.last)
    authors = {voice.author_id for voice in voices if voice.author_id is not None}
    known = {}
    if as_of is not None and span.first is not None:
        known = exposure.per_day(session, workspace, first=day_of(span.first), last=as_of)
    return Facts(
        policy=policy,
        as_of=as_of,
        span_days=span_days,
        exposure=known,
        worth={}
        if today is None
        else worth_of(session, workspace, authors, rule=policy.rfm, as_of=today),
        chances=annotations.chances(session, workspace, model=model),
        ratings=Ratings(*heard.ratings(session, workspace, model=model)),
        answers=_answers(session, workspace, today, model=model),
        estimates=efforts.estimates(session, workspace),
        actuals=efforts.actuals(session, workspace),
        votes=votes.latest(session, workspace),
        outcomes=outcomes.every(session, workspace),
    )


def marks(session: Session, workspace: str) -> tuple[object, ...]:
    """Return what is cheap to read and differs once something was decided or imported."""
    decided = (policies, efforts, votes, outcomes)
    imported = (exposure, customers, orders, surveys)
    return tuple(noun.mark(session, workspace) for noun in (*decided, *imported))


def grounds_of(facts: Facts, themes: Collection[Theme], rates: ErrorRates | None) -> Grounds:
    """Say what the facts mean for these themes; `rates` say how the model errs, if known.

    Of themes that are not open only earlier efforts and outcomes count.
    """
    topics = {theme.id: theme.topic for theme in themes}
    listed = [theme for theme in themes if theme.state is ThemeState.OPEN]
    verdicts: defaultdict[str, list[Verdict]] = defaultdict(list)
    # The latest of each ticket: what worked at first and came back did not work.
    for outcome in {each.ticket_id: each for each in facts.outcomes}.values():
        if outcome.theme_id in topics:
            verdicts[topics[outcome.theme_id]].append(outcome.verdict)
    cast: defaultdict[str, list[Vote]] = defaultdict(list)
    for vote in facts.votes:
        cast[vote.theme_id].append(vote)
    return Grounds(
        as_of=facts.as_of,
        span_days=facts.span_days,
        policy=facts.policy,
        exposure=facts.exposure,
        worth=facts.worth,
        correction=correction_of(facts.chances, rates),
        ratings=facts.ratings,
        drivers=_drivers(facts.answers, listed),
        usual_cohesion=_usual_cohesion(listed),
        outcomes=verdicts,
        estimates=facts.estimates,
        actual_weeks=weeks_by_topic(facts.actuals, topics),
        votes=cast,
    )


def _usual_cohesion(themes: Iterable[Theme]) -> float | None:
    known = [theme.cohesion for theme in themes if theme.cohesion is not None]
    return median(known) if known else None


def _answers(
    session: Session, workspace: str, today: date | None, *, model: str
) -> Sequence[Answer]:
    if today is None or not answers.are_given(session, workspace):
        return ()
    first = today - timedelta(days=QUARTER_DAYS - 1)
    return answers.answers(session, workspace, model=model, first=first, last=today)


def _drivers(given: Sequence[Answer], themes: Collection[Theme]) -> dict[str, list[Driver]]:
    """Return what NPS and CSAT would be without each theme."""
    speaking = {theme.id: {review for review, _ in theme.members} for theme in themes}
    touching = touched(given, speaking) if given else {}
    found: defaultdict[str, list[Driver]] = defaultdict(list)
    for metric in (Metric.NPS, Metric.CSAT):
        scores = scored(given, metric)
        if scores:
            for theme_id, driver in drivers(scores, touching, metric).items():
                found[theme_id].append(driver)
    return found


def _dated(voices: Sequence[Voice], span: Span) -> tuple[date | None, int]:
    dated = sum(voice.created_at is not None for voice in voices)
    if span.days is None or dated < MIN_DATED * len(voices):
        return None, 1
    return _day(span.last), span.days


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else day_of(moment)
