"""Post a file: the body of one request, spooled to disk, through the usual import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from feedback_nlp import channels
from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.storage import reviews
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.import_files import Intake, SheetImport, Watch, import_files
from feedback_nlp.workflows.import_sheet import ImportReport, Target

SHOWN: Final = 100
"""Rejected lines that are told at once; all are kept with the import."""
NAMED: Final = "请求体"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One body and what its sender says about it."""

    path: Path
    digest: str
    """Of its bytes: the same body is the same source, so sending it again is the same import."""
    channel: str
    format: str = "table"
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a delivery."""

    imports: tuple[int, ...]
    """Numbers of the imports: one, or one for each table of an archive or a workbook."""
    report: ImportReport
    rejected: tuple[Rejected, ...]
    """The first ones, masked."""
    notes: tuple[str, ...]
    pending: int
    """Reviews of the whole workspace that wait for the model."""


def post_file(target: Target, delivery: Delivery, *, model: str) -> Delivered:
    """Import a body; what was stored before it was killed stays, and comes back unchanged.

    Raises:
        InputError: the body cannot be read as a whole; what was read of it before is stored.
    """
    rejected: list[Rejected] = []

    def complain(_sheet: str, line: Rejected) -> None:
        if len(rejected) < SHOWN:
            rejected.append(line)

    intake = Intake(
        delivery.format,
        delivery.channel,
        delivery.mapping,
        source=f"api:{delivery.channel}:{delivery.digest}",
    )
    channels.named(delivery.format)
    try:
        done = import_files(target, [delivery.path], intake=intake, watch=Watch(complain=complain))
    except InputError as error:  # the sender knows no path of ours
        raise InputError(str(error).replace(str(delivery.path), NAMED)) from None
    with reading(target.engine) as session:
        pending = reviews.count_pending(session, target.workspace, model=model)
    return _delivered(done, rejected, pending, path=str(delivery.path))


def _delivered(
    done: tuple[SheetImport, ...], rejected: list[Rejected], pending: int, *, path: str
) -> Delivered:
    return Delivered(
        imports=tuple(each.number for each in done),
        report=sum((each.report for each in done), ImportReport()),
        rejected=tuple(rejected),
        notes=tuple(note.replace(path, NAMED) for each in done for note in each.notes),
        pending=pending,
    )
