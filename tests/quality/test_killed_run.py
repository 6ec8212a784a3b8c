"""`feedback-nlp run` killed at any moment, then run again, ends where an undisturbed one does."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from databases import BACKENDS, postgres_schema

pytestmark = pytest.mark.quality
PROGRAM = Path(sys.executable).with_name("feedback-nlp")
EXAMPLES = Path(__file__).parents[2] / "examples" / "reviews.csv"
SHARES = {"early, middle, late": (0.35, 0.6, 0.85), "between": (0.5, 0.7, 0.95)}


def _start(out: Path, *options: str) -> subprocess.Popen[bytes]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("FEEDBACK_")}
    return subprocess.Popen(  # noqa: S603 (our own program)
        [str(PROGRAM), "run", str(EXAMPLES), "--out", str(out), *options],
        env=env,
        stdout=subprocess.DEVNULL,
    )


def _files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("[!.]*") if ".db" not in path.name}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], float]:
    """Return the files of a whole run and how long it took, in seconds."""
    out = tmp_path_factory.mktemp("undisturbed")
    begin = time.monotonic()
    assert _start(out).wait() == 0
    return _files(out), time.monotonic() - begin


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest) -> Iterator[tuple[str, ...]]:
    """Give the options that name the database; the default one lies beside the report."""
    if request.param == "sqlite":
        yield ()
    else:
        with postgres_schema("killed") as url:
            yield ("--db", url)


@pytest.mark.parametrize("shares", SHARES.values(), ids=SHARES.keys())
def test_a_killed_run_goes_on_where_it_was(
    undisturbed: tuple[dict[str, bytes], float],
    tmp_path: Path,
    shares: tuple[float, ...],
    database: tuple[str, ...],
) -> None:
    files, seconds = undisturbed
    for share in shares:
        process = _start(tmp_path, *database)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds * share)
        process.kill()
        process.wait()
    assert _start(tmp_path, *database).wait() == 0
    assert len(files) == 6
    assert _files(tmp_path) == files
