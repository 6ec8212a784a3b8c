"""The dated wordings of this room, each read once, on first use."""

from functools import cache
from importlib import resources
from typing import Final

TEMPLATES: Final = "templates@2026-11-22.txt"
PROMISES: Final = "promises@2026-11-22.txt"
CLAIMS: Final = "claims@2026-11-22.txt"


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the entries of a file with one a line."""
    return tuple(line for line in map(str.strip, _lines(name)) if line)


@cache
def sections() -> dict[str, str]:
    """Return the wordings of the program, by the name of their kind."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in _lines(TEMPLATES):
        if line.startswith("["):
            name = line.strip("[]")
        else:
            found.setdefault(name, []).append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items() if name}


def _lines(name: str) -> list[str]:
    path = resources.files("feedback_nlp.replies") / "wordings" / name
    return [
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
