"""Backups are whole, taken while others write, checked, and restored without surprises."""

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from databases import every_row
from full_database import content, fill, review_row
from sqlalchemy import Engine, insert, text
from storage_samples import HOME

from feedback_nlp.errors import ConflictError, InputError, StorageError
from feedback_nlp.storage import tables
from feedback_nlp.storage.backup import back_up, check_backup, restore
from feedback_nlp.storage.database import open_database, open_unmigrated, reading, transaction
from feedback_nlp.storage.schema import downgrade, newest_revision


@pytest.fixture
def full(engine: Engine) -> Engine:
    with transaction(engine) as session:
        fill(session, HOME)
    return engine


@pytest.fixture
def saved(full: Engine, database_url: str, tmp_path: Path) -> Path:
    """A backup of the full database."""
    full.dispose()
    return back_up(database_url, tmp_path / "saved.db").path


def rows_in(url: str) -> list[str]:
    engine = open_database(url)
    try:
        return every_row(engine)
    finally:
        engine.dispose()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if "feedback.db" not in path.name}


def test_a_backup_holds_every_row_in_one_file(
    full: Engine, database_url: str, tmp_path: Path
) -> None:
    found = back_up(database_url, tmp_path / "b.db")
    assert found.path == tmp_path / "b.db"
    assert found.size == found.path.stat().st_size
    assert found.rows == sum(map(len, content().values()))
    assert found.revision == newest_revision()
    assert names_in(tmp_path) == {"b.db"}
    assert rows_in(f"sqlite:///{tmp_path}/b.db") == every_row(full)


def test_a_later_backup_replaces_an_earlier_one(
    full: Engine, saved: Path, database_url: str
) -> None:
    with transaction(full) as session:
        fill(session, "more")
    assert back_up(database_url, saved).rows == 2 * sum(map(len, content().values()))


def test_a_restored_database_is_what_was_saved(full: Engine, saved: Path, fresh_url: str) -> None:
    assert restore(saved, fresh_url) == check_backup(saved)
    assert rows_in(fresh_url) == every_row(full)


