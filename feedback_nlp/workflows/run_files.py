"""Run: from files of reviews to themes, tickets and a report, in one go. Safe to repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from feedback_nlp.channels.table import DEFAULT_CHANNEL, read_table
from feedback_nlp.pipeline import Plan
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy
from feedback_nlp.reports.content import ReportData
from feedback_nlp.storage import reviews
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.build_report import build_report
from feedback_nlp.workflows.import_reviews import ImportReport, import_reviews
from feedback_nlp.workflows.make_plan import make_plan
from feedback_nlp.workflows.progress import Stage, no_stages
from feedback_nlp.workflows.refresh_themes import refresh_themes
from feedback_nlp.workflows.score_pending import score_pending


@dataclass(frozen=True, slots=True)
class Setup:
    """What every step of a run needs: where to store, for whom, which model and label set."""

    engine: Engine
    workspace: str
    classifier: Classifier
    taxonomy: Taxonomy


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did: each file's import, what the report says, and where its files are."""

    imports: tuple[tuple[Path, ImportReport], ...]
    data: ReportData
    paths: tuple[Path, ...]


def run_files(
    setup: Setup,
    files: Sequence[Path],
    *,
    out: Path,
    now: datetime,
    channel: str = DEFAULT_CHANNEL,
    stage: Stage = no_stages,
) -> RunReport:
    """Import `files`, score what is new, refresh themes, plan, and write the report to `out`.

    Every step starts from what the database holds, so a run that was killed is repeated as it is
    and ends in the same state; a second run over the same files changes nothing.
    """
    imports = []
    for file in files:
        with stage(f"导入 {file.name}", None) as progress:
            rows = read_table(file, now=now, channel=channel)
            report = import_reviews(
                setup.engine,
                setup.workspace,
                rows,
                source=file.name,
                now=now,
                progress=progress,
            )
        imports.append((file, report))
    score(setup, stage=stage)
    with stage("归纳主题、排优先级", None):
        plan_stored(setup, now=now)
    with stage("写报告", None):
        data, paths = build_report(
            setup.engine, setup.workspace, setup.taxonomy, model=setup.classifier.version, out=out
        )
    return RunReport(tuple(imports), data, paths)


def score(setup: Setup, *, stage: Stage = no_stages) -> int:
    """Score every pending review and return how many there were."""
    model = setup.classifier.version
    with reading(setup.engine) as session:
        waiting = reviews.count_pending(session, setup.workspace, model=model)
    with stage("分析评论", waiting) as progress:
        return score_pending(setup.engine, setup.workspace, setup.classifier, progress=progress)


def plan_stored(setup: Setup, *, now: datetime) -> Plan:
    """Refresh themes, priorities and tickets from the stored opinions, in one transaction."""
    model = setup.classifier.version
    with transaction(setup.engine) as session:
        refresh_themes(session, setup.workspace, setup.classifier, setup.taxonomy, now=now)
        return make_plan(session, setup.workspace, setup.taxonomy, model=model, now=now)
