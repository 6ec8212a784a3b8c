"""deploy/ can be parsed, calls commands that exist and sets variables that are read."""

import re
import shlex
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from feedback_nlp.cli.commands import COMMANDS
from feedback_nlp.settings import PREFIX, SECRETS, Settings

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
KNOWN: Final = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {SECRETS}
FILES: Final = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
YAML: Final = [path for path in FILES if path.suffix == ".yaml"]
UNITS: Final = [path for path in FILES if path.suffix == ".service"]


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text("utf-8")))


def unit(path: Path) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their case
    parser.read_string(path.read_text("utf-8"))
    return parser


def called() -> Iterator[list[str]]:
    """Yield the words behind `feedback-nlp` of everything that starts it."""
    for path in UNITS:
        service = unit(path)["Service"]
        for key in ("ExecStart", "ExecStartPre"):
            if key in service:
                yield shlex.split(service[key])[1:]
    for service in documents(DEPLOY / "compose.yaml")[0]["services"].values():
        if "command" in service:
            yield service["command"]
    for path in YAML:
        for document in documents(path):
            yield from (container["args"] for container in containers(document))


def containers(document: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (parsed YAML)
    if isinstance(document, dict):
        yield from document.get("containers", [])
        for value in document.values():
            yield from containers(value)


def test_everything_that_is_started_exists() -> None:
    found = list(called())
    assert {words[0] for words in found} == {"serve", "work", "nightly", "db"}
    assert {words[0] for words in found} <= set(COMMANDS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_variable_is_a_setting(path: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", path.read_text("utf-8")))
    assert named - KNOWN == set()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_run_as_nobody_special(path: Path) -> None:
    service = unit(path)["Service"]
    assert (service["User"], service["NoNewPrivileges"]) == ("feedback", "true")
    assert set(unit(path).sections()) == {"Unit", "Service", "Install"}


def test_secret_files_are_called_like_settings() -> None:
    (secret,) = documents(DEPLOY / "kubernetes" / "secret.yaml")
    composed = set(documents(DEPLOY / "compose.yaml")[0]["secrets"]) - {"postgres_password"}
    assert composed == set(secret["stringData"])
    assert {name.upper() for name in composed} <= KNOWN


def test_containers_run_without_root_and_say_how_they_are() -> None:
    for path in YAML:
        for document in documents(path):
            for container in containers(document):
                assert container["securityContext"]["allowPrivilegeEscalation"] is False
    (serve, _service) = documents(DEPLOY / "kubernetes" / "serve.yaml")
    (container,) = containers(serve)
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    image = (DEPLOY / "Containerfile").read_text("utf-8")
    assert re.search(r"^USER 10001$", image, flags=re.MULTILINE)
    assert "HEALTHCHECK" in image
    copied = re.findall(r"^COPY (\S+) \1$", image, flags=re.MULTILINE)
    assert [name for name in copied if not (DEPLOY.parent / name).is_dir()] == []


def test_the_readme_names_every_file() -> None:
    page = (DEPLOY / "README.md").read_text("utf-8")
    top = {path.relative_to(DEPLOY).parts[0] for path in FILES} - {"README.md"}
    assert [name for name in top if f"`{name}" not in page] == []
