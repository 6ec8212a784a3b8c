"""What a hostile file is, and what must come out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Write = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class HostileFile:
    """One broken or malicious file; counts are the same for rows read and for reviews imported."""

    what: str
    """For people: the id of the test."""
    name: str
    write: Write
    good: int = 0
    rejected: int = 0
    error: str = ""
    """Part of the message when the file as a whole is refused; then nothing is imported."""
    said: str = ""
    """Part of the reason of some rejected line, or of a note."""

    def build(self, folder: Path) -> Path:
        """Write the file into a folder and return its path."""
        path = folder / self.name
        self.write(path)
        return path


def content(data: bytes | str | Callable[[], bytes | str]) -> Write:
    """Return what writes these bytes, or this text as UTF-8; large ones are made when needed."""

    def write(path: Path) -> None:
        made = data() if callable(data) else data
        path.write_bytes(made.encode() if isinstance(made, str) else made)

    return write
