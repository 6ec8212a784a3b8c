"""Replay: the nights up to a day once more, beside the database, each with what was known then."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import URL, Engine
from sqlalchemy.orm import Session

from feedback_nlp.records import Night
from feedback_nlp.storage import changes, known_at, nights, reviews
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.storage.known_at import Window
from feedback_nlp.workflows.import_files import Watch
from feedback_nlp.workflows.night_result import differences, night_result
from feedback_nlp.workflows.night_steps import REPEATED, REPORT, SCORE, Work, versions
from feedback_nlp.workflows.replay_tickets import redo
from feedback_nlp.workflows.run_night import APART, end_of
from feedback_nlp.workflows.setup import Setup

_BY_HAND: Final = frozenset({SCORE, "screen", "plan", "alerts"})
"""What the command `plan` does, and before it `run`."""

Difference = tuple[str, Any, Any]
"""A place in a result, what was recorded there, and what came out now."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One night, as it was recorded and as it came out again."""

    number: int | None
    """Of the recorded night; None when the day was never run."""
    day: date
    result: Mapping[str, Any]
    differing: tuple[Difference, ...]
    """Empty when it came out as it was, and when nothing was recorded."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Every night that was played again, first one first; the last one is the day asked for."""

    nights: tuple[Replayed, ...]
    out_of_reach: tuple[tuple[str, int], ...]
    """What cannot be done again, and how often there was any; results may differ for its sake."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A time at which the database was worked on."""

    at: datetime
    steps: frozenset[str]
    night: Night | None = None
    day: date | None = None
    """None: somebody made a plan by hand, or the night failed; there is nothing to compare."""


def is_past(engine: Engine, workspace: str, day: date) -> bool:
    """Say that the database knows more than a night of this day may know."""
    with reading(engine) as session:
        last = nights.latest(session, workspace)
        if last is not None and last.day > day:
            return True
        newest = reviews.time_span(session, workspace)[1]
        return newest is not None and newest > end_of(day)


def replay_night(setup: Setup, day: date, *, watch: Watch = Watch()) -> Replay:
    """Play every recorded night up to `day` again in a database of its own, and compare.

    Themes depend on the nights before, so all of them are played, in order, with what came in and
    was decided by then; plans that were made by hand are made again too. The database itself is
    only read. A day that was never run comes last, on what was known at its end.
    """
    with reading(setup.engine) as session, TemporaryDirectory(prefix="feedback-replay-") as folder:
        scratch = open_database(URL.create("sqlite", database=str(Path(folder) / "replay.db")))
        try:
            moments = _moments(session, setup.workspace, day)
            done = tuple(_play(session, replace(setup, engine=scratch), moments, watch))
        finally:
            scratch.dispose()
        return Replay(done, _out_of_reach(session, setup, moments))


def _moments(session: Session, workspace: str, day: date) -> list[_Moment]:
    found = nights.every(session, workspace, until=day)
    planned = set(known_at.plans_made(session, workspace))
    moments = [_of_night(night, is_planned=night.at in planned) for night in found]
    if day not in {moment.day for moment in moments}:
        whole = frozenset(step.name for step in REPEATED)
        at = max([end_of(day), *(night.at + APART for night in found)])
        moments.append(_Moment(at, whole, day=day))
    known = {moment.at for moment in moments}
    by_hand = {at for at in planned if at <= max(known)} - known
    moments += [_Moment(at, _BY_HAND) for at in by_hand]
    return sorted(moments, key=lambda moment: moment.at)


def _of_night(night: Night, *, is_planned: bool) -> _Moment:
    done = frozenset(step.name for step in night.steps if step.done)
    if is_planned:  # also where the night was killed before it could say so
        done |= _BY_HAND
    return _Moment(night.at, done, night, night.day if night.state == nights.DONE else None)


def _play(
    source: Session, setup: Setup, moments: Iterable[_Moment], watch: Watch
) -> Iterator[Replayed]:
    workspace, before = setup.workspace, None
    for moment in moments:
        window = Window(before, moment.at)
        with transaction(setup.engine) as session:
            known_at.copy_arrivals(source, session, workspace, window)
            known_at.copy_decisions(source, session, workspace, moment.at)
            redo(session, workspace, known_at.ticket_events(source, workspace, window))
        work = Work(setup, moment.at, watch=watch)
        for step in REPEATED:
            if step.name in moment.steps:
                step.run(work)
        if moment.day is not None:
            yield _compared(work, moment.day, moment.night)
        before = moment.at


def _compared(work: Work, day: date, night: Night | None) -> Replayed:
    setup = work.setup
    with reading(setup.engine) as session:
        result = night_result(
            session, setup.workspace, setup.taxonomy, model=work.model, now=work.at
        )
    if night is None:
        return Replayed(None, day, result, ())
    return Replayed(night.number, day, result, tuple(differences(night.result, result)))


def _out_of_reach(
    session: Session, setup: Setup, moments: Sequence[_Moment]
) -> tuple[tuple[str, int], ...]:
    found = changes.by_people(session, setup.workspace, moments[-1].at)
    figures = [
        {step.name: step.figures for step in moment.night.steps}
        for moment in moments
        if moment.night is not None
    ]
    mine = versions(setup)
    others = [each for each in figures if not mine.items() <= each.get(SCORE, mine).items()]
    late = sum(each.get(REPORT, {}).get("meanwhile", 0) for each in figures)
    found |= {"versions": len(others), "meanwhile": late}
    return tuple((name, count) for name, count in found.items() if count)
