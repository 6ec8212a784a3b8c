"""Every test runs on SQLite, and on PostgreSQL when it is asked for (`-m postgres`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import BACKENDS, emptied, migrated_copy, postgres_schema
from sqlalchemy import Engine

from feedback_nlp.storage.database import open_database


@pytest.fixture(params=BACKENDS)
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database that nobody has opened yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/fresh/feedback.db"
    else:
        with postgres_schema("fresh") as url:
            yield url


@pytest.fixture(scope="session")
def _migrated_schema() -> Iterator[str]:
    with postgres_schema("storage") as url:
        yield url


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty migrated database."""
    if request.param == "sqlite":
        return migrated_copy(tmp_path / "feedback.db")
    return emptied(request.getfixturevalue("_migrated_schema"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()
