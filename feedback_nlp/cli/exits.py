"""What a command says and returns when something is wrong; exit codes exist only here."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

from feedback_nlp.errors import (
    ArtefactError,
    ConflictError,
    FeedbackError,
    InputError,
    NotFoundError,
    SourceError,
    StorageError,
)

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_REJECTED: Final = 3
EXIT_CODES: Final[dict[type[FeedbackError], int]] = {
    InputError: EXIT_USAGE,
    NotFoundError: EXIT_USAGE,
    ConflictError: EXIT_USAGE,
    ArtefactError: EXIT_FAILED,
    SourceError: EXIT_FAILED,
    StorageError: EXIT_FAILED,
}
_FAULTS: Final = {
    errno.EACCES: "没有访问权限",
    errno.EEXIST: "已有同名文件，不是文件夹",
    errno.EISDIR: "是文件夹，请给出文件名",
    errno.ENOENT: "所在的文件夹不存在",
    errno.ENOSPC: "磁盘已满",
}


@contextmanager
def errors_as_exit_codes() -> Iterator[None]:
    """Turn our errors, and files that cannot be used, into one line and the promised exit code."""
    try:
        yield
    except FeedbackError as error:
        typer.echo(f"错误：{one_line(str(error))}", err=True)
        raise typer.Exit(EXIT_CODES[type(error)]) from error
    except BrokenPipeError:
        raise  # The reader of our output has left; typer ends quietly.
    except OSError as error:
        reason = _FAULTS.get(error.errno or 0, error.strerror)
        typer.echo(f"错误：{error.filename}: {reason}", err=True)
        raise typer.Exit(EXIT_FAILED) from error


def complain(source: Path | str, line: int, reason: str | None) -> bool:
    """Say on stderr what is wrong with a line, if anything."""
    if reason is not None:
        typer.echo(f"{source}:{line}: {one_line(reason)}", err=True)
    return reason is not None


def finish(rejected: int) -> None:
    """End with the code that says whether any line was rejected."""
    if rejected:
        raise typer.Exit(EXIT_REJECTED)


def one_line(text: str) -> str:
    """Fold white space, so that a message stays one line."""
    return " ".join(text.split())
