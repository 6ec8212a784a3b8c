"""Databases to test on: SQLite always, PostgreSQL when it is asked for (`-m postgres`)."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager

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


def emptied(url: str) -> str:
    """Migrate the database at `url`, delete every row and return the URL."""
    engine = open_database(url)
    with engine.begin() as connection:
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
