"""Puts a finished model folder where it belongs."""

import shutil
from pathlib import Path

from feedback_nlp.artifacts.manifest import MANIFEST
from feedback_nlp.errors import InputError


def check_free(out: Path) -> None:
    """Refuse to replace a folder that is no model.

    Raises:
        InputError: when the folder holds files, but no manifest.
    """
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise InputError(f"{out}: 里面有文件，但不是模型；请用 --out 换一个文件夹")


def place(draft: Path, out: Path) -> None:
    """Copy the finished folder to its place; at no moment does half a model lie there."""
    new, old = (out.with_name(f".{out.name}.{state}") for state in ("new", "old"))
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(draft, new)
    if out.exists():
        out.rename(old)
    new.rename(out)
    shutil.rmtree(old, ignore_errors=True)
