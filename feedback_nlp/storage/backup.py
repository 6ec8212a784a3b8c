"""Backup files: one SQLite file that holds everything, whatever the database it came from."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote

from sqlalchemy import URL

from feedback_nlp.errors import ConflictError, InputError, StorageError
from feedback_nlp.storage.copying import Copied, copy_database, to_nobody
from feedback_nlp.storage.database import open_database, sqlite_file
from feedback_nlp.storage.faults import meaning_of
from feedback_nlp.storage.schema import known_revisions

_SIDE_FILES: Final = ("-wal", "-shm", "-journal")
_WAIT_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A checked backup."""

    path: Path
    size: int
    """Bytes."""
    revision: str
    """Of the schema; an older one is migrated when it is restored."""
    rows: int
    """Of all tables together."""


def back_up(url: str, path: Path, *, copied: Copied = to_nobody) -> BackupFile:
    """Write a consistent copy of a database to `path` while others go on writing.

    The copy is checked and complete before it takes the place of an earlier backup of that name.
    A SQLite database is copied whole, whatever its schema; PostgreSQL through `copy_database`.

    Raises:
        StorageError: the database is not there or damaged, or the disk is full; an earlier
            backup is then still as it was.
        InputError: `path` is the database itself, or its folder is missing.
    """
    file = sqlite_file(url)
    if file is not None and file.exists() and path.exists() and file.samefile(path):
        raise InputError(f"备份文件不能是数据库自己：{path}")
    if not path.parent.is_dir():
        raise InputError(f"备份文件夹不存在：{path.parent}")
    with _written(path) as part:
        if file is None:
            copy_database(url, _url(part), copied=copied)
        else:
            _copy_file(file, part)
        _make_single(part)
        found = check_backup(part, named=path)
    return replace(found, path=path)


def check_backup(path: Path, *, named: Path | None = None) -> BackupFile:
    """Read a backup from end to end and say what it is; changes nothing.

    Raises:
        StorageError: not a backup of ours, truncated, damaged, or made by a newer version.
    """
    shown = named or path
    with _explained(shown), closing(_read_only(path)) as connection:
        faults = connection.execute("PRAGMA integrity_check(1)").fetchall()
        if faults != [("ok",)]:
            raise StorageError(f"备份文件 {shown} 已损坏（{faults[0][0]}），不能使用")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise StorageError(f"备份文件 {shown} 内容不完整（引用的行缺失），不能使用")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "alembic_version" not in tables:
            raise StorageError(f"文件 {shown} 不是本程序的备份")
        revision = _revision(connection)
        if revision not in known_revisions():
            raise StorageError(
                f"备份文件 {shown} 由更新版本的程序建立（结构版本 {revision}）；请先升级本程序"
            )
        return BackupFile(path, path.stat().st_size, revision, _count(connection))


def restore(
    path: Path, url: str, *, overwrite: bool = False, copied: Copied = to_nobody
) -> BackupFile:
    """Make the database at `url` what the backup holds, and migrate it to the newest schema.

    The backup is checked first. The target ends as it was or restored, never in between. Stop
    every other program that uses the target.

    Raises:
        ConflictError: the target exists (SQLite) or holds rows, and `overwrite` was not asked.
        StorageError: the backup is damaged, or the target is in use, full or unreachable.
    """
    backup = check_backup(path)
    file = sqlite_file(url)
    if file is None:
        _restore_elsewhere(path, url, overwrite=overwrite, copied=copied)
        return backup
    if file.exists() and file.samefile(path):
        raise InputError(f"备份文件不能是数据库自己：{path}")
    if file.exists() and not overwrite:
        raise ConflictError(f"数据库文件已存在，不会覆盖：{file}；确定要替换时请加 --overwrite")
    with _explained(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    with _written(file) as part:
        _copy_file(path, part)
        _migrated(part)
        _make_single(part)
        _retire(file)
    return backup


def _restore_elsewhere(path: Path, url: str, *, overwrite: bool, copied: Copied) -> None:
    """Copy through a migrated twin: the backup itself stays as it is."""
    with TemporaryDirectory() as folder:
        twin = Path(folder) / "twin.db"
        _copy_file(path, twin)
        _migrated(twin)
        copy_database(_url(twin), url, replace=overwrite, copied=copied)


def _copy_file(source: Path, target: Path) -> None:
    """Copy by SQLite's online backup: consistent while others write."""
    with (
        _explained(source),
        closing(_read_only(source)) as outgoing,
        closing(sqlite3.connect(target)) as incoming,
    ):
        outgoing.backup(incoming)


def _migrated(file: Path) -> None:
    open_database(_url(file)).dispose()


def _url(file: Path) -> URL:
    # Built, not written: a name may hold `?`.
    return URL.create("sqlite", database=str(file))


def _make_single(file: Path) -> None:
    """Fold the log into the file and see that the disk has it."""
    with _explained(file), closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    _sync(file)


def _retire(file: Path) -> None:
    """Make sure that nobody uses the database that is about to be replaced."""
    if not file.exists():
        return
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        try:
            # Only the sole user of a file may leave the WAL mode.
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"数据库 {file} 还有程序在使用；请先停止服务和任务，再恢复"
            ) from error
        except sqlite3.DatabaseError:
            pass  # damaged, which is what backups are for
    # A log that a damaged file left behind would be replayed into the restored one.
    _remove(file.with_name(file.name + suffix) for suffix in _SIDE_FILES)


@contextmanager
def _written(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write to; it takes the place of `path` when all went well."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    leftovers = [part, *(part.with_name(part.name + suffix) for suffix in _SIDE_FILES)]
    with _explained(path):
        _remove(leftovers)
        try:
            yield part
            part.replace(path)
            _sync(path.parent)
        finally:
            _remove(leftovers)


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """See that the disk has a file, or a folder's new names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"文件 {path} {meaning_of(str(error))}（{error}）") from error


def _read_only(path: Path) -> sqlite3.Connection:
    # A name may hold `?` or `#`, which mean something in a URI.
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=_WAIT_S)


def _revision(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def _count(connection: sqlite3.Connection) -> int:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
    names = [name for (name,) in connection.execute(query)]
    return sum(
        connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 (our own names)
        for name in names
    )
