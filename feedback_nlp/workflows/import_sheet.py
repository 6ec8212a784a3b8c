"""Import: the rows of one sheet -> stored records and kept rejections. Safe to repeat."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import (
    Arrival,
    Customer,
    Exposure,
    Order,
    Rejected,
    Review,
    SurveyAnswer,
    UsageEvent,
)
from feedback_nlp.storage import (
    customers,
    exposure,
    imports,
    orders,
    rejections,
    reviews,
    surveys,
    usage,
)
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.imports import Origin
from feedback_nlp.storage.reviews import Added
from feedback_nlp.workflows.incoming import Incoming, admitted, take_in
from feedback_nlp.workflows.progress import Progress, silent
from feedback_nlp.workflows.protect import Privacy, is_flagged

BATCH: Final = 1000

Complain = Callable[[Rejected], None]
"""Told of each rejected line, masked, as soon as it is stored."""


def to_nobody(_line: Rejected) -> None:
    """Drop a complaint."""


def unnumbered(_number: int) -> None:
    """Drop the number of an import."""


_STORES: Final[dict[type[Arrival], Callable[..., Added]]] = {
    SurveyAnswer: surveys.add,
    UsageEvent: usage.add,
    Exposure: exposure.add,
    Customer: customers.add,
    Order: orders.add,
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where imported records go, when, and how personal data is treated on the way."""

    engine: Engine
    workspace: str
    now: datetime
    privacy: Privacy = Privacy()
    clock: datetime | None = None
    """What bounds dates in files where `now` is a moment of the past: rows of later moments are
    then passed over, as they were not there yet."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every record that was read."""

    added: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: int = 0
    refused: int = 0
    """Records of people who asked to be erased; nothing of them is kept."""
    garbled: int = 0
    """Reviews among the stored ones whose text looks garbled."""

    def __add__(self, other: "ImportReport") -> "ImportReport":
        """Add up two parts of an import."""
        return ImportReport(
            self.added + other.added,
            self.revised + other.revised,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
            self.refused + other.refused,
            self.garbled + other.garbled,
        )


def import_sheet(
    target: Target,
    rows: Iterable[Arrival | Rejected],
    *,
    origin: Origin,
    progress: Progress = silent,
    complain: Complain = to_nobody,
    began: Callable[[int], None] = unnumbered,
) -> ImportReport:
    """Store `rows` in transactions of 1000; what was stored survives a crash.

    Personal data is masked first, and nothing of a person who was erased is stored. `progress`
    counts rows, `began` is told the number of the import. A file that turns out unreadable
    half-way raises, and keeps the rows before that point; the rejections of earlier imports go
    only when this one is complete.
    """
    engine, workspace, now = target.engine, target.workspace, target.now
    with transaction(engine) as session:
        import_id = imports.begin(session, workspace, origin, now=now)
    began(import_id)
    report = ImportReport()
    for batch in _batches(rows):
        masked = take_in(batch, target.privacy)
        with transaction(engine) as session:
            welcome = admitted(session, workspace, masked, key=target.privacy.key)
            lines = [line for line, _ in welcome.lines]
            part = _store(session, target, welcome)
            part += ImportReport(rejected=len(lines), refused=len(masked) - len(welcome))
            rejections.add(session, workspace, origin.source, lines, import_id=import_id, now=now)
            imports.count_up(session, workspace, import_id, asdict(part))
        for line in lines:
            complain(line)
        report += part
        progress(len(batch))
    with transaction(engine) as session:
        imports.finish(session, workspace, import_id, now=now)
    return report


def _store(session: Session, target: Target, welcome: Incoming) -> ImportReport:
    """Store records of any kind, those of each kind together, in order."""
    workspace, now = target.workspace, target.now
    kinds: dict[type[Arrival], list[Any]] = defaultdict(list)
    for each in welcome.arrivals:
        kinds[type(each)].append(each)
    report = ImportReport(garbled=sum(map(is_flagged, welcome.arrivals)))
    for kind, items in kinds.items():
        if kind is Review:
            stored = reviews.add(session, workspace, items, now=now, originals=welcome.originals)
        else:
            stored = _STORES[kind](session, workspace, items, now=now)
        report += ImportReport(stored.added, stored.revised, stored.unchanged)
    return report


def _batches(rows: Iterable[Arrival | Rejected]) -> Iterator[list[Arrival | Rejected]]:
    """Cut into batches; rows read before the reader raises are given before that goes on."""
    batch: list[Arrival | Rejected] = []
    iterator = iter(rows)
    broken: FeedbackError | None = None
    while broken is None:
        try:
            batch.append(next(iterator))
        except StopIteration:
            break
        except FeedbackError as error:
            broken = error
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
    if broken is not None:
        raise broken
