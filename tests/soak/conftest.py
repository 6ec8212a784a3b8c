"""Each test runs on SQLite and on PostgreSQL; both are needed here."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from databases import postgres_schema
from small_disks import SmallDisk, own_cluster


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(backend: str, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database that nobody has opened yet."""
    yield from _database(backend, tmp_path, "soak")


@pytest.fixture
def second_database_url(backend: str, tmp_path: Path) -> Iterator[str]:
    """Give the URL of another one."""
    yield from _database(backend, tmp_path, "soak_second")


def _database(backend: str, folder: Path, name: str) -> Iterator[str]:
    if backend == "sqlite":
        yield f"sqlite:///{folder / name}.db"
    else:
        with postgres_schema(name) as url:
            yield url


@pytest.fixture
def small_disk() -> Iterator[SmallDisk]:
    """Give a disk of its own that can be made larger; needs root."""
    disk = SmallDisk(Path(mkdtemp(prefix="feedback-soak-")))
    disk.resize(200)
    yield disk
    disk.remove()


@pytest.fixture
def small_database(backend: str, small_disk: SmallDisk) -> Iterator[str]:
    """Give the URL of a database that lies on the small disk."""
    if backend == "sqlite":
        yield f"sqlite:///{small_disk.folder}/feedback.db"
    else:
        with own_cluster(small_disk) as url:
            yield url
