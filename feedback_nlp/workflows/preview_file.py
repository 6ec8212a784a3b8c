"""Preview: what an import would make of a file, without storing anything."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from feedback_nlp import channels
from feedback_nlp.channels import Channel
from feedback_nlp.errors import InputError
from feedback_nlp.privacy.cells import mask_cell
from feedback_nlp.privacy.mask import mask
from feedback_nlp.records import Rejected
from feedback_nlp.tabular.columns import check_mapping, with_given
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.preview import Preview, preview
from feedback_nlp.tabular.sheets import Row, Sheet
from feedback_nlp.workflows.import_files import Intake, faults_masked
from feedback_nlp.workflows.input_files import check_files
from feedback_nlp.workflows.rejected_lines import protect_rejected

SCAN: Final = 1000
"""Rows of each sheet that a preview tries to import."""
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What an import would make of the beginning of one sheet."""

    found: Preview
    """Personal data in its rows is masked."""
    suggested: str
    """Name of the format whose columns fit best."""
    usable: int
    """Records that would be stored; a questionnaire's row may give two."""
    rejected: int
    reasons: tuple[Rejected, ...]
    """The first of the rejected lines, masked."""
    problem: str | None
    """Why nothing of the sheet could be imported."""


def preview_file(path: Path, intake: Intake, *, now: datetime) -> Iterator[SheetPreview]:
    """Yield a preview of every sheet, from its first 1000 rows.

    Raises:
        InputError: the file is not there or cannot be read at all.
    """
    check_files([path])
    reader = channels.named(intake.format)
    known = with_given(reader.fields, intake.mapping)
    found = preview(
        path,
        options=intake.options,
        known=reader.fields,
        given=intake.mapping,
        rows=SHOWN,
        scan=SCAN,
    )
    with faults_masked():
        for sheet, seen in zip(open_sheets(path, intake.options, known=known), found, strict=True):
            yield _tried(sheet, seen, reader, intake, now)


def _tried(
    sheet: Sheet, seen: Preview, reader: Channel, intake: Intake, now: datetime
) -> SheetPreview:
    first = replace(sheet, rows=islice(sheet.rows, SCAN))
    usable, rejected, problem = 0, list[Rejected](), None
    try:
        if sheet.header:
            check_mapping(intake.mapping, sheet.header, sheet.name)
        for arrival in reader.read(first, now=now, given=intake.mapping):
            if isinstance(arrival, Rejected):
                rejected.append(arrival)
            else:
                usable += 1
    except InputError as error:
        problem = mask(str(error)).text
    columns = reader.columns(seen.header, intake.mapping)
    unmatched = [name for name in seen.header if name not in columns.values()]
    found = replace(
        _masked(seen),
        columns=tuple((field, mask(name).text) for field, name in columns.items()),
        unmatched=tuple(mask(name).text for name in unmatched),
    )
    return SheetPreview(
        found=found,
        suggested=channels.guess(seen.header),
        usable=usable,
        rejected=len(rejected),
        reasons=tuple(protect_rejected(line) for line in rejected[:SHOWN]),
        problem=problem,
    )


def _masked(seen: Preview) -> Preview:
    """Mask cells, remarks and headers: the header of a file without one is somebody's review."""
    return replace(
        seen,
        header=tuple(mask(name).text for name in seen.header),
        rows=tuple(
            Row(
                row.line,
                {mask(name).text: mask_cell(name, cell)[0] for name, cell in row.cells.items()},
            )
            for row in seen.rows
        ),
        rejected=tuple(map(protect_rejected, seen.rejected)),
        notes=tuple(mask(note).text for note in seen.notes),
    )
