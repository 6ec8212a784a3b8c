"""Settings: defaults, the environment, and what happens to values that cannot be used."""

import os
from pathlib import Path

import pytest

from feedback_nlp.errors import InputError
from feedback_nlp.settings import Settings, read_settings
from feedback_nlp.workflows.protect import Privacy


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("FEEDBACK_")]:
        monkeypatch.delenv(name)


def test_defaults_need_no_environment() -> None:
    fields = Settings.model_fields.items()
    assert read_settings().model_dump() == {name: field.default for name, field in fields}


def test_secrets_come_from_files_unless_the_environment_knows_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "feedback_pseudonym_key").write_text("hush-0451\n")
    (tmp_path / "feedback_workspace").write_text("门店", "utf-8")
    monkeypatch.setenv("FEEDBACK_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("FEEDBACK_WORKSPACE", "总部")
    settings = read_settings()
    assert settings.pseudonym_key.get_secret_value() == "hush-0451"
    assert settings.workspace == "总部"


def test_a_folder_of_secrets_that_is_not_there_is_an_input_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDBACK_SECRETS_DIR", str(tmp_path / "gone"))
    with pytest.raises(InputError, match="FEEDBACK_SECRETS_DIR"):
        read_settings()


def test_hosts_that_webhooks_may_call_are_separated_by_commas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FEEDBACK_WEBHOOK_ALLOW_HOSTS", "GitLab.local, 10.0.0.7,,")
    assert read_settings().webhook_guard.allow_hosts == {"gitlab.local", "10.0.0.7"}


@pytest.mark.parametrize("name", ["pseudonym_key", "tuxiaochao_key"])
def test_a_secret_is_never_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"FEEDBACK_{name.upper()}", "hush-0451")
    settings = read_settings()
    assert getattr(settings, name).get_secret_value() == "hush-0451"
    assert "hush" not in f"{settings!r}{settings}{settings.model_dump_json()}"


def test_privacy_is_what_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDBACK_PSEUDONYM_KEY", "hush-0451")
    monkeypatch.setenv("FEEDBACK_KEEP_ORIGINALS", "true")
    assert read_settings().privacy == Privacy("hush-0451", keep_originals=True)


def test_environment_wins_over_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDBACK_PORT", "9001")
    monkeypatch.setenv("FEEDBACK_WORKSPACE", "门店")
    assert (read_settings().port, read_settings().workspace) == (9001, "门店")


@pytest.mark.parametrize(
    "name", ["model", "port", "workspace", "retention_review_days", "keep_originals"]
)
def test_empty_variable_means_the_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"FEEDBACK_{name.upper()}", "")
    assert getattr(read_settings(), name) == Settings.model_fields[name].default


def test_variables_of_others_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDBACK_TEST_POSTGRES_URL", "postgresql://nobody")
    monkeypatch.setenv("PORT", "1")
    assert read_settings() == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("PORT", "eighty", id="port is no number"),
        pytest.param("PORT", "0", id="port is zero"),
        pytest.param("PORT", "65536", id="port is too large"),
        pytest.param("WORKSPACE", "长" * 65, id="workspace is too long"),
        pytest.param("KEEP_ORIGINALS", "maybe", id="neither yes nor no"),
        pytest.param("RETENTION_REVIEW_DAYS", "0", id="kept for no day"),
        pytest.param("RETENTION_USAGE_DAYS", "1.5", id="kept for half a day"),
        pytest.param("TUXIAOCHAO_URL", "ftp://txc.qq.com", id="no web address"),
    ],
)
def test_unusable_value_is_an_input_error_that_names_the_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"FEEDBACK_{name}", value)
    with pytest.raises(InputError, match=f"FEEDBACK_{name}"):
        read_settings()


def test_every_setting_is_described_in_one_chinese_sentence() -> None:
    for field in Settings.model_fields.values():
        assert field.description is not None
        assert field.description.endswith("。")
        assert field.description.count("。") == 1


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1  # type: ignore[misc] # this is the point
