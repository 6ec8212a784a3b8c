"""Retention: a policy -> what is too old is gone. Safe to repeat and to interrupt."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from feedback_nlp.storage import retention
from feedback_nlp.storage.clearing import clear_deleted
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.erasing import forget_samples
from feedback_nlp.storage.retention import Policy
from feedback_nlp.workflows.progress import Progress, silent

BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What is due, or what was deleted or changed."""

    counts: tuple[tuple[str, int], ...]
    """(table, rows); a dry run leaves out what hangs on the reviews."""


def due_now(engine: Engine, workspace: str, policy: Policy, *, now: datetime) -> RetentionReport:
    """Say what `apply_retention` would begin with; changes nothing."""
    with reading(engine) as session:
        return _report(Counter(retention.due(session, workspace, policy, now=now)))


def apply_retention(
    engine: Engine,
    workspace: str,
    policy: Policy,
    *,
    now: datetime,
    progress: Progress = silent,
) -> RetentionReport:
    """Delete what is too old, in transactions of 1000 rows of each kind.

    `progress` counts rows deleted or changed. Themes count old reviews until they are planned
    again; then those that lost all their opinions fall asleep.
    """
    total: Counter[str] = Counter()
    while gone := _sweep(engine, workspace, policy, now):
        total.update(gone)
        progress(sum(gone.values()))
    if total:
        with transaction(engine) as session:
            forget_samples(session)
        clear_deleted(engine, rewrite=False)
    return _report(total)


def _sweep(engine: Engine, workspace: str, policy: Policy, now: datetime) -> dict[str, int]:
    with transaction(engine) as session:
        return retention.sweep(session, workspace, policy, now=now, limit=BATCH)


def _report(counts: Counter[str]) -> RetentionReport:
    return RetentionReport(tuple(sorted(counts.items())))
