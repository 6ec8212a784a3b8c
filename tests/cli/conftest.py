"""One command in an empty folder."""

import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from cli_output import COMPLAINTS, Invoke, Once
from databases import migrated_copy
from typer.testing import CliRunner, Result

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.cli import app
from feedback_nlp.ports import Classifier


def loaded(model: str | None) -> Classifier:
    """Read the packaged model once; a model of a test's own is read each time."""
    return _packaged() if model == "linear-zh" else load_classifier(model)


@cache
def _packaged() -> Classifier:
    return load_classifier("linear-zh")


@pytest.fixture(scope="session")
def planned_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The thirty complaints, scored and planned; read only."""
    path = tmp_path_factory.mktemp("planned") / "feedback.db"
    env = {"FEEDBACK_DATABASE_URL": migrated_copy(path), "FEEDBACK_MODEL": "linear-zh"}
    for words in (["import", str(COMPLAINTS)], ["score"], ["plan"]):
        assert CliRunner().invoke(app, words, env=env, catch_exceptions=False).exit_code == 0
    return path


@pytest.fixture
def planned(tmp_path: Path, planned_file: Path) -> None:
    """Put the planned complaints where `invoke` looks for its database."""
    (tmp_path / "out").mkdir()
    shutil.copy(planned_file, tmp_path / "out" / "feedback.db")


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run one command in an empty folder, with `out/feedback.db` there as the database."""
    monkeypatch.chdir(tmp_path)
    # The fast lane: what the commands do with labels is the same for every model.
    monkeypatch.setenv("FEEDBACK_MODEL", "linear-zh")
    monkeypatch.setattr("feedback_nlp.cli.opening.load_classifier", loaded)

    def call(
        *words: str | Path, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None
    ) -> Result:
        arguments = [str(word) for word in words]
        return CliRunner().invoke(app, arguments, input=stdin, env=env, catch_exceptions=False)

    return call


@pytest.fixture(scope="session")
def _kept() -> dict[str, Path]:
    return {}


@pytest.fixture
def once(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    _kept: dict[str, Path],
) -> Once:
    """Prepare the folder for the first test of a file; the others take a copy of what came out."""
    name = Path(request.path).stem

    def prepare(work: Callable[[], object]) -> None:
        if name in _kept:
            shutil.copytree(_kept[name], tmp_path, dirs_exist_ok=True)
            return
        work()
        _kept[name] = tmp_path_factory.mktemp(name) / "kept"
        shutil.copytree(tmp_path, _kept[name])

    return prepare
