"""One job of a kind at a time in a workspace; the lock goes with its process, however that ends."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, text

from feedback_nlp.errors import StorageError
from feedback_nlp.storage.database import sqlite_file

_TRY: Final = text("SELECT pg_try_advisory_lock(:key)")
_SCHEMA: Final = text("SELECT current_schema()")
_SIGN: Final = text("SELECT set_config('application_name', :name, false)")
_WHO: Final = text(
    "SELECT activity.application_name FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)"
    " WHERE pg_locks.locktype = 'advisory' AND pg_locks.granted AND pg_locks.objsubid = 1"
    " AND activity.datname = current_database()"
    " AND pg_locks.classid = :high AND pg_locks.objid = :low"
)
_WORD_BITS: Final = 32


class Job(StrEnum):
    """What only one process does at a time in a workspace."""

    NIGHT = "nightly"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a lock."""

    since: str
    """As people read it."""
    pid: int
    host: str

    def shown(self) -> str:
        """Say it in Chinese."""
        return f"{self.since} 起，主机 {self.host}，进程 {self.pid}"


@dataclass(frozen=True, slots=True)
class Taken:
    """Another process has the lock."""

    by: Holder | None
    """None: it has only just begun, or is about to end."""


@contextmanager
def only_one(engine: Engine, workspace: str, me: Holder, job: Job = Job.NIGHT) -> Iterator[None]:
    """Keep every other such job of this workspace out until the block ends or the process dies.

    Raises:
        StorageError: another one runs; the message says since when, on which host, as which
            process.
    """
    with alone(engine, workspace, me, job) as taken:
        if taken is not None:
            who = "" if taken.by is None else f"（{taken.by.shown()}）"
            raise StorageError(f"这个工作区的 {job} 正在运行{who}；请等它结束后再执行")
        yield


@contextmanager
def alone(engine: Engine, workspace: str, me: Holder, job: Job) -> Iterator[Taken | None]:
    """Try to keep others out while the block runs; it is told when somebody else already does."""
    if engine.dialect.name == "postgresql":
        with _of_server(engine, workspace, me, job) as taken:
            yield taken
    else:
        with _of_file(_file(engine.url), workspace, me, job) as taken:
            yield taken


@contextmanager
def _of_file(database: Path, workspace: str, me: Holder, job: Job) -> Iterator[Taken | None]:
    name = f"{database.name}.{job}-{blake2b(workspace.encode(), digest_size=4).hexdigest()}"
    beside, told = database.with_name(f"{name}.lock"), database.with_name(f"{name}.json")
    lock = FileLock(beside)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield Taken(_read(told))
        return
    try:
        told.write_text(json.dumps(asdict(me), ensure_ascii=False), encoding="utf-8")
        yield None
    finally:
        told.unlink(missing_ok=True)
        lock.release()


def _read(told: Path) -> Holder | None:
    try:
        return Holder(**json.loads(told.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # it has only just begun, or is about to end
        return None


def _file(url: URL) -> Path:
    known = sqlite_file(url)
    return known or Path((url.database or "").removeprefix("file:").split("?", maxsplit=1)[0])


@contextmanager
def _of_server(engine: Engine, workspace: str, me: Holder, job: Job) -> Iterator[Taken | None]:
    # A connection of its own, outside any transaction: the server drops the lock with it.
    with engine.connect() as connection:
        session = connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            key = _key(session, workspace, job)
            if not session.execute(_TRY, {"key": key}).scalar_one():
                yield Taken(_working(session, key, job))
                return
            # 63 bytes are kept, so the host comes last.
            session.execute(_SIGN, {"name": f"{job}|{me.since}|{me.pid}|{me.host}"})
            yield None
        finally:
            connection.invalidate()  # back in the pool it would keep the lock


def _key(connection: Connection, workspace: str, job: Job) -> int:
    schema = connection.execute(_SCHEMA).scalar_one()
    told = f"{job}\n{schema}\n{workspace}"
    return int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), signed=True)


def _working(connection: Connection, key: int, job: Job) -> Holder | None:
    unsigned = key % (1 << 2 * _WORD_BITS)
    high, low = divmod(unsigned, 1 << _WORD_BITS)
    name: Any = connection.execute(_WHO, {"high": high, "low": low}).scalar()
    match (name or "").split("|", maxsplit=3):
        case [mark, since, pid, host] if mark == job and pid.isdigit():
            return Holder(since, int(pid), host)
    return None
