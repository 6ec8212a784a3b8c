"""Night: import, score, plan, verify and report as one run that can be killed and repeated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from feedback_nlp.errors import FeedbackError, InputError
from feedback_nlp.records import CHINA, Night, Step
from feedback_nlp.storage import changes, nights
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.job_lock import Holder, only_one
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.import_files import Intake, Watch
from feedback_nlp.workflows.night_inputs import NightFile, gather
from feedback_nlp.workflows.night_manifest import Journal
from feedback_nlp.workflows.night_result import night_result
from feedback_nlp.workflows.night_steps import REPORT, SCORE, STEPS, Work, versions
from feedback_nlp.workflows.setup import Setup

Inputs = tuple[tuple[str, str], ...]
"""(file name, sha256) of each file."""
Clock = Callable[[], datetime]
"""Reads the real time."""

_LAST_SECOND: Final = time(23, 59, 59)
APART: Final = timedelta(microseconds=1)
"""Between two nights of one day of the past, so that what came in tells to which it belongs."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a night."""

    sources: Sequence[Path]
    """Files and folders."""
    out: Path
    day: date | None = None
    """A day of the past, of which only what was known at its end is taken; None: today."""
    again: bool = False
    """Also when nothing has changed since."""
    intake: Intake = field(default_factory=Intake)
    report: bool = True
    """Write the report into `out`; the manifest is always written."""


@dataclass(frozen=True, slots=True)
class NightReport:
    """What became of a night."""

    night: Night
    manifest: Path
    fresh: bool
    """False: nothing has changed since it was done, and nothing was done again."""
    fault: str | None = None
    """Why it failed, in Chinese."""

    @property
    def rejected(self) -> int:
        """Count the lines that could not be read."""
        files = [file for step in self.night.steps for file in step.figures.get("files", ())]
        return sum(file.get("rejected", 0) for file in files) if self.fresh else 0


def end_of(day: date) -> datetime:
    """Return the clock of a night that plays this day."""
    return datetime.combine(day, _LAST_SECOND, CHINA).astimezone(UTC)


def run_night(
    setup: Setup, order: Order, *, clock: Clock, me: Holder, watch: Watch = Watch()
) -> NightReport:
    """Run the night of today, or of a day of the past, from where it was interrupted.

    Each step is marked in the database once it is done, so a night that was killed is taken up
    again by the next one of its day: at its own clock, from the first step that is not marked.
    A finished night of the day is not repeated while nothing has changed.

    Raises:
        InputError: a path is not there, or the day is not over.
        StorageError: another night runs in this workspace.
    """
    files, now = gather(order.sources), clock()
    if order.day is not None and order.day >= day_of(now):
        raise InputError(f"--as-of {order.day}: 只能是已经过完的一天，早于 {day_of(now)}")
    with only_one(setup.engine, setup.workspace, me):
        order.out.mkdir(parents=True, exist_ok=True)
        night, fresh = _opened(setup, order, files, now)
        journal = Journal(order.out, setup, clock, replayed=order.day is not None)
        if not fresh:
            journal.mend(night)
            return NightReport(night, journal.path, fresh=False)
        out = order.out if order.report else None
        work = Work(setup, night.at, files, order.intake, watch, out)
        if order.day is not None or night.at < now:
            work = replace(work, clock=now)
        return _finished(work, night, journal)


def _opened(
    setup: Setup, order: Order, files: Sequence[NightFile], now: datetime
) -> tuple[Night, bool]:
    """Return the night to be run, new or interrupted; with False one that needs no run."""
    day, workspace = order.day or day_of(now), setup.workspace
    inputs = tuple(file.key for file in files)
    at = now if order.day is None else end_of(day)
    with transaction(setup.engine) as session:
        last = nights.latest(session, workspace)
        if last is not None:
            is_same = last.day == day and _same_versions(setup, last)
            if is_same and last.state != nights.DONE and last.inputs == inputs:
                return replace(last, state=nights.RUNNING), True
            if is_same and not order.again and _is_as_left(session, workspace, last, inputs):
                return last, False
            if last.state == nights.RUNNING:  # whoever ran it is gone: the lock is ours
                nights.put(session, workspace, replace(last, state=nights.FAILED))
            at = max(at, last.at + APART)
        fresh = Night(0, day, at, nights.RUNNING, inputs, steps=(), result={})
        return nights.add(session, workspace, fresh), True


def _is_as_left(session: Session, workspace: str, night: Night, inputs: Inputs) -> bool:
    """Say that a night is done, and that nothing came in, was decided or was planned since."""
    if night.state != nights.DONE:
        return False
    taken = nights.taken_files(session, workspace) | set(night.inputs)
    report = next(step.figures for step in night.steps if step.name == REPORT)
    # A night of its own day: what came in while it ran came too late for some of its steps.
    if report["meanwhile"] and night.at < end_of(night.day):
        return False
    left = report["mark"]
    return set(inputs) <= taken and changes.mark(session, workspace) == left


def _same_versions(setup: Setup, night: Night) -> bool:
    made_by = next((step.figures for step in night.steps if step.name == SCORE), {})
    return all(made_by.get(name, value) == value for name, value in versions(setup).items())


def _finished(work: Work, night: Night, journal: Journal) -> NightReport:
    journal.open(night)
    done = {step.name: step for step in night.steps if step.done}
    steps: list[Step] = []
    for step in STEPS:
        if step.name not in done:
            try:
                figures = step.run(work)
            except (FeedbackError, OSError) as error:
                return _failed(work, night, steps, step.name, error, journal)
            done[step.name] = Step(step.name, done=True, figures=figures)
        steps.append(done[step.name])
        night = replace(night, steps=tuple(steps))
        _put(work, night)
        journal.note(night)
    return NightReport(_closed(work, night, journal), journal.path, fresh=True)


def _closed(work: Work, night: Night, journal: Journal) -> Night:
    setup = work.setup
    with reading(setup.engine) as session:
        result = night_result(
            session, setup.workspace, setup.taxonomy, model=work.model, now=night.at
        )
    done = replace(night, state=nights.DONE, result=result, finished_at=journal.end_of(night))
    _put(work, done)
    journal.note(done)
    return done


def _failed(
    work: Work, night: Night, steps: Sequence[Step], name: str, error: Exception, journal: Journal
) -> NightReport:
    """Mark the night; the message of an error may quote a file, so it goes to the manifest only."""
    broken = Step(name, done=False, figures={"error": type(error).__name__})
    night = replace(night, state=nights.FAILED, steps=(*steps, broken))
    fault = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
    _put(work, night)
    journal.note(night, fault=fault)
    return NightReport(night, journal.path, fresh=True, fault=fault)


def _put(work: Work, night: Night) -> None:
    with transaction(work.setup.engine) as session:
        nights.put(session, work.setup.workspace, night)
