"""Import files: each sheet of each file through its channel into the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath
from typing import Final

from feedback_nlp import channels
from feedback_nlp.channels import Channel
from feedback_nlp.errors import InputError
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import Rejected
from feedback_nlp.storage import column_maps, rejections
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.imports import Origin
from feedback_nlp.tabular.columns import check_mapping, with_given
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.sheets import ReadOptions, Sheet
from feedback_nlp.workflows.corrections import Returns, without_marks
from feedback_nlp.workflows.import_sheet import ImportReport, Target, import_sheet
from feedback_nlp.workflows.input_files import check_files
from feedback_nlp.workflows.known_by import Passed, known_rows
from feedback_nlp.workflows.progress import Stage, no_stages


def _to_nobody(_sheet: str, _line: Rejected) -> None:
    """Drop a complaint."""


WORTH_SAYING: Final = 2
"""Headers another format must know beyond the generic table before it is suggested."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told what an import does while it does it."""

    stage: Stage = no_stages
    complain: Callable[[str, Rejected], None] = _to_nobody
    """Called with the name of the sheet and a rejected line, masked, as soon as it is kept."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What a person says about the files."""

    format: str = "table"
    channel: str | None = None
    """Name used where the file has none; None leaves it to the format."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Header -> field; wins over what was saved for the channel."""
    save_mapping: bool = False
    options: ReadOptions = ReadOptions()
    source: str | None = None
    """What the file is known by; None: its full path."""


@dataclass(frozen=True, slots=True)
class SheetImport:
    """What became of one sheet."""

    name: str
    report: ImportReport
    notes: tuple[str, ...] = ()
    corrected: int = 0
    """Rejected rows of earlier imports that came back in this sheet."""
    later: int = 0
    """Rows of moments after `Target.now`, where that lies in the past, and rows that were longer
    later; nothing of that is stored."""
    number: int = 0
    """Of the import."""


def import_files(
    target: Target,
    files: Sequence[Path],
    *,
    intake: Intake = Intake(),
    watch: Watch = Watch(),
) -> tuple[SheetImport, ...]:
    """Import every sheet of every file and say what became of it, in order.

    Raises:
        InputError: a file is not there, and then none is imported; or one is unreadable as a
            whole, or a mapped column is missing, and then those before it are imported and no
            map is saved.
    """
    check_files(files)
    reader = channels.named(intake.format)
    channel = reader.default_channel if intake.channel is None else intake.channel
    mapping = _mapping(target, intake, channel)
    done = []
    for file in files:
        with faults_masked():
            for sheet in sheets_of(file, intake, with_given(reader.fields, mapping)):
                source = source_of(file, sheet, known_by=intake.source)
                origin = Origin(source, intake.format, channel, mapping, sheet.notes)
                with _hinting(sheet, intake):
                    done.append(_import_one(target, sheet, reader, origin, watch))
    if intake.save_mapping:
        kind = (channel, intake.format)
        with transaction(target.engine) as session:
            column_maps.save(session, target.workspace, *kind, mapping, now=target.now)
    return tuple(done)


def sheets_of(file: Path, intake: Intake, known: Mapping[str, tuple[str, ...]]) -> Iterator[Sheet]:
    """Open the sheets of a file; their notes are masked and say when another format fits better.

    Raises:
        InputError: the file cannot be read, or a sheet lacks a column that a person named.
    """
    for sheet in open_sheets(file, intake.options, known=known):
        if sheet.header and not sheet.part:
            check_mapping(intake.mapping, sheet.header, sheet.name)
        notes = (*sheet.notes, *_suggestion(sheet, intake))
        yield replace(sheet, notes=tuple(mask(note).text for note in notes))


@contextmanager
def _hinting(sheet: Sheet, intake: Intake) -> Iterator[None]:
    """Add to an error which format would fit."""
    try:
        yield
    except InputError as error:
        raise InputError("；".join((str(error), *_suggestion(sheet, intake)))) from None


def _suggestion(sheet: Sheet, intake: Intake) -> Iterator[str]:
    """Say what a table read as any table looks like; a guess is shown, never imported by."""
    if intake.format != "table" or not sheet.header:
        return
    found, plain = channels.guess(sheet.header), channels.named("table")
    more = len(channels.named(found).columns(sheet.header)) - len(plain.columns(sheet.header))
    if more >= WORTH_SAYING:
        yield f"看起来像{channels.named(found).title}，可改用 --format {found} 重新导入"


@contextmanager
def faults_masked() -> Iterator[None]:
    """Mask what an error quotes: the header of a file without one is somebody's review."""
    try:
        yield
    except InputError as error:
        raise InputError(mask(str(error)).text) from None


def source_of(file: Path, sheet: Sheet, *, known_by: str | None = None) -> str:
    """Name a sheet by its full path: the same file gives the same rejected lines anew."""
    source = f"{known_by or file.resolve()}{sheet.name.removeprefix(str(file))}"
    return source.encode("utf-8", "backslashreplace").decode()  # a file name need not be text


def _mapping(target: Target, intake: Intake, channel: str) -> dict[str, str]:
    """Return what was asked for now and, for other fields, the saved map of the channel."""
    with reading(target.engine) as session:
        saved = column_maps.load(session, target.workspace, channel, intake.format)
    asked = set(intake.mapping.values())
    return {
        **{header: name for header, name in saved.items() if name not in asked},
        **intake.mapping,
    }


def _import_one(
    target: Target, sheet: Sheet, reader: Channel, origin: Origin, watch: Watch
) -> SheetImport:
    returns = Returns(target.engine, target.workspace)
    unmarked = without_marks(sheet, returns)
    clock = target.clock or target.now
    rows = reader.read(unmarked, now=clock, channel=origin.channel, given=origin.mapping)
    passed = Passed()
    if target.clock is not None:
        rows = known_rows(rows, until=target.now, passed=passed)
    with watch.stage(f"导入 {PurePath(sheet.name).name}", None) as progress:
        complain = partial(watch.complain, sheet.name)
        numbers: list[int] = []
        report = import_sheet(
            target,
            rows,
            origin=origin,
            progress=progress,
            complain=complain,
            began=numbers.append,
        )
    # What this very file rejected before is open when it was met again, and forgotten if not.
    places = [place for place in returns.places if place[0] != origin.source]
    if places:
        with transaction(target.engine) as session:
            rejections.correct(session, target.workspace, places, now=target.now)
    done = (len(returns.places), passed.count, *numbers)
    return SheetImport(sheet.name, report, sheet.notes, *done)
