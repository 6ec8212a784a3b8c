from pathlib import Path

import pytest
from hostile.catalogue import HOSTILE
from hostile.record import HostileFile

from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected
from feedback_nlp.tabular.columns import match_columns, missing_text_column
from feedback_nlp.tabular.files import open_sheets
from feedback_nlp.tabular.sheets import Row


def read(path: Path) -> tuple[list[Row], list[Rejected], list[str]]:
    """Read as a channel does: a table without a text column is refused."""
    good: list[Row] = []
    rejected: list[Rejected] = []
    notes: list[str] = []
    for sheet in open_sheets(path):
        notes += sheet.notes
        if sheet.header and "text" not in match_columns(sheet.header):
            raise InputError(f"{sheet.name}: {missing_text_column(sheet.header)}")
        for row in sheet.rows:
            if isinstance(row, Row):
                good.append(row)
            else:
                rejected.append(row)
    return good, rejected, notes


def test_there_are_at_least_a_hundred_different_files() -> None:
    assert len({file.what for file in HOSTILE}) == len(HOSTILE) >= 100
    assert len({file.name for file in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("file", HOSTILE, ids=[file.what for file in HOSTILE])
def test_hostile_file_gives_a_clear_error_or_exact_counts(
    file: HostileFile, tmp_path: Path
) -> None:
    path = file.build(tmp_path)
    if file.error:
        with pytest.raises(InputError) as refused:
            read(path)
        assert file.error in str(refused.value)
        assert str(path) in str(refused.value)
        return
    good, rejected, notes = read(path)
    assert (len(good), len(rejected)) == (file.good, file.rejected)
    assert file.said in "\n".join([*notes, *(line.reason for line in rejected)])
    assert all(line.reason for line in rejected)
    for row in good:
        "".join([*row.cells, *row.cells.values()]).encode()
