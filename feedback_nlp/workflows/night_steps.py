"""The steps of a night, in order. Each one can be repeated: it starts from what is stored."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from feedback_nlp.storage import alerts, changes, nights, reviews, verifications
from feedback_nlp.storage.database import reading
from feedback_nlp.text.segment import LEXICON_VERSION
from feedback_nlp.themes.recipes import suited
from feedback_nlp.themes.trend import day_of
from feedback_nlp.workflows.browse_sla import sla_standing
from feedback_nlp.workflows.build_report import SCREENING
from feedback_nlp.workflows.escalate import escalate_overdue
from feedback_nlp.workflows.import_files import Intake, SheetImport, Watch, import_files
from feedback_nlp.workflows.import_sheet import ImportReport, Target
from feedback_nlp.workflows.night_inputs import NightFile
from feedback_nlp.workflows.run_files import (
    arrange_stored,
    report_stored,
    score,
    screen_stored,
    watch_stored,
)
from feedback_nlp.workflows.setup import Setup
from feedback_nlp.workflows.verify_fixes import verify_fixes

Figures = Mapping[str, Any]
"""What a step did, as numbers, ids and names of files; the same however often it was begun."""

IMPORT: Final = "import"
SCORE: Final = "score"
REPORT: Final = "report"


@dataclass(frozen=True, slots=True)
class Work:
    """What the steps of one night work on."""

    setup: Setup
    at: datetime
    """The night's clock."""
    files: tuple[NightFile, ...] = ()
    intake: Intake = Intake()
    watch: Watch = Watch()
    out: Path | None = None
    """Where the report goes; None for a night that writes none."""
    clock: datetime | None = None
    """The real time, where the night's clock is behind it."""

    @property
    def model(self) -> str:
        """Name the model."""
        return self.setup.classifier.version


@dataclass(frozen=True, slots=True)
class NightStep:
    """One step: its name in data, and what it does."""

    name: str
    run: Callable[[Work], Figures]


def versions(setup: Setup) -> dict[str, str]:
    """Say by what a result is made; another one need not give the same."""
    model = setup.classifier.version
    return {
        "model": model,
        "recipe": suited(model).name,
        "lexicon": LEXICON_VERSION,
        "screening": SCREENING,
        "taxonomy": setup.taxonomy.version,
    }


def _import(work: Work) -> Figures:
    setup = work.setup
    target = Target(setup.engine, setup.workspace, work.at, setup.privacy, work.clock)
    with reading(setup.engine) as session:
        taken = nights.taken_files(session, setup.workspace)
    files = []
    for file in work.files:
        figures: Figures = {"skipped": True, "later": 0}
        if file.key not in taken:
            done = import_files(target, [file.path], intake=work.intake, watch=work.watch)
            figures = _sums(done)
        files.append({"name": file.path.name, "sha256": file.sha256, **figures})
    with reading(setup.engine) as session:
        new = reviews.count(session, setup.workspace, imported_at=work.at)
    return {"new": new, "files": files}


def _sums(sheets: tuple[SheetImport, ...]) -> Figures:
    report = sum((each.report for each in sheets), start=ImportReport())
    return {
        "skipped": False,
        "rows": report.added + report.revised + report.unchanged,
        "rejected": report.rejected,
        "refused": report.refused,
        "later": sum(each.later for each in sheets),
    }


def _score(work: Work) -> Figures:
    setup = work.setup
    score(setup, stage=work.watch.stage)
    with reading(setup.engine) as session:
        return {**versions(setup), "reviews": reviews.count(session, setup.workspace)}


def _screen(work: Work) -> Figures:
    return dict(screen_stored(work.setup, now=work.at, stage=work.watch.stage).held)


def _plan(work: Work) -> Figures:
    plan = arrange_stored(work.setup, now=work.at, stage=work.watch.stage)
    return {
        "themes": len(plan.priorities),
        "tickets": len(plan.tickets),
        "scheduled": len(plan.schedule.slots),
        "waiting": len(plan.schedule.waiting),
    }


def _alerts(work: Work) -> Figures:
    setup = work.setup
    watch_stored(setup, now=work.at, stage=work.watch.stage)
    with reading(setup.engine) as session:
        day = day_of(reviews.time_span(session, setup.workspace)[1] or work.at)
        told = alerts.open_on(session, setup.workspace, day)
    return dict(sorted(Counter(alert.kind.value for alert in told).items()))


def _verify(work: Work) -> Figures:
    setup = work.setup
    with work.watch.stage("验证修复", None):
        verify_fixes(setup.engine, setup.workspace, model=work.model, now=work.at)
    with reading(setup.engine) as session:
        found = verifications.latest(session, setup.workspace).values()
    return dict(sorted(Counter(each.verdict.value for each in found).items()))


def _sla(work: Work) -> Figures:
    setup, workspace, taxonomy = work.setup, work.setup.workspace, work.setup.taxonomy
    with work.watch.stage("查看时限", None):
        escalate_overdue(setup.engine, workspace, model=work.model, now=work.at, taxonomy=taxonomy)
        with reading(setup.engine) as session:
            found = sla_standing(
                session, workspace, model=work.model, now=work.at, taxonomy=taxonomy
            )
    return {"overdue": found.overdue, "soon": found.soon, "escalated": found.escalated}


def _report(work: Work) -> Figures:
    setup = work.setup
    paths: tuple[Path, ...] = ()
    if work.out is not None:
        _, paths = report_stored(setup, out=work.out, stage=work.watch.stage)
    with reading(setup.engine) as session:
        mark = changes.mark(session, setup.workspace)
        meanwhile = changes.came_after(session, setup.workspace, work.at)
    return {"written": [path.name for path in paths], "mark": mark, "meanwhile": meanwhile}


STEPS: Final = (
    NightStep(IMPORT, _import),
    NightStep(SCORE, _score),
    NightStep("screen", _screen),
    NightStep("plan", _plan),
    NightStep("alerts", _alerts),
    NightStep("verify", _verify),
    NightStep("sla", _sla),
    NightStep(REPORT, _report),
)
"""In this order; `plan` finds themes, ranks them and keeps tickets and schedule in one go."""
REPEATED: Final = tuple(step for step in STEPS if step.name not in {IMPORT, REPORT})
"""What a replay does once it has what had come in."""
