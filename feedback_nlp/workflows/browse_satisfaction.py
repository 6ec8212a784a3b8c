"""Browse satisfaction: NPS, CSAT, rating and negative share, and how they went. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.answers import Answer
from feedback_nlp.satisfaction.estimates import Change, Estimate, change, csat_mean, estimate
from feedback_nlp.satisfaction.score_trend import Period, Point, between, earliest, trend
from feedback_nlp.storage import answers
from feedback_nlp.workflows.browse import counting_model
from feedback_nlp.workflows.browse_drivers import (
    SCORE_DAYS,
    Heard,
    NamedDriver,
    days_before,
    harmful,
    hear,
    open_themes,
    tally_of,
)

MOST_DAYS: Final = 1_830
"""Five years."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which scores to look at."""

    days: int = SCORE_DAYS
    """Counted back from the newest questionnaire or review."""
    period: Period = Period.MONTH
    metrics: tuple[Metric, ...] = tuple(Metric)
    most_drivers: int = 0
    """How many themes to name that harm each metric."""


@dataclass(frozen=True, slots=True)
class Score:
    """One metric over the days asked for, and how it went."""

    metric: Metric
    now: Estimate | None
    """None when nobody gave this score."""
    mean: Estimate | None
    """Of CSAT the mean mark from 1 to 5; None for other metrics."""
    to_previous: Change | None
    """Against as many days right before."""
    trend: tuple[Point, ...]
    harmed_by: tuple[NamedDriver, ...]
    """The themes that harm it most, the worst first."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What people think of the product; both days are None when nothing has a time."""

    first: date | None
    last: date | None
    period: Period
    scores: tuple[Score, ...]


def show_satisfaction(
    session: Session, workspace: str, asked: Asked = Asked(), *, model: str
) -> Satisfaction:
    """Return the metrics over the last days of the data, with their trend."""
    last = answers.newest_day(session, workspace)
    if last is None:
        empty = (Score(metric, None, None, None, (), ()) for metric in asked.metrics)
        return Satisfaction(None, None, asked.period, tuple(empty))
    first = days_before(last, asked.days - 1)
    # Both reach further back than `NEAR`, so that drivers find their reviews.
    begin = min(earliest(first, asked.period), days_before(first, asked.days))
    counted_by = counting_model(session, workspace, model=model)
    found = answers.answers(session, workspace, model=counted_by, first=begin, last=last)
    heard = None
    if asked.most_drivers:
        heard = hear(found, open_themes(session, workspace), (first, last))
    scores = (_score(found, heard, metric, asked, (first, last)) for metric in asked.metrics)
    return Satisfaction(first, last, asked.period, tuple(scores))


def _score(
    found: Sequence[Answer],
    heard: Heard | None,
    metric: Metric,
    asked: Asked,
    days: tuple[date, date],
) -> Score:
    first, last = days
    daily = tally_of(found, metric)
    counts = between(daily, first, last)
    now = estimate(metric, counts)
    before = estimate(metric, between(daily, days_before(first, asked.days), days_before(first, 1)))
    return Score(
        metric,
        now,
        csat_mean(counts) if metric is Metric.CSAT and counts else None,
        None if before is None or now is None else change(before, now),
        trend(daily, metric, asked.period, first=first, last=last),
        () if heard is None else tuple(harmful(heard, metric)[: asked.most_drivers]),
    )
