"""docs/settings.md lists every setting with its real default, and no other."""

import re
from pathlib import Path

import pytest

from feedback_nlp.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `(FEEDBACK_\w+)` \| (?:`([^`]*)`|空) \|", PAGE, flags=re.MULTILINE))


def test_page_and_code_name_the_same_settings() -> None:
    assert set(ROWS) == {f"FEEDBACK_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_page_states_the_default(name: str) -> None:
    default = Settings.model_fields[name].default
    assert ROWS[f"FEEDBACK_{name.upper()}"] == ("" if default is None else str(default))


@pytest.mark.parametrize("name", Settings.model_fields)
def test_environment_variable_of_the_page_is_the_one_read(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = "8123" if isinstance(Settings.model_fields[name].default, int) else "sqlite:///x.db"
    monkeypatch.setenv(f"FEEDBACK_{name.upper()}", value)
    assert str(getattr(Settings(), name)) == value
