"""Databases to test on: SQLite always, PostgreSQL when it is asked for (`-m postgres`)."""

import atexit
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, create_engine, make_url, select, text

from feedback_nlp.storage.database import open_database, reading
from feedback_nlp.storage.tables import metadata

BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def postgres_url() -> str:
    url = os.environ.get("FEEDBACK_TEST_POSTGRES_URL")
    if not url:
        pytest.fail("set FEEDBACK_TEST_POSTGRES_URL, e.g. postgresql+psycopg://me@127.0.0.1/test")
    return url


@contextmanager
def postgres_schema(name: str) -> Iterator[str]:
    """Give the URL of an empty schema of this process, dropped afterwards."""
    name = f"feedback_{name}_{os.getpid()}"
    base = make_url(postgres_url())
    engine = create_engine(base)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {name}"))
    url = base.update_query_dict({"options": f"-csearch_path={name}"})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


class Spares:
    """Migrated schemas of this process, used again and again: making one takes a second."""

    def __init__(self) -> None:
        self._free: list[str] = []
        self._made = 0
        self._stack = ExitStack()

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Give the URL of an empty migrated schema that nobody else has."""
        if self._free:
            url = self._free.pop()
        else:
            self._made += 1
            url = self._stack.enter_context(postgres_schema(f"spare{self._made}"))
        yield emptied(url)
        self._free.append(url)

    def close(self) -> None:
        self._stack.close()


@cache
def migrated_file() -> Path:
    """Return an empty migrated SQLite database to copy; it goes when the process ends."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "migrated.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


def migrated_copy(path: Path) -> str:
    """Put an empty migrated database at `path` if nothing is there and return its URL."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(migrated_file(), path)
    return f"sqlite:///{path}"


def emptied(url: str) -> str:
    """Migrate the database at `url`, empty every table and return the URL."""
    engine = open_database(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Deleted rows would stay where they are until a vacuum, in the way of every key check.
            used = text(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > 0"
                " AND relname != 'alembic_version'"
                " AND relnamespace = current_schema()::regnamespace"
            )
            if names := sorted(connection.execute(used).scalars()):
                connection.execute(text(f"TRUNCATE {', '.join(names)} CASCADE"))
        else:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
    engine.dispose()
    return url


def every_row(engine: Engine, *, without: Collection[str] = ()) -> list[str]:
    """Write every row of every table as one line, alike on both databases.

    `without` names tables and columns to leave out.
    """
    with reading(engine) as session:
        return sorted(
            f"{table.name} {row._asdict()!r}"
            for table in metadata.sorted_tables
            if table.name not in without
            for row in session.execute(
                select(*(column for column in table.columns if column.name not in without))
            )
        )
