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
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.build_report import build_report
from feedback_nlp.workflows.import_reviews import ImportReport, import_reviews
from feedback_nlp.workflows.input_files import check_files
from feedback_nlp.workflows.plan_themes import plan_themes
from feedback_nlp.workflows.progress import Stage, no_stages
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
    imports = import_files(
        setup.engine, setup.workspace, files, now=now, channel=channel, stage=stage
    )
    score(setup, stage=stage)
    plan_stored(setup, now=now, stage=stage)
    data, paths = report_stored(setup, out=out, stage=stage)
    return RunReport(imports, data, paths)


def import_files(
    engine: Engine,
    workspace: str,
    files: Sequence[Path],
    *,
    now: datetime,
    channel: str = DEFAULT_CHANNEL,
    stage: Stage = no_stages,
) -> tuple[tuple[Path, ImportReport], ...]:
    """Import each file and say what became of its lines, in order.

    Raises:
        InputError: a file is not there, and then none is imported; or one is unreadable as a
            whole, and then those before it are imported.
    """
    check_files(files)
    imports = []
    for file in files:
        with stage(f"导入 {file.name}", None) as progress:
            rows = read_table(file, now=now, channel=channel)
            report = import_reviews(
                engine, workspace, rows, source=str(file.resolve()), now=now, progress=progress
            )
        imports.append((file, report))
    return tuple(imports)


def score(setup: Setup, *, stage: Stage = no_stages) -> int:
    """Score every pending review and return how many there were."""
    model = setup.classifier.version
    with reading(setup.engine) as session:
        waiting = reviews.count_pending(session, setup.workspace, model=model)
    with stage("分析评论", waiting) as progress:
        return score_pending(setup.engine, setup.workspace, setup.classifier, progress=progress)


def plan_stored(setup: Setup, *, now: datetime, stage: Stage = no_stages) -> Plan:
    """Refresh themes, priorities and tickets from the stored opinions."""
    with stage("归纳主题、排优先级", None):
        return plan_themes(setup.engine, setup.workspace, setup.classifier, setup.taxonomy, now=now)


def report_stored(
    setup: Setup, *, out: Path, stage: Stage = no_stages
) -> tuple[ReportData, tuple[Path, ...]]:
    """Write what is stored into `out` and return what the report says and where its files are."""
    model = setup.classifier.version
    with stage("写报告", None):
        return build_report(setup.engine, setup.workspace, setup.taxonomy, model=model, out=out)
