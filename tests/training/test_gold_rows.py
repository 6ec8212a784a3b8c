"""Rows of a user's own gold file: what is wrong is named with file, line and field."""

import json
from pathlib import Path
from typing import Any

import pytest

from feedback_nlp.errors import InputError
from training.data import clauses

GOOD: dict[str, Any] = {
    "text": "等了三天才到",
    "polarity": "neg",
    "intent": "complaint",
    "topics": ["logistics.speed"],
    "severity": 2,
}


def written(folder: Path, *rows: object) -> Path:
    path = folder / "gold.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_good_rows_are_read_whatever_else_they_hold(tmp_path: Path) -> None:
    (clause,) = clauses(written(tmp_path, GOOD | {"id": 7}))
    assert (clause.text, clause.topics, clause.severity) == (
        "等了三天才到",
        ("logistics.speed",),
        2,
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"text": " "}, "字段 text", id="no text"),
        pytest.param({"polarity": "bad"}, "字段 polarity 不能是 'bad'", id="unknown polarity"),
        pytest.param({"intent": None}, "字段 intent", id="no intent"),
        pytest.param({"topics": []}, "字段 topics", id="no topic"),
        pytest.param({"topics": [1]}, "字段 topics", id="a number for a topic"),
        pytest.param({"topics": ["price.value"] * 4}, "字段 topics", id="four topics"),
        pytest.param({"topics": ["price.none"]}, "类别表里没有 price.none", id="unknown topic"),
        pytest.param({"severity": 4}, "字段 severity", id="severity too high"),
        pytest.param({"severity": 0}, "severity 在 neg 时为 1 到 3", id="negative, no severity"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    path = written(tmp_path, GOOD, GOOD | change)
    with pytest.raises(InputError, match=words) as caught:
        clauses(path)
    assert str(caught.value).startswith(f"{path}:2: ")


@pytest.mark.parametrize("row", ["text", 1, [GOOD]])
def test_a_row_that_is_no_object_is_named(tmp_path: Path, row: object) -> None:
    with pytest.raises(InputError, match="不是 JSON 对象"):
        clauses(written(tmp_path, row))


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("等了三天\n", encoding="utf-8")
    with pytest.raises(InputError, match="不是一行 JSON"):
        clauses(path)
