"""The manifest of a model folder: what it must say, and whether the folder keeps its word."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from feedback_nlp.artifacts.faults import explain
from feedback_nlp.errors import ArtefactError

MANIFEST: Final = "manifest.json"
_REPAIR: Final = "请重新安装 feedback-nlp，或用 `python -m training` 重新训练模型"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
"""A file of the folder itself, never a path out of it."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataSource(_Strict):
    """One data set a model learned from or was measured on."""

    path: str
    use: str
    rows: Annotated[int, Field(ge=0)]
    licence: str
    note: str = ""


class Manifest(_Strict):
    """What `manifest.json` holds. `files` lists every other file of the folder but the card."""

    name: Name
    date: dt.date
    kind: str
    """What loads it: `linear` or `encoder`."""
    files: dict[FileName, Sha256]
    labels: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Head -> its labels, in the order of the columns."""
    taxonomy: str | None = None
    normalizer: dt.date | None = None
    """Newest date in the table of rewrites the model was trained behind."""
    opset: int | None = None
    training_commit: str | None = None
    data: tuple[DataSource, ...] = ()

    @property
    def version(self) -> str:
        """Name and date, `linear-zh/2026-11-22`."""
        return f"{self.name}/{self.date.isoformat()}"


def open_folder(folder: Path, *, kind: str, needs: Iterable[str] = ()) -> Manifest:
    """Read a folder's manifest and check every file against its sha256.

    `needs` are the files that the caller is going to read; the manifest must protect them all.

    Raises:
        ArtefactError: when something is missing, unlisted, unreadable, altered or of another
            kind; the message names the folder, the file and what to do.
    """
    manifest = read_manifest(folder)
    if manifest.kind != kind:
        raise ArtefactError(
            f"{folder / MANIFEST}: 这是“{manifest.kind}”类模型，不是“{kind}”类；请换一个文件夹"
        )
    for name in needs:
        check_listed(folder / name, manifest)
    for name in manifest.files:
        check_file(folder / name, manifest)
    return manifest


def check_listed(path: Path, manifest: Manifest) -> None:
    """Raise ArtefactError when the manifest does not protect this file of its folder."""
    if path.name not in manifest.files:
        raise damaged(path, f"{MANIFEST} 没有列出这个文件，无法核对内容")


def check_file(path: Path, manifest: Manifest) -> None:
    """Raise ArtefactError when a listed file is missing or not as it was made."""
    if not path.is_file():
        raise damaged(path, "文件不存在")
    if sha256(path) != manifest.files[path.name]:
        raise damaged(path, "文件被改动或已损坏（sha256 不符）")


def damaged(path: Path, reason: str) -> ArtefactError:
    """Return the error for a file or folder that is not as it was made."""
    return ArtefactError(f"{path}: {reason}；{_REPAIR}")


def sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's manifest and nothing else.

    Raises:
        ArtefactError: when folder or manifest is missing or not as it was made.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        raise damaged(folder, "没有这个模型文件夹")
    if not path.is_file():
        raise damaged(path, "文件不存在")
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise damaged(path, f"不是模型清单（{explain(error)}）") from error
