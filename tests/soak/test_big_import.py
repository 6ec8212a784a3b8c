"""300,000 rows in bounded memory; rows per second are printed, not asserted."""

import os
import pty
from pathlib import Path

import pytest
from imports import PROGRAM, run, stored, write_reviews

pytestmark = pytest.mark.soak
ROWS = int(os.environ.get("FEEDBACK_SOAK_ROWS", "300000"))
MAX_MB = 500


def test_import_of_many_rows_stays_below_500_mb(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_reviews(tmp_path / "很多评论.csv", ROWS, broken_every=1_000)
    done = run(file, database_url)
    with capsys.disabled():
        name = database_url.split(":", maxsplit=1)[0]
        print(  # noqa: T201 (the figure is what `make soak` is for)
            f"\n{name}: {ROWS:,} rows in {done.seconds:.0f} s, "
            f"{ROWS / done.seconds:,.0f} rows/s, peak {done.peak_mb:.0f} MB"
        )
    assert done.code == 3, done.complaints[-500:]
    assert done.complaints.count("\n") == ROWS // 1_000
    assert done.peak_mb < MAX_MB
    count, digest, rejected = stored(database_url)
    assert (count, rejected) == (ROWS - ROWS // 1_000, ROWS // 1_000)
    again = run(file, database_url)
    assert f"新增 0，更新 0，未变 {count}" in again.output
    assert stored(database_url) == (count, digest, rejected)


def test_import_shows_a_progress_bar_on_a_terminal(tmp_path: Path) -> None:
    file = write_reviews(tmp_path / "评论.csv", 5_000)
    shown = bytearray()

    def remember(descriptor: int) -> bytes:
        data = os.read(descriptor, 4096)
        shown.extend(data)
        return data

    database = f"sqlite:///{tmp_path / 'feedback.db'}"
    status = pty.spawn([str(PROGRAM), "import", str(file), "--db", database], remember)
    assert os.waitstatus_to_exitcode(status) == 0
    text = shown.decode("utf-8", "replace")
    assert "导入" in text
    assert "5000" in text
