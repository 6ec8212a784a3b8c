"""One command in an empty folder."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cli_output import Invoke
from typer.testing import CliRunner, Result

from feedback_nlp.cli import app


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run one command in an empty folder, with `out/feedback.db` there as the database."""
    monkeypatch.chdir(tmp_path)
    # The fast lane: what the commands do with labels is the same for every model.
    monkeypatch.setenv("FEEDBACK_MODEL", "linear-zh")

    def call(
        *words: str | Path, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None
    ) -> Result:
        arguments = [str(word) for word in words]
        return CliRunner().invoke(app, arguments, input=stdin, env=env, catch_exceptions=False)

    return call
