"""Sheets made by hand, so that these tests are about channels and not about files."""

import json
from collections.abc import Callable, Sequence

import pytest
from builders import NOW

from feedback_nlp.channels import named
from feedback_nlp.records import Arrival, Rejected
from feedback_nlp.tabular.sheets import Row, Sheet

Read = Callable[..., list[Arrival | Rejected]]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Sheet:
    found = [
        Row(line, dict(zip(header, cells, strict=True))) for line, cells in enumerate(rows, start=2)
    ]
    return Sheet("样例.csv", tuple(header), iter(found))


def json_lines(text: str) -> Sheet:
    rows = [Row(line, json.loads(raw)) for line, raw in enumerate(text.splitlines(), start=1)]
    return Sheet("样例.jsonl", (), iter(rows))


@pytest.fixture
def read() -> Read:
    """Read rows written as `a | b`, the first of them the header, with a channel of this name."""

    def reading(name: str, *lines: str, **options: object) -> list[Arrival | Rejected]:
        header, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
        cells = [[cell.replace("\\n", "\n") for cell in row] for row in rows]
        return list(named(name).read(table(header, cells), now=NOW, **options))

    return reading


@pytest.fixture
def read_json() -> Read:
    def reading(name: str, text: str, **options: object) -> list[Arrival | Rejected]:
        return list(named(name).read(json_lines(text), now=NOW, **options))

    return reading
