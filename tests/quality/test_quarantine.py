"""Ceilings and floors on the share held in real reviews; nearly nothing may be held wrongly.

Every text held in these files was read on 2026-11-22: no wrong one among them.
The texts have no authors, so what is measured is adverts, default praise, padding and copies.
"""

import gzip
import json
import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedback_nlp.quarantine.candidates import Candidate
from feedback_nlp.quarantine.screen import screen
from feedback_nlp.records import Polarity

pytestmark = pytest.mark.quality
DATA = Path(os.environ.get("FEEDBACK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
LOW, HIGH = 2, 4


def candidates(name: str) -> list[Candidate]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [_candidate(n, json.loads(line)) for n, line in enumerate(lines)]


def _candidate(number: int, row: dict[str, str]) -> Candidate:
    star = float(row["star"]) if row.get("star") else None
    date = row.get("date") or ""
    return Candidate(
        review_id=f"{number:06d}",
        channel="样本",
        text=row["text"],
        created_at=datetime.fromisoformat(date).replace(tzinfo=UTC) if "-" in date else None,
        polarity=_polarity(star),
        severity=1 if star is not None and star <= LOW else 0,
        rating=star,
    )


def _polarity(star: float | None) -> Polarity | None:
    if star is None:
        return None
    return Polarity.NEG if star <= LOW else Polarity.POS if star >= HIGH else Polarity.NEU


@pytest.mark.parametrize(
    ("name", "ceilings", "floors"),
    [
        pytest.param(
            "demo/alipay_appstore", {"spam": 10, "near_duplicate": 2}, {"spam": 5}, id="payment app"
        ),
        pytest.param(
            "demo/phone_reviews",
            {"default_praise": 150, "duplicate": 290, "near_duplicate": 20, "spam": 1},
            {"default_praise": 130, "duplicate": 260},
            id="phones: crawled twice",
        ),
        pytest.param(
            "demo/game_reviews",
            {"template": 10, "duplicate": 8, "near_duplicate": 4, "spam": 1},
            {"template": 4, "duplicate": 3},
            id="game",
        ),
        pytest.param(
            "demo/citizen_tickets",
            {"duplicate": 130, "near_duplicate": 80, "spam": 0},
            {"duplicate": 100, "near_duplicate": 40},
            id="citizen tickets: sent several times",
        ),
    ],
)
def test_share_held_keeps_its_bounds(
    name: str, ceilings: dict[str, int], floors: dict[str, int]
) -> None:
    counts = Counter(each.reason.value for each in screen(candidates(name)))
    print(name, dict(counts))  # noqa: T201 (`pytest -s` shows the figures)
    assert {reason: n for reason, n in counts.items() if n > ceilings.get(reason, 0)} == {}
    assert {reason: counts[reason] for reason, n in floors.items() if counts[reason] < n} == {}


def test_hardly_any_of_134_000_distinct_reviews_is_held() -> None:
    held = screen(candidates("train/sentiment"))
    assert len(held) <= 200


def test_no_complaint_is_held_by_its_own_words() -> None:
    """Only adverts, default praise and padding can be: copies have an original that stays."""
    for name in ("demo/alipay_appstore", "demo/phone_reviews", "demo/game_reviews"):
        rows = {one.review_id: one for one in candidates(name)}
        held = [each for each in screen(rows.values()) if each.original is None]
        assert [rows[each.review_id].text for each in held if _unhappy(rows[each.review_id])] == []


def _unhappy(candidate: Candidate) -> bool:
    return candidate.polarity is Polarity.NEG


def test_severity_3_hides_nothing_in_real_reviews() -> None:
    grave = [replace(one, severity=3) for one in candidates("demo/phone_reviews")]
    assert screen(grave) == []
