"""Input files: refused before anything is done with the others."""

from collections.abc import Iterable
from pathlib import Path

from feedback_nlp.errors import InputError


def check_files(files: Iterable[Path]) -> None:
    """Check that every file is there, so that a slip in the last name costs nothing.

    Raises:
        InputError: a path names nothing, or a folder.
    """
    for file in files:
        if file.is_dir():
            raise InputError(f"{file}: 是文件夹，请给出文件")
        if not file.exists():
            raise InputError(f"{file}: 没有这个文件")
