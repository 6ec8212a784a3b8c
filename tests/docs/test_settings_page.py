"""docs/settings.md holds the table that the settings make of themselves."""

import re
from pathlib import Path

import pytest

from feedback_nlp.cli.settings import shown, table
from feedback_nlp.settings import SECRETS, Settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
OTHER_VALUES = {
    "keep_originals": "true",
    "webhook_allow_http": "true",
    "metrics_open": "true",
    "tuxiaochao_url": "http://127.0.0.1:1",
    "log_format": "json",
    "log_level": "error",
}
"""What the environment may say, where neither a number nor any text will do."""


def test_the_page_holds_the_table_of_settings_markdown() -> None:
    found = re.search(r"<!-- settings -->\n(.*)\n<!-- /settings -->", PAGE, flags=re.DOTALL)
    assert found is not None
    assert found[1].splitlines() == list(table())
    assert SECRETS in PAGE


@pytest.mark.parametrize("name", Settings.model_fields)
def test_environment_variable_of_the_page_is_the_one_read(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = str(Settings.model_fields[name].annotation)
    is_number = "int" in kind or "float" in kind
    said = OTHER_VALUES.get(name, "41" if is_number else "sqlite:///x.db")
    monkeypatch.setenv(f"FEEDBACK_{name.upper()}", said)
    assert shown(getattr(Settings(), name)).removesuffix(".0") == said
