"""An import killed at any moment, then run again, ends where an undisturbed one does."""

import time
from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired

import pytest
from imports import run, start, stored, write_reviews

pytestmark = pytest.mark.soak
ROWS = 30_000
SHARES = (0.3, 0.5, 0.7, 0.85, 0.95)


def test_a_killed_import_keeps_each_accepted_row_exactly_once(
    database_url: str, second_database_url: str, tmp_path: Path
) -> None:
    file = write_reviews(tmp_path / "评论.csv", ROWS, broken_every=100)
    undisturbed = run(file, second_database_url)
    assert undisturbed.code == 3
    before = 0
    seen = []
    for share in SHARES:
        process = start(file, database_url)
        with suppress(TimeoutExpired):
            process.wait(undisturbed.seconds * share)
        process.kill()
        process.communicate()
        count, _, _ = stored(database_url)
        assert count >= before, "an accepted row was lost"
        before = count
        seen.append(count)
    assert any(0 < count < ROWS * 0.99 for count in seen), f"never killed half-way: {seen}"
    assert run(file, database_url).code == 3
    assert stored(database_url) == stored(second_database_url)


def test_two_processes_importing_the_same_file_give_one_result(
    database_url: str, second_database_url: str, tmp_path: Path
) -> None:
    file = write_reviews(tmp_path / "评论.csv", ROWS, broken_every=100)
    assert run(file, second_database_url).code == 3
    pair = [start(file, database_url)]
    time.sleep(0.3)
    pair.append(start(file, database_url))
    outputs = [process.communicate() for process in pair]
    assert [process.returncode for process in pair] == [3, 3], outputs
    assert stored(database_url) == stored(second_database_url)
