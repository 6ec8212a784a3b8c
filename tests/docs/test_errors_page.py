"""docs/errors.md lists every leaf of the error tree with what really happens."""

import re
from pathlib import Path

import pytest
import typer
from fastapi.testclient import TestClient

from api.app import create_app
from feedback_nlp import errors
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.errors import FeedbackError

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
ROWS = {
    name: (int(status), int(code))
    for name, status, code in re.findall(
        r"^\| `(\w+)` \| [^|]+ \| (\d{3}) \| (\d) \| [^|]+ \|$", PAGE, flags=re.MULTILINE
    )
}


def leaves(kind: type[FeedbackError]) -> list[type[FeedbackError]]:
    children = kind.__subclasses__()
    return [leaf for child in children for leaf in leaves(child)] if children else [kind]


LEAVES = [leaf for leaf in leaves(FeedbackError) if leaf.__module__ == errors.__name__]


def test_page_and_error_tree_name_the_same_leaves() -> None:
    assert set(ROWS) == {leaf.__name__ for leaf in LEAVES}


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_page_states_the_status_the_api_answers_with(
    leaf: type[FeedbackError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{tmp_path / 'docs.db'}")
    app = create_app()

    @app.get("/raise-for-the-docs-test")
    def raise_it() -> None:
        raise leaf("示例")

    answer = TestClient(app, raise_server_exceptions=False).get("/raise-for-the-docs-test")
    assert answer.status_code == ROWS[leaf.__name__][0]
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_page_states_the_exit_code_of_the_command_line(
    leaf: type[FeedbackError], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as caught, errors_as_exit_codes():
        raise leaf("示例")
    assert caught.value.exit_code == ROWS[leaf.__name__][1]
    assert "示例" in capsys.readouterr().err
