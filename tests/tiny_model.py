"""A tiny data folder of our own clauses and the linear model trained on it: session fixtures.

A `conftest.py` that wants them imports both names.
"""

import gzip
import json
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any, Final

import pytest

from training.data import GOLD_DEV, GOLD_TRAIN, PAIRS, RAW_REVIEWS, SENTIMENT
from training.train_linear import train_linear
from training.words import WordSettings

SAMPLES: Final = Path(__file__).parent / "samples" / "clauses.jsonl"
LABEL: Final = {"neg": "negative", "neu": "neutral", "pos": "positive"}
TINY_WORDS: Final = WordSettings(rarest=2, dimensions=16)
VERSION: Final = "linear-tiny/2026-11-22"


def sample_rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]


def write_data(folder: Path) -> Path:
    """Write gold and review files in the shapes of `../shared/data`; every fourth row is dev."""
    rows = sample_rows()
    for name in (GOLD_TRAIN, GOLD_DEV, SENTIMENT, RAW_REVIEWS, PAIRS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    _write_lines(folder / GOLD_TRAIN, [row for n, row in enumerate(rows) if n % 4])
    _write_lines(folder / GOLD_DEV, rows[::4] + rows[2::8])
    texts = [row["text"] for row in rows]
    pairs = pairwise(texts)
    _write_gzip(folder / SENTIMENT, _reviews(rows))
    _write_gzip(folder / RAW_REVIEWS, [{"text": text} for text in texts])
    _write_gzip(folder / PAIRS, [{"text_a": one, "text_b": other} for one, other in pairs])
    return folder


def _write_gzip(path: Path, rows: list[dict[str, str]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _reviews(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    by_label: dict[str, list[str]] = {}
    for row in rows:
        by_label.setdefault(row["polarity"], []).append(row["text"])
    return [
        {"text": f"{first}，{second}。", "label": LABEL[label], "src": "waimai_10k"}
        for label, texts in by_label.items()
        for first, second in list(permutations(texts, 2))[:200:2]
    ]


def _write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def tiny_model(tiny_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only: copy the folder before changing it."""
    folder = tmp_path_factory.mktemp("models") / VERSION
    train_linear(tiny_data, folder, word_settings=TINY_WORDS)
    return folder
