"""docs/api.md names every route and no other; the schema speaks Chinese to its readers."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
METHODS = ("get", "post", "put", "patch", "delete")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def operations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Return `METHOD /path` with parameter names made equal, and the operation's schema."""
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{tmp_path / 'docs.db'}")
    return {
        f"{method.upper()} {re.sub(r'{[^}]*}', '{id}', path)}": item[method]
        for path, item in create_app().openapi()["paths"].items()
        for method in METHODS
        if method in item
    }


def test_every_route_has_a_section_and_every_section_a_route(
    operations: dict[str, dict[str, Any]],
) -> None:
    headings = re.findall(r"^## `([A-Z]+ /[^`]*)`$", PAGE, flags=re.MULTILINE)
    assert set(headings) == set(operations)


def test_every_operation_is_described_in_chinese(operations: dict[str, dict[str, Any]]) -> None:
    words = {
        name: f"{op.get('summary')} {op.get('description')}" for name, op in operations.items()
    }
    assert [name for name, text in words.items() if not HAN.search(text)] == []
