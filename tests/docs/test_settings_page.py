"""docs/settings.md lists every setting with its real default, and no other."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from feedback_nlp.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `(FEEDBACK_\w+)` \| (?:`([^`]*)`|空) \|", PAGE, flags=re.MULTILINE))
OTHER_VALUES = {
    "keep_originals": ("true", True),
    "port": ("8123", 8123),
    "retention_review_days": ("30", 30),
    "retention_original_days": ("31", 31),
    "retention_rejection_days": ("32", 32),
    "retention_usage_days": ("33", 33),
    "tuxiaochao_url": ("http://127.0.0.1:1", "http://127.0.0.1:1"),
}
"""Setting -> what the environment says and what is read, where any text will not do."""


def shown(value: object) -> str:
    """Write a value as a person would set it; nothing where it is not set."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_page_and_code_name_the_same_settings() -> None:
    assert set(ROWS) == {f"FEEDBACK_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_page_states_the_default(name: str) -> None:
    assert ROWS[f"FEEDBACK_{name.upper()}"] == shown(Settings.model_fields[name].default)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_environment_variable_of_the_page_is_the_one_read(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, read = OTHER_VALUES.get(name, ("sqlite:///x.db", "sqlite:///x.db"))
    monkeypatch.setenv(f"FEEDBACK_{name.upper()}", said)
    assert shown(getattr(Settings(), name)) == shown(read)
