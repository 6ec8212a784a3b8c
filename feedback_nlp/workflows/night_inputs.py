"""What a night is given: files, and folders that stand for every file in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final

from feedback_nlp.errors import InputError
from feedback_nlp.workflows.input_files import check_files

ENDINGS: Final = frozenset(
    {".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".xlsx", ".xlsm", ".xls", ".html"}
    | {".htm", ".zip", ".gz"}
)
"""What is taken from a folder; any other file may lie there too."""
_NOT_READY: Final = (".", "~$")
"""Names of hidden files, and of those that Excel writes while a workbook is open."""


@dataclass(frozen=True, slots=True)
class NightFile:
    """A file and what names its content."""

    path: Path
    sha256: str

    @property
    def key(self) -> tuple[str, str]:
        """By what a later night knows it again: moving it to another folder does not matter."""
        return self.path.name, self.sha256


def gather(sources: Iterable[Path]) -> tuple[NightFile, ...]:
    """Return the files as given; a folder gives its files in the order of their names, once each.

    Folders inside a folder are not looked into.

    Raises:
        InputError: a path is not there, or two files have the same name and content.
    """
    paths = [path for source in sources for path in _files(source)]
    check_files(paths)
    files = tuple(NightFile(path, _digest(path)) for path in paths)
    known: dict[tuple[str, str], Path] = {}
    for file in files:
        if file.key in known:
            raise InputError(f"{file.path}: 与 {known[file.key]} 同名且内容相同，请只给一个")
        known[file.key] = file.path
    return files


def _files(source: Path) -> Iterator[Path]:
    if not source.is_dir():
        yield source
        return
    for path in sorted(source.iterdir(), key=lambda path: path.name):
        usable = path.suffix.lower() in ENDINGS and not path.name.startswith(_NOT_READY)
        if usable and path.is_file():
            yield path


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
