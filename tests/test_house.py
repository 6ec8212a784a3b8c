"""The house keeps its own rules: sizes, names, layers at run time, what ships and what is run."""

import ast
import hashlib
import os
import re
import subprocess
import sys
import tomllib
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import yaml

from feedback_nlp import names
from feedback_nlp.records import (
    Answered,
    Intent,
    Metric,
    Polarity,
    Purpose,
    ReviewKind,
    TemplateKind,
)
from feedback_nlp.replies.audience import LeftOut
from feedback_nlp.replies.drafts import Style
from feedback_nlp.satisfaction.standing import Standing
from feedback_nlp.sla.standing import Cut
from feedback_nlp.workflows.browse_replies import Footing

ROOT = Path(__file__).parents[1]
PACKAGES = ("feedback_nlp", "api", "training")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "common", "misc"}
MAX_LINES = 300
CORE = (
    "pipeline",
    "tickets",
    "replies",
    "priority",
    "sla",
    "themes",
    "quarantine",
    "classify",
    "heads",
    "text",
    "privacy",
    "ports",
    "records",
    "names",
    "errors",
)
CLOCKS_AND_DICE = {"time", "random", "secrets", "uuid", "socket", "subprocess", "tempfile"}
CLOCK_READS = {"now", "today", "utcnow"}
TRAINING_ONLY = {"torch", "transformers"}
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def core_sources() -> list[Path]:
    rooms = [ROOT / "feedback_nlp" / room for room in CORE]
    return [path for path in SOURCES if any(path.is_relative_to(room) for room in rooms)] + [
        room.with_suffix(".py") for room in rooms if room.with_suffix(".py").exists()
    ]


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def run_python(code: str) -> str:
    """Run `code` in a fresh interpreter with the repository on its path; return its output."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# --- the shape of the code ---------------------------------------------------------------------


def test_no_module_is_a_drawer_for_everything() -> None:
    parts = {path: {path.stem, *path.relative_to(ROOT).parts[:-1]} for path in SOURCES}
    assert [shown(path) for path, names_ in parts.items() if names_ & FORBIDDEN_NAMES] == []


def test_no_file_is_longer_than_the_limit() -> None:
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_every_folder_with_code_is_a_package_with_a_docstring() -> None:
    silent = []
    for folder in sorted({path.parent for path in SOURCES}):
        init = folder / "__init__.py"
        if not init.exists() or not ast.get_docstring(ast.parse(init.read_text("utf-8"))):
            silent.append(shown(folder))
    assert silent == []


@pytest.mark.parametrize("path", core_sources(), ids=shown)
def test_core_reads_no_clock_and_rolls_no_dice(path: Path) -> None:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names} & CLOCKS_AND_DICE
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").split(".")[0]} & CLOCKS_AND_DICE
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= {node.func.attr} & CLOCK_READS
    assert found == set()


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        pytest.param(names.POLARITY, Polarity, id="polarity"),
        pytest.param(names.INTENT, Intent, id="intent"),
        pytest.param(names.KIND, ReviewKind, id="review kind"),
        pytest.param(names.METRIC, Metric, id="metric"),
        pytest.param(names.TEMPLATE, TemplateKind, id="wording"),
        pytest.param(names.REPLY_STYLE, Style, id="kind of reply"),
        pytest.param(names.LEFT_OUT, LeftOut, id="why a user is left out"),
        pytest.param(names.PURPOSE, Purpose, id="why a user is written to"),
        pytest.param(names.ANSWERED, Answered, id="what came of a message"),
        pytest.param(names.FOOTING, Footing, id="what the news rests on"),
        pytest.param(names.TARGET_STANDING, Standing, id="how a target stands"),
        pytest.param(names.SLA_CUT, Cut, id="cuts of the service level"),
    ],
)
def test_every_member_has_a_chinese_name(table: dict[str, str], kind: type[Enum]) -> None:
    assert set(table) == {member.value for member in kind}


def test_every_lane_of_the_taxonomy_has_a_chinese_name() -> None:
    newest = max((ROOT / "models" / "taxonomy").glob("*.yaml"))
    groups = yaml.safe_load(newest.read_text("utf-8"))["topics"].values()
    lanes = {topic["lane"] for group in groups for topic in group["children"].values()}
    assert lanes <= set(names.LANE)


# --- what happens on import --------------------------------------------------------------------

WATCH = """
import sys

class Watch:
    asked = set()

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {unwanted!r}:
            self.asked.add(name.split(".")[0])

sys.meta_path.insert(0, Watch())
import {module}
print(*sorted(Watch.asked))
"""


@pytest.mark.parametrize("module", ["feedback_nlp", "feedback_nlp.cli", "api.app"])
def test_serving_does_not_even_try_to_import_training_packages(module: str) -> None:
    unwanted = TRAINING_ONLY | {"training"}
    assert run_python(WATCH.format(unwanted=unwanted, module=module)) == ""


def test_importing_the_package_loads_nothing_heavy() -> None:
    unwanted = {"numpy", "scipy", "sklearn", "sqlalchemy", "pydantic", "fastapi", "typer", "altair"}
    assert run_python(WATCH.format(unwanted=unwanted, module="feedback_nlp")) == ""


def test_importing_the_application_makes_no_file(tmp_path: Path) -> None:
    code = f"import os; os.chdir({str(tmp_path)!r}); import api.app, feedback_nlp.cli"
    run_python(code)
    assert list(tmp_path.iterdir()) == []


# --- what ships and what is run ----------------------------------------------------------------


def test_runtime_dependencies_hold_no_training_or_development_package() -> None:
    project = pyproject()["project"]
    runtime = {re.split(r"[^A-Za-z0-9_-]", line)[0] for line in project["dependencies"]}
    assert runtime & (TRAINING_ONLY | {"pytest", "ruff", "mypy", "hypothesis"}) == set()
    assert "torch==2.13.0" in project["optional-dependencies"]["train"]


def test_coverage_gate_has_not_been_lowered() -> None:
    coverage = pyproject()["tool"]["coverage"]
    assert coverage["run"]["branch"] is True
    assert coverage["report"]["fail_under"] >= 95


def test_licence_is_the_verbatim_apache_2() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def test_changelog_opens_with_what_is_not_released_or_the_present_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.findall(r"^## (\S+)", text, flags=re.MULTILINE)[0]
    assert newest in {"Unreleased", pyproject()["project"]["version"]}


@pytest.mark.parametrize("target", ["demo", "test", "check", "lint", "types", "imports", "clean"])
def test_makefile_has_the_target(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(rf"^{target}:.*## \S", makefile, flags=re.MULTILINE)


def test_ci_is_executable_and_runs_every_gate() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text("utf-8")
    wanted = [
        "make test",
        "make lint types imports",
        *(f"marked_tests {m}" for m in markers_in_ci()),
    ]
    spread = r"( -n auto( --dist loadfile| --ignore=tests/quality)?)?( +#.*)?"
    assert [
        line for line in wanted if not re.search(rf"^{line}{spread}$", text, flags=re.MULTILINE)
    ] == []


def markers_in_ci() -> list[str]:
    """Every marker that `make test` leaves out, except timing."""
    options = pyproject()["tool"]["pytest"]["addopts"]
    left_out = re.findall(r"not (\w+)", options[options.index("-m") + 1])
    return [marker for marker in left_out if marker != "bench"]


def test_pre_commit_downloads_nothing_and_runs_the_four_gates() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert [hook["id"] for hook in hooks] == ["ruff", "ruff-format", "mypy", "lint-imports"]
