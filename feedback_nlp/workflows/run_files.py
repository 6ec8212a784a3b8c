"""Run: from files of reviews to themes, tickets and a report, in one go. Safe to repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feedback_nlp.pipeline import Plan
from feedback_nlp.records import Alert
from feedback_nlp.reports.content import ReportData
from feedback_nlp.storage import reviews
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.build_report import build_report
from feedback_nlp.workflows.import_files import (
    Intake,
    SheetImport,
    Watch,
    import_files,
)
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.plan_themes import plan_themes
from feedback_nlp.workflows.progress import Stage, no_stages
from feedback_nlp.workflows.score_pending import score_pending
from feedback_nlp.workflows.screen_reviews import Screened, screen_reviews
from feedback_nlp.workflows.setup import Setup
from feedback_nlp.workflows.watch_themes import watch_themes


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did: each sheet's import, what the report says, and where its files are."""

    imports: tuple[SheetImport, ...]
    data: ReportData
    paths: tuple[Path, ...]


def run_files(
    setup: Setup,
    files: Sequence[Path],
    *,
    out: Path,
    now: datetime,
    intake: Intake = Intake(),
    watch: Watch = Watch(),
) -> RunReport:
    """Import `files`, score and screen what is new, refresh themes, plan, and write the report.

    Every step starts from what the database holds, so a run that was killed is repeated as it is
    and ends in the same state; a second run over the same files changes nothing.
    """
    target = Target(setup.engine, setup.workspace, now, setup.privacy)
    imports = import_files(target, files, intake=intake, watch=watch)
    score(setup, stage=watch.stage)
    plan_stored(setup, now=now, stage=watch.stage)
    data, paths = report_stored(setup, out=out, stage=watch.stage)
    return RunReport(imports, data, paths)


def score(setup: Setup, *, stage: Stage = no_stages) -> int:
    """Score every pending review and return how many there were."""
    model = setup.classifier.version
    with reading(setup.engine) as session:
        waiting = reviews.count_pending(session, setup.workspace, model=model)
    with stage("分析评论", waiting) as progress:
        return score_pending(setup.engine, setup.workspace, setup.classifier, progress=progress)


def screen_stored(setup: Setup, *, now: datetime, stage: Stage = no_stages) -> Screened:
    """Find the reviews that should not count for now."""
    with stage("检查重复和垃圾评论", None):
        return screen_reviews(
            setup.engine, setup.workspace, model=setup.classifier.version, now=now
        )


def arrange_stored(setup: Setup, *, now: datetime, stage: Stage = no_stages) -> Plan:
    """Find every candidate its theme, rank the themes and keep their tickets."""
    with stage("归纳主题、排优先级", None):
        return plan_themes(setup.engine, setup.workspace, setup.classifier, setup.taxonomy, now=now)


def watch_stored(setup: Setup, *, now: datetime, stage: Stage = no_stages) -> list[Alert]:
    """Store the alerts of the newest day."""
    with stage("查看预警", None):
        return watch_themes(setup.engine, setup.workspace, model=setup.classifier.version, now=now)


def plan_stored(setup: Setup, *, now: datetime, stage: Stage = no_stages) -> Plan:
    """Refresh quarantine, themes, priorities, tickets and alerts from what is stored."""
    screen_stored(setup, now=now, stage=stage)
    plan = arrange_stored(setup, now=now, stage=stage)
    watch_stored(setup, now=now, stage=stage)
    return plan


def report_stored(
    setup: Setup, *, out: Path, stage: Stage = no_stages
) -> tuple[ReportData, tuple[Path, ...]]:
    """Write what is stored into `out` and return what the report says and where its files are."""
    model = setup.classifier.version
    with stage("写报告", None):
        return build_report(setup.engine, setup.workspace, setup.taxonomy, model=model, out=out)
