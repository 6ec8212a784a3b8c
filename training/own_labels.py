"""Reads the labels in `training/labels`, which name the texts they are for but hold none."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from feedback_nlp.errors import InputError
from feedback_nlp.text.normalize import normalize
from training.data import LabelledClause, rows

LABELS: Final = Path(__file__).with_name("labels")
OPINIONS: Final = "opinions.tsv"
PROBLEMS: Final = "problems.tsv"
NO_PROBLEM: Final = "none"
_DIGITS: Final = 8

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint clause and the problem it speaks of."""

    text: str
    """Normalised."""
    product: str
    problem: str | None
    """A code inside `product`; None: no problem that anybody else has."""


def own_clauses(data: Path, *, labels: Path = LABELS) -> tuple[LabelledClause, ...]:
    """Return the clauses labelled for this project, in the order of the label file.

    Raises:
        InputError: when a data file is missing or differs from the one that was labelled.
    """
    return tuple(
        LabelledClause(
            text=text,
            polarity=row["polarity"],
            intent=row["intent"],
            topics=tuple(row["topics"].split(",")),
            severity=int(row["severity"]),
        )
        for row, text in _read(labels / OPINIONS, data)
    )


def complaints(data: Path, *, labels: Path = LABELS) -> tuple[Complaint, ...]:
    """Return the clauses sorted by problem, in the order of the label file.

    Raises:
        InputError: when a data file is missing or differs from the one that was labelled.
    """
    return tuple(
        Complaint(text, row["product"], None if row["problem"] == NO_PROBLEM else row["problem"])
        for row, text in _read(labels / PROBLEMS, data)
    )


def labelled_rows(path: str, *, labels: Path = LABELS) -> frozenset[int]:
    """Return the rows of a data file of which some clause was labelled: no test is made of them."""
    return frozenset(
        int(row["row"])
        for name in (OPINIONS, PROBLEMS)
        for row in _table(labels / name)
        if row["path"] == path
    )


def count(table: Path) -> int:
    """Return how many rows a label file has."""
    return len(_table(table))


def _read(table: Path, data: Path) -> list[tuple[Row, str]]:
    """Return each row of a label file with its clause, normalised."""
    wanted = _table(table)
    by_path: dict[str, set[int]] = defaultdict(set)
    for row in wanted:
        by_path[row["path"]].add(int(row["row"]))
    texts: Mapping[tuple[str, int], dict[str, Any]] = {
        (path, number): found
        for path, numbers in by_path.items()
        for number, found in enumerate(rows(data / path))
        if number in numbers
    }
    return [(row, _clause(row, texts.get((row["path"], int(row["row"]))), data)) for row in wanted]


def _clause(row: Row, found: Mapping[str, Any] | None, data: Path) -> str:
    whole = str((found or {}).get(row["field"], ""))
    span = whole[int(row["start"]) : int(row["end"])]
    if hashlib.sha256(span.encode()).hexdigest()[:_DIGITS] != row["digest"]:
        raise InputError(
            f"{data / row['path']}: 第 {row['row']} 行的 {row['field']} 不是当初标注的文本，"
            "请换成标注时那一版数据"
        )
    return normalize(span).text


def _table(path: Path) -> list[Row]:
    if not path.is_file():
        raise InputError(f"{path}: 没有这个标注文件，它是仓库的一部分，请重新取出")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
