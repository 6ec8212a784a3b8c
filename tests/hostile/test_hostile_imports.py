"""Hostile files through the import and through the command line: counts or one clear message."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile.catalogue import HOSTILE
from hostile.record import HostileFile
from sqlalchemy import Engine, func, select
from typer.testing import CliRunner

from feedback_nlp.cli import app
from feedback_nlp.errors import InputError
from feedback_nlp.storage import rejections, tables
from feedback_nlp.storage.database import open_database, reading
from feedback_nlp.workflows.corrections import export_rejected
from feedback_nlp.workflows.import_files import import_files
from feedback_nlp.workflows.import_sheet import ImportReport, Target

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'feedback.db'}"


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture(params=HOSTILE, ids=[file.what for file in HOSTILE])
def file(request: pytest.FixtureRequest) -> HostileFile:
    assert isinstance(request.param, HostileFile)
    return request.param


def stored(target: Target) -> tuple[int, int]:
    """Count the reviews of the workspace and its rejected lines."""
    mine = select(func.count()).where(tables.reviews.c.workspace_id == target.workspace)
    with reading(target.engine) as session:
        lines = rejections.count(session, target.workspace)
        return session.execute(mine).scalar_one(), lines


def total(target: Target, path: Path) -> ImportReport:
    done = import_files(target, [path])
    return sum((each.report for each in done), start=ImportReport())


def test_import_gives_exact_counts_or_a_clear_error_and_again_changes_nothing(
    file: HostileFile, engine: Engine, url: str, tmp_path: Path
) -> None:
    path = file.build(tmp_path)
    target = Target(engine, file.what, NOW)
    if file.error:
        with pytest.raises(InputError) as refused:
            total(target, path)
        assert file.error in str(refused.value)
        assert stored(target) == (0, 0)
        assert_one_line(file, path, url)
        return
    counts = (file.good, file.rejected)
    first = total(target, path)
    assert (first.added, first.rejected) == counts
    assert stored(target) == counts
    again = total(replace(target, now=NOW.replace(month=12)), path)
    assert again == replace(first, added=0, unchanged=first.added)
    assert stored(target) == counts
    export_rejected(engine, file.what, tmp_path / "rejected.csv")
    assert_one_line(file, path, url)


def assert_one_line(file: HostileFile, path: Path, url: str) -> None:
    """Import by the command line, in this process, into another workspace."""
    words = ["import", str(path), "--db", url, "--workspace", f"{file.what} 命令"]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    wanted = 2 if file.error else 3 if file.rejected else 0
    assert done.exit_code == wanted
    complaints = done.stderr.splitlines()
    assert "Traceback" not in done.output
    if file.error:
        assert len(complaints) == 1
        assert complaints[0].startswith("错误：")
        assert file.error in complaints[0]
    else:
        assert sum("提示：" not in line for line in complaints) == file.rejected
        assert file.said in done.stderr
