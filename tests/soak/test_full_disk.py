"""A disk that fills up in the middle of an import: nothing accepted is lost or doubled."""

from pathlib import Path

import pytest
from imports import run, stored, write_reviews
from small_disks import SmallDisk

from feedback_nlp.storage.database import open_database

pytestmark = pytest.mark.soak
ROWS = 30_000
ROOM_MB = 8


def test_a_full_disk_stops_the_import_and_a_larger_one_finishes_it(
    small_disk: SmallDisk, small_database: str, second_database_url: str, tmp_path: Path
) -> None:
    file = write_reviews(tmp_path / "评论.csv", ROWS, broken_every=100)
    open_database(small_database).dispose()
    small_disk.leave(ROOM_MB)
    stopped = run(file, small_database)
    assert stopped.code == 1, stopped
    assert "Traceback" not in stopped.complaints
    assert "磁盘已满" in stopped.complaints
    small_disk.resize(400)
    kept, _, _ = stored(small_database)
    assert 0 < kept < ROWS * 0.99, "the disk was never full half-way"
    assert run(file, small_database).code == 3
    assert run(file, second_database_url).code == 3
    assert stored(small_database) == stored(second_database_url)
