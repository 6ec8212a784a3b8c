"""Opens a database, brings its schema up to date and hands out transactions."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from feedback_nlp.errors import StorageError
from feedback_nlp.storage.columns import dump_json
from feedback_nlp.storage.faults import explain, translate_errors
from feedback_nlp.storage.schema import migrate, newest_revision, present_revision

BUSY_TIMEOUT_S: Final = 15.0
"""How long a SQLite writer waits for another one; `?timeout=30` in the URL changes it."""

_WRITE: Final = {"begin": "BEGIN IMMEDIATE", "read_only": False}
_READ: Final = {"begin": "BEGIN", "read_only": True}


def open_database(url: str | URL) -> Engine:
    """Open the database at `url`, creating a SQLite file and its folder if needed, and migrate it.

    Safe when several processes start at once: one migrates, the others wait. Dispose of the
    engine when done.

    Raises:
        StorageError: unreachable, read-only, not a database, or made by a newer version.
    """
    engine = _engine(_parse(url))
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def open_as_it_is(url: str | URL) -> Engine:
    """Open a database that exists and has the newest schema; create and migrate nothing.

    Raises:
        StorageError: not there, unreachable, or with an older or a newer schema.
    """
    engine = open_unmigrated(url)
    try:
        with engine.connect() as connection:
            present = present_revision(connection)
    except BaseException:
        engine.dispose()
        raise
    if present != newest_revision():
        engine.dispose()
        shown = engine.url.render_as_string(hide_password=True)
        raise StorageError(
            f"数据库 {shown} 的结构版本是 {present or '空'}，本程序用 {newest_revision()}；"
            "请先用本程序的其他命令打开它一次（会自动升级），或换用建立它的版本"
        )
    return engine


def open_unmigrated(url: str | URL) -> Engine:
    """Open a database that exists, whatever its schema; for operators' commands only.

    A SQLite file keeps its journal mode, so that reading a backup leaves every byte as it was.

    Raises:
        StorageError: the URL is none of ours, or there is no such SQLite file.
    """
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        raise StorageError(f"数据库文件不存在：{file}")
    return _engine(_parse(url), set_up=_follow_sqlite)


def sqlite_file(url: str | URL) -> Path | None:
    """Return the file of a SQLite database; None for PostgreSQL and for `file:` addresses."""
    target = _parse(url)
    name = target.database or ""
    if target.get_backend_name() != "sqlite" or name.startswith("file:"):
        return None
    return Path(name)


def _engine(target: URL, *, set_up: Callable[..., None] | None = None) -> Engine:
    if target.get_backend_name() == "sqlite":
        engine = _open_sqlite(target, set_up or _configure_sqlite)
    else:
        engine = create_engine(
            target, pool_pre_ping=True, hide_parameters=True, json_serializer=dump_json
        )
    translate_errors(engine)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Open one write transaction: commit at the end, roll back on any error.

    On SQLite its first statement, even a read, takes the write lock, so that what was read stays
    true until the commit. Do slow work, such as scoring, before that statement.

    Raises:
        StorageError: the database is unreachable, locked or read-only.
        InputError: a value does not fit into the database, such as text with a NUL character.
    """
    with _session(engine, _WRITE) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open one read-only transaction; on SQLite it never waits for a writer.

    Raises:
        StorageError: the database is unreachable, or the body tried to write.
        InputError: a value does not fit into the database, such as text with a NUL character.
    """
    options: dict[str, Any] = dict(_READ)
    if engine.dialect.name == "postgresql":
        options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    with _session(engine, options) as session:
        yield session


def lock(session: Session, workspace: str, noun: str) -> None:
    """Let only one transaction at a time write this noun in this workspace, until it ends.

    SQLite has one writer anyway.
    """
    name = f"{noun}\n{workspace}"
    taken: set[str] = session.info.setdefault("locks", set())  # a session is one transaction
    if session.get_bind().dialect.name == "postgresql" and name not in taken:
        # Advisory locks are those of the whole database; another schema is another installation.
        here = func.concat(func.current_schema(), "\n", name)
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(here, 0))))
        taken.add(name)


@contextmanager
def _session(engine: Engine, options: Mapping[str, Any]) -> Iterator[Session]:
    try:
        with Session(engine.execution_options(**options), autoflush=False) as session:
            yield session
    except PoolTimeoutError as error:
        raise explain(engine, "所有连接都在使用中") from error


def _parse(url: str | URL) -> URL:
    try:
        target = make_url(url)
        backend = target.get_backend_name()
        target.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StorageError(
            f"数据库地址无法识别：{url!r}；应为 sqlite:///路径 或 postgresql://…"
        ) from error
    if backend == "postgresql":
        return target.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StorageError(f"不支持的数据库：{backend}；请使用 SQLite 或 PostgreSQL")
    if target.database in {None, "", ":memory:"}:
        raise StorageError("内存数据库不会保存结果；请给出文件路径，如 sqlite:///feedback.db")
    return target


def _open_sqlite(target: URL, set_up: Callable[..., None]) -> Engine:
    database = target.database or ""
    if not database.startswith("file:"):
        try:
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"无法创建数据库所在的文件夹：{error}") from error
    engine = create_engine(
        target,
        hide_parameters=True,
        json_serializer=dump_json,
        connect_args={} if "timeout" in target.query else {"timeout": BUSY_TIMEOUT_S},
    )
    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (a DBAPI connection)
    _follow_sqlite(connection, _record)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _follow_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (a DBAPI connection)
    # The driver's own BEGIN comes late and skips DDL; we send it ourselves in _begin_sqlite.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    read_only = "ON" if options.get("read_only") else "OFF"
    connection.exec_driver_sql(f"PRAGMA query_only = {read_only}")
    connection.exec_driver_sql(options.get("begin", "BEGIN"))
