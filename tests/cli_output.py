"""What the tests of the command line share: samples, and readers of what it printed."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from typer.testing import Result

COMPLAINTS: Final = Path(__file__).parent / "samples" / "complaints.csv"
FILES: Final = [
    "opinions.jsonl",
    "themes.json",
    "tickets.csv",
    "tickets.xlsx",
    "report.html",
    "report.md",
]
Invoke = Callable[..., Result]
Once = Callable[[Callable[[], object]], None]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own name)
