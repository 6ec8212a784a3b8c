"""Every file that the encoder's recipe reads, written from our own clauses, and labels for some."""

import gzip
import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from evaluation_data import PROBLEMS, add_held_out_reviews, write_embedding_data
from tiny_model import sample_rows, write_data

from training.data import RAW_REVIEWS
from training.encoder.material import (
    APP,
    GAMES,
    KEPT_FOR_RECIPES,
    MORE_PAIRS,
    PHONES,
    TICKETS,
    TOPICS_PUBLIC,
)
from training.own_labels import OPINIONS
from training.own_labels import PROBLEMS as PROBLEM_TABLE

OPINION_COLUMNS: Final = (
    "path row field start end digest polarity intent topics severity".split()  # noqa: SIM905
)
PROBLEM_COLUMNS: Final = "product path row field start end digest problem".split()  # noqa: SIM905


def write_corpus(folder: Path) -> Path:
    """Write the data folder; no text of `../shared/data` is in it."""
    write_embedding_data(write_data(folder))
    add_held_out_reviews(folder)
    rows = sample_rows()
    texts = [row["text"] for row in rows]
    for path, some in ((PHONES, texts[::3]), (GAMES, texts[1::3]), (APP, texts[2::3])):
        _write_gzip(folder / path, [{"text": text, "star": 3, "date": ""} for text in some])
    _write_gzip(folder / TOPICS_PUBLIC, [{"text": text, "labels": []} for text in texts])
    _write_gzip(
        folder / TICKETS, [{"title": text[:4], "text": f"{text}。{text}"} for text in texts]
    )
    pairs = [
        {"text_a": one, "text_b": other if alike else texts[0], "label": alike}
        for place, (one, other) in enumerate(pairwise(texts))
        for alike in (place % 2,)
    ]
    _write_gzip(folder / MORE_PAIRS, pairs)
    # The linear model reads these pairs without their labels.
    _write_gzip(folder / "pairs/afqmc_train.jsonl.gz", pairs[::-1])
    _write_gzip(
        folder / "demo" / "problems.jsonl.gz",
        [{"text": text} for group in PROBLEMS.values() for text in group],
    )
    return folder


def write_labels(folder: Path) -> Path:
    """Label every raw review as the sample does, and sort the complaints of two products."""
    folder.mkdir(parents=True, exist_ok=True)
    opinions = [
        [*_span(RAW_REVIEWS, number, row["text"]), *_labels(row)]
        for number, row in enumerate(sample_rows())
    ]
    complaints = [(theme, text) for theme, group in PROBLEMS.items() for text in group]
    problems = [
        [
            product,
            *_span("demo/problems.jsonl.gz", number, text),
            "none" if theme == "t3" else theme,
        ]
        for product in ("app", KEPT_FOR_RECIPES)
        for number, (theme, text) in enumerate(complaints)
    ]
    _write_table(folder / OPINIONS, OPINION_COLUMNS, opinions)
    _write_table(folder / PROBLEM_TABLE, PROBLEM_COLUMNS, problems)
    return folder


def _labels(row: dict[str, Any]) -> list[str]:
    return [row["polarity"], row["intent"], ",".join(row["topics"]), str(row["severity"])]


def _span(path: str, number: int, text: str) -> list[str]:
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return [path, str(number), "text", "0", str(len(text)), digest]


def _write_table(path: Path, columns: list[str], rows: list[list[str]]) -> None:
    lines = ["\t".join(line) + "\n" for line in [columns, *rows]]
    path.write_text("".join(lines), encoding="utf-8")


def _write_gzip(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
