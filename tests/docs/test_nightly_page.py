"""docs/nightly.md shows the units that lie in deploy/ and examples/, and they call what exists."""

import re
from pathlib import Path

import pytest
import typer

from feedback_nlp.cli import app
from feedback_nlp.workflows.night_inputs import ENDINGS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "nightly.md").read_text("utf-8")
UNITS = sorted((ROOT / "deploy" / "systemd").glob("feedback-nlp-nightly.*")) + sorted(
    (ROOT / "examples").glob("cron/*")
)
CALL = re.compile(r"bin/feedback-nlp (.*)")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_page_shows_the_whole_example(unit: Path) -> None:
    assert f"\n{unit.read_text('utf-8')}```" in PAGE


def test_the_examples_call_commands_and_options_that_exist() -> None:
    command = typer.main.get_command(app)
    commands = getattr(command, "commands", {})
    called = [line for unit in UNITS for line in CALL.findall(unit.read_text("utf-8"))]
    assert len(called) == 3
    for line in called:
        name, *rest = line.split(">>")[0].split()
        found = commands[name]
        if rest[0] in getattr(found, "commands", {}):
            found = found.commands[rest[0]]
        known = {flag for parameter in found.params for flag in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known


def test_the_page_names_every_ending_that_a_folder_gives() -> None:
    assert {f".{end}" for end in re.findall(r"`\.([a-z]+)`", PAGE)} >= ENDINGS
