"""Reads the files of a model folder: named columns and named arrays, both checked."""

import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from feedback_nlp.artifacts.manifest import damaged

FloatArray = npt.NDArray[np.floating[Any]]

_UNREADABLE: Final = (
    OSError,
    ValueError,
    KeyError,
    TypeError,  # one bare array instead of an archive
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_columns(path: Path) -> dict[str, int]:
    """Read a JSON list of different strings: each string -> its place.

    Raises:
        ArtefactError: when the file holds anything else.
    """
    try:
        names = json.loads(path.read_bytes())
    except ValueError as error:
        raise damaged(path, "不是 JSON") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise damaged(path, "不是词的列表")
    columns = {name: column for column, name in enumerate(names)}
    if len(columns) != len(names):
        raise damaged(path, "列表里有重复的词")
    return columns


def read_arrays(path: Path, *names: str) -> dict[str, FloatArray]:
    """Read arrays of real numbers from an `.npz` file.

    Raises:
        ArtefactError: when the file is no archive or lacks one of them.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in names}
    except _UNREADABLE as error:
        raise damaged(path, f"读不出数组 {'、'.join(names)}") from error
    for name, array in arrays.items():
        if not np.issubdtype(array.dtype, np.floating):
            raise damaged(path, f"数组 {name} 不是小数")
    return arrays


def check_shapes(
    path: Path, arrays: Mapping[str, FloatArray], expected: Mapping[str, tuple[int, ...]]
) -> None:
    """Compare the shape of every array with the one that the other files ask for.

    Raises:
        ArtefactError: when one differs.
    """
    for name, shape in expected.items():
        if arrays[name].shape != shape:
            raise damaged(
                path, f"数组 {name} 的形状是 {arrays[name].shape}，与其他文件不符，应为 {shape}"
            )
