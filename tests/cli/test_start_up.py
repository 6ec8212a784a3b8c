"""How little is imported before a command is called, and how fast that is."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import typer
from typer.core import TyperGroup

from feedback_nlp.cli import app

PROGRAM: Final = str(Path(sys.executable).with_name("feedback-nlp"))
IMPORT: Final = ["-c", "import feedback_nlp"]
HELP: Final = [PROGRAM, "--help"]
EVERY_COMMAND: Final = (
    "import typer, feedback_nlp.cli as cli; list(typer.main.get_group(cli.app).commands.values())"
)
HEAVY: Final = {
    "alembic",
    "altair",
    "fastapi",
    "httpx2",
    "jinja2",
    "numpy",
    "onnxruntime",
    "opencc",
    "pandas",
    "psycopg",
    "pydantic",
    "pydantic_settings",
    "pypinyin",
    "python_calamine",
    "rensa",
    "rjieba",
    "scipy",
    "sentencepiece",
    "sklearn",
    "sqlalchemy",
    "stdnum",
    "uvicorn",
    "vl_convert",
    "xlsxwriter",
    "yaml",
}
TRAINING: Final = {"torch", "training", "transformers"}
RUNS: Final = 5


@pytest.fixture
def group() -> TyperGroup:
    return typer.main.get_group(app)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a process of its own."""
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, *words], capture_output=True, text=True, encoding="utf-8", check=True
    )


def imported(*words: str) -> set[str]:
    """Return the packages that a process imports."""
    told = [line.split("|") for line in run("-X", "importtime", *words).stderr.splitlines()]
    return {parts[2].strip().split(".")[0] for parts in told if len(parts) == 3}


def cpu_seconds(*words: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*words)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize(
    "words", [pytest.param(IMPORT, id="import"), pytest.param(HELP, id="help")]
)
def test_nothing_heavy_is_imported_before_a_command_is_called(words: list[str]) -> None:
    found = imported(*words)
    assert "feedback_nlp" in found
    assert found & HEAVY == set()


def test_no_command_imports_a_training_package() -> None:
    found = imported("-c", EVERY_COMMAND)
    assert "sqlalchemy" in found
    assert found & TRAINING == set()


def test_the_list_says_of_each_command_what_its_own_help_says(group: TyperGroup) -> None:
    context = typer.Context(group)
    listed = {name: group.get_command(context, name) for name in group.list_commands(context)}
    assert {name: stand_in and stand_in.help for name, stand_in in listed.items()} == {
        name: (command.short_help or command.help or "").split("\n\n")[0]
        for name, command in group.commands.items()
    }
    # A stand-in has none of these.
    assert [c.name for c in group.commands.values() if c.hidden or c.deprecated] == []


def test_a_command_that_is_called_is_the_real_one(group: TyperGroup) -> None:
    context = typer.Context(group)
    name, command, left = group.resolve_command(context, ["import", "a.csv"])
    assert (name, left) == ("import", ["a.csv"])
    assert command is group.commands["import"]
    assert command.params[0].name == "files"


@pytest.mark.bench
@pytest.mark.parametrize(
    ("words", "goal_s"),
    [pytest.param(IMPORT, 0.2, id="import"), pytest.param(HELP, 0.5, id="help")],
)
def test_start_up_takes_less_cpu_time_than_its_goal(words: list[str], goal_s: float) -> None:
    seconds = min(cpu_seconds(*words) for _ in range(RUNS))
    print(f"{seconds:.2f} s")  # noqa: T201 (`pytest -s`)
    assert seconds < goal_s