def test_a_backup_moves_to_the_other_kind_of_database(
    full: Engine, saved: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/moved.db"
    restore(saved, url)
    assert rows_in(url) == every_row(full)


def test_an_existing_database_is_overwritten_only_when_asked(
    full: Engine, saved: Path, database_url: str
) -> None:
    with transaction(full) as session:
        fill(session, "more")
    more = every_row(full)
    full.dispose()
    with pytest.raises(ConflictError, match=r"已存在|已有数据"):
        restore(saved, database_url)
    assert rows_in(database_url) == more
    restore(saved, database_url, overwrite=True)
    assert rows_in(database_url) == [row for row in more if f"'{HOME}'" in row]


def test_a_backup_taken_while_others_write_is_one_moment(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    """A writer stores reviews by the hundred; a backup never shows a part of such a batch."""
    enough, begun = Event(), Event()

    def write() -> None:
        batch = 0
        while not enough.is_set():
            rows = [
                review_row(f"{batch}-{number}", "卡" * 50, None) | {"workspace_id": HOME}
                for number in range(100)
            ]
            with transaction(engine) as session:
                session.execute(insert(tables.reviews), rows)
            batch += 1
            begun.set()

    writer = Thread(target=write)
    writer.start()
    begun.wait(30)
    try:
        sizes = [back_up(database_url, tmp_path / f"{n}.db").rows for n in range(4)]
    finally:
        enough.set()
        writer.join()
    assert [size % 100 for size in sizes] == [0, 0, 0, 0]
    assert sizes == sorted(sizes)
    assert sizes[0] > 0


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """Let the kernel refuse to make any file larger, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_backup_that_does_not_fit_leaves_the_earlier_one(
    full: Engine, saved: Path, database_url: str, tmp_path: Path
) -> None:
    before = saved.read_bytes()
    with transaction(full) as session:
        fill(session, "more")
    full.dispose()  # the log is in the file now: reading it will write nothing
    with no_file_above(50_000), pytest.raises(StorageError, match=r"磁盘|文件大小"):
        back_up(database_url, saved)
    assert saved.read_bytes() == before
    assert names_in(tmp_path) == {"saved.db"}


def test_a_restore_that_does_not_fit_leaves_the_database(saved: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/other/x.db"
    restore(saved, url)
    before = rows_in(url)
    with no_file_above(50_000), pytest.raises(StorageError, match=r"磁盘|文件大小"):
        restore(saved, url, overwrite=True)
    assert rows_in(url) == before


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        pytest.param(0, "不是本程序的备份", id="nothing left"),
        pytest.param(50, "已损坏|不是数据库", id="half a header"),
        pytest.param(100_000, "损坏", id="half the pages"),
        pytest.param(-4096, "损坏", id="the last page is missing"),
    ],
)
def test_a_truncated_backup_is_refused(
    saved: Path, database_url: str, keep: int, message: str
) -> None:
    saved.write_bytes(saved.read_bytes()[:keep])
    before = rows_in(database_url)
    with pytest.raises(StorageError, match=message):
        restore(saved, database_url, overwrite=True)
    assert rows_in(database_url) == before


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param("DROP TABLE alembic_version", "不是本程序", id="another program's"),
        pytest.param("UPDATE alembic_version SET version_num='9999'", "9999", id="newer"),
        pytest.param("DELETE FROM reviews", "引用", id="rows missing"),
    ],
)
def test_a_file_that_is_no_backup_of_ours_is_refused(
    saved: Path, fresh_url: str, spoil: str, message: str
) -> None:
    with closing(sqlite3.connect(saved)) as connection:
        connection.execute(spoil)
        connection.commit()
    with pytest.raises(StorageError, match=message):
        restore(saved, fresh_url)


def test_a_backup_that_is_not_there_is_explained(tmp_path: Path, fresh_url: str) -> None:
    with pytest.raises(StorageError, match="无法打开"):
        restore(tmp_path / "none.db", fresh_url)


def test_an_older_backup_is_migrated_and_stays_as_it_is(tmp_path: Path, fresh_url: str) -> None:
    old = tmp_path / "old.db"
    engine = open_database(f"sqlite:///{old}")
    downgrade(engine, "0001")
    engine.dispose()
    saved = back_up(f"sqlite:///{old}", tmp_path / "saved.db")
    assert saved.revision == "0001"
    before = saved.path.read_bytes()
    restore(saved.path, fresh_url)
    assert saved.path.read_bytes() == before
    assert rows_in(fresh_url) == []


def test_a_damaged_database_is_replaced(saved: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"rubbish" * 5_000)
    (tmp_path / "broken.db-wal").write_bytes(b"old log")
    restore(saved, f"sqlite:///{broken}", overwrite=True)
    assert len(rows_in(f"sqlite:///{broken}")) == check_backup(saved).rows


def test_a_database_in_use_is_not_replaced(saved: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/busy.db"
    restore(saved, url)
    engine = open_database(url)
    with reading(engine) as session:
        session.execute(text("SELECT 1 FROM reviews")).all()
        with pytest.raises(StorageError, match="还有程序在使用"):
            restore(saved, url, overwrite=True)
    engine.dispose()


def test_a_backup_never_goes_over_its_own_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    open_database(url).dispose()
    with pytest.raises(InputError, match="自己"):
        back_up(url, tmp_path / "a.db")
    with pytest.raises(InputError, match="自己"):
        restore(tmp_path / "a.db", url, overwrite=True)


def test_a_folder_that_is_missing_is_named(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="文件夹不存在"):
        back_up(database_url, tmp_path / "none" / "b.db")


def test_a_database_that_is_not_there_has_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"无法打开|不存在"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "b.db")
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("full")
def test_odd_file_names_are_fine(database_url: str, tmp_path: Path) -> None:
    found = back_up(database_url, tmp_path / "备份 ?mode=rw#1%41.db")
    assert found.path.exists()
    assert check_backup(found.path) == found


def test_reading_a_backup_leaves_it_as_it_is(saved: Path) -> None:
    copy = shutil.copy(saved, saved.with_name("copy.db"))
    check_backup(saved)
    open_unmigrated(f"sqlite:///{saved}").dispose()
    assert saved.read_bytes() == Path(copy).read_bytes()
