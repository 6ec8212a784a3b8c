"""Runs and nights -> schemas."""

from typing import Final

from api.cursors import Listing, number
from api.schemas.batches import FoundRunOut, InputOut, NightOut, NightsOut, RunsOut, StepOut
from feedback_nlp.records import CHINA, Night, Run
from feedback_nlp.reports.json_files import run_dict
from feedback_nlp.storage.runs import StoredRun

RUNS: Final[Listing[StoredRun]] = Listing("runs", (number,), lambda each: (each.number,))
NIGHTS: Final[Listing[Night]] = Listing("nights", (number,), lambda each: (each.number,))


def runs_page(found: list[StoredRun], limit: int) -> RunsOut:
    """Show a page of runs."""
    page, cursor = RUNS.cut(found, limit)
    return RunsOut(items=[run_out(each.digest, each.run) for each in page], next_cursor=cursor)


def run_out(digest: str, run: Run) -> FoundRunOut:
    """Show one run."""
    return FoundRunOut.model_validate(run_dict(run) | {"id": digest})


def nights_page(found: list[Night], limit: int) -> NightsOut:
    """Show a page of nights."""
    page, cursor = NIGHTS.cut(found, limit)
    return NightsOut(items=[night_out(each) for each in page], next_cursor=cursor)


def night_out(night: Night) -> NightOut:
    """Show one night."""
    return NightOut(
        number=night.number,
        day=night.day,
        at=night.at.astimezone(CHINA),
        state=night.state,
        inputs=[InputOut(name=name, sha256=digest) for name, digest in night.inputs],
        steps=[
            StepOut(name=step.name, done=step.done, figures=dict(step.figures))
            for step in night.steps
        ],
        result=dict(night.result),
        finished_at=night.finished_at and night.finished_at.astimezone(CHINA),
    )
