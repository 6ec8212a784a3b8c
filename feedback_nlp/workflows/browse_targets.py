"""Browse targets: what was promised against what is, and why it falls short. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.records import Target
from feedback_nlp.satisfaction.answers import Answer
from feedback_nlp.satisfaction.estimates import estimate
from feedback_nlp.satisfaction.score_trend import between
from feedback_nlp.satisfaction.standing import Progress, progress
from feedback_nlp.storage import answers, targets
from feedback_nlp.workflows.browse import Page, counting_model
from feedback_nlp.workflows.browse_drivers import (
    NamedDriver,
    OpenThemes,
    harmful,
    hear,
    open_themes,
    read_near,
    tally_of,
)

MOST_CAUSES: Final = 3
MOST_TARGETS: Final = 1_000
"""What a list without pages shows."""


@dataclass(frozen=True, slots=True)
class TargetReport:
    """How a target stands; where it falls short, the themes without which it would be nearer."""

    progress: Progress
    causes: tuple[NamedDriver, ...]


@dataclass(frozen=True, slots=True)
class TargetPage:
    """A part of the targets that hold, in the order they were set, and the newest day of data."""

    targets: tuple[TargetReport, ...]
    total: int
    as_of: date | None


def list_targets(session: Session, workspace: str, page: Page, *, model: str) -> TargetPage:
    """Return a page of the targets with how they stand."""
    every = targets.every(session, workspace)
    as_of = answers.newest_day(session, workspace)
    known = open_themes(session, workspace)
    counted_by = counting_model(session, workspace, model=model)
    shown = every[page.part]
    found: list[Answer] = []
    begun = [target.first for target in shown if as_of is not None and target.first <= as_of]
    if begun and as_of is not None:
        # Once for all of them: periods overlap.
        found = read_near(session, workspace, min(begun), as_of, model=counted_by)
    reports = (
        _report(
            target,
            found,
            known,
            (target.first, target.last if as_of is None else min(target.last, as_of)),
            as_of,
        )
        for target in shown
    )
    return TargetPage(tuple(reports), len(every), as_of)


def _report(
    target: Target,
    found: Sequence[Answer],
    known: OpenThemes,
    days: tuple[date, date],
    as_of: date | None,
) -> TargetReport:
    actual = estimate(target.metric, between(tally_of(found, target.metric), *days))
    made = progress(target, actual, as_of=as_of)
    if made.gap is None or made.gap >= 0:
        return TargetReport(made, ())
    worst = harmful(hear(found, known, days), target.metric)
    return TargetReport(made, tuple(worst[:MOST_CAUSES]))
