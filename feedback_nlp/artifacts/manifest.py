"""The manifest of a model folder: what it must say, and whether the folder keeps its word."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from feedback_nlp.errors import ArtefactError

MANIFEST: Final = "manifest.json"
_REPAIR: Final = "reinstall feedback-nlp, or train the model again with `python -m training`"

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
    """What loads it: `linear`, ..."""
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


def open_folder(folder: Path, *, kind: str) -> Manifest:
    """Read a folder's manifest and check every file against its sha256.

    Raises:
        ArtefactError: when something is missing, unreadable, altered or of another kind; the
            message names the folder, the file and what to do.
    """
    manifest = _read(folder)
    if manifest.kind != kind:
        raise ArtefactError(
            f"{folder}/{MANIFEST}: holds a {manifest.kind!r} model, not a {kind!r} one; "
            "name another folder"
        )
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise ArtefactError(f"{path}: file is missing; {_REPAIR}")
        if sha256(path) != expected:
            raise ArtefactError(f"{path}: file was altered or damaged (sha256 differs); {_REPAIR}")
    return manifest


def damaged(path: Path, reason: str) -> ArtefactError:
    """Return the error for a file that has the right hash and the wrong content."""
    return ArtefactError(f"{path}: {reason}; {_REPAIR}")


def sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(folder: Path) -> Manifest:
    path = folder / MANIFEST
    if not folder.is_dir():
        raise ArtefactError(f"{folder}: no such model folder; {_REPAIR}")
    if not path.is_file():
        raise ArtefactError(f"{path}: file is missing; {_REPAIR}")
    try:
        return Manifest.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, ValueError) as error:
        raise damaged(path, f"not a manifest ({error})") from error
