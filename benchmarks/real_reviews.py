"""The reviews that the benchmarks read: those of ../shared, else our own examples."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from feedback_nlp.channels.table import read_table
from feedback_nlp.records import Review

ROOT: Final = Path(__file__).resolve().parents[1]
DATA: Final = ROOT.parent / "shared" / "data"
REVIEWS: Final = DATA / "train" / "sentiment.jsonl.gz"
EXAMPLES: Final = ROOT / "examples" / "reviews.csv"
ABOUT_50: Final = range(45, 56)
"""Characters of a review of usual length."""


def all_reviews() -> list[str]:
    """Return the texts of all reviews there are."""
    if not REVIEWS.exists():
        return reviews_of(EXAMPLES)
    with gzip.open(REVIEWS, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def usual_reviews(*, every: int) -> list[str]:
    """Return one of `every` reviews of about 50 characters."""
    return [text for text in all_reviews() if len(text) in ABOUT_50][::every]


def reviews_of(file: Path) -> list[str]:
    """Return the texts of a table of reviews."""
    rows = read_table(file, now=datetime(2100, 1, 1, tzinfo=UTC))
    return [row.text for row in rows if isinstance(row, Review)]
