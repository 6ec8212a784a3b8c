"""What an encoder may learn from: nothing that its figures are measured on."""

import gzip
import json
from pathlib import Path
from typing import Any, Final

import pytest
from evaluation_data import NO_PROBLEM, PROBLEMS, write_embedding_data

from training.data import GOLD_DEV, PAIRS
from training.encoder.material import (
    MORE_PAIRS,
    REVIEWS_OF,
    Pair,
    likeness_pairs,
    unlabelled_clauses,
)

DEV: Final = ("手机摔了一次就碎屏", "ＡＰＰ更新以后打不开")
BESIDE: Final = "物流昨天就到了我家"
OTHER: Final = "客服态度一直很耐心"
FIRST, LAST = PROBLEMS["t1"][0], PROBLEMS["t3"][-1]
"""Of the judged pairs: the one is always on the left, the other always on the right."""


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)


def clauses_of(folder: Path, *reviews: str) -> set[str]:
    """Return what is learned from reviews that every file holds."""
    write_embedding_data(folder)
    write(folder / GOLD_DEV, [{"text": text} for text in DEV])
    for path in REVIEWS_OF:
        field = "text_a" if path == PAIRS else "text"
        write(folder / path, [{field: review} for review in reviews])
    return set(unlabelled_clauses(folder, most=99, seed=0))


@pytest.mark.parametrize(
    "tested",
    [
        pytest.param(DEV[0], id="a clause of the development set"),
        pytest.param("手机，摔了一次 就碎屏！", id="spaced otherwise"),
        pytest.param("APP更新以后打不开", id="in letters of another width"),
        pytest.param("他说手机摔了。一次就碎屏，真气人", id="across two clauses"),
        pytest.param(PROBLEMS["t1"][1], id="a complaint that themes are judged on"),
    ],
)
def test_a_review_with_a_tested_clause_is_left_out_whole(tested: str, tmp_path: Path) -> None:
    assert clauses_of(tmp_path, f"{BESIDE}。{tested}。", OTHER) == {OTHER}


def test_a_review_that_only_resembles_a_tested_clause_is_read(tmp_path: Path) -> None:
    near = "手机摔了一次也没碎屏"
    assert clauses_of(tmp_path, f"{BESIDE}。{near}。") == {BESIDE, near, f"{BESIDE}。{near}"}


def test_a_short_tested_clause_goes_alone(tmp_path: Path) -> None:
    found = clauses_of(tmp_path, f"{NO_PROBLEM}。{BESIDE}。")
    assert found == {BESIDE, f"{NO_PROBLEM}。{BESIDE}"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(FIRST, "相册里怎么换封面图", id="the first"),
        pytest.param("相册里怎么换封面图", LAST, id="the second"),
        pytest.param("相册里怎么换封面图", "登錄失敗了", id="in traditional characters"),
    ],
)
def test_a_pair_that_shares_a_question_with_the_judged_ones_is_left_out(
    one: str, other: str, tmp_path: Path
) -> None:
    write_embedding_data(tmp_path)
    write(
        tmp_path / MORE_PAIRS,
        [
            {"text_a": one, "text_b": other, "label": 0},
            {"text_a": "相册里怎么换封面图", "text_b": "封面图在相册哪里换", "label": 1},
        ],
    )
    write(
        tmp_path / PAIRS,
        [{"text_a": "发票抬头写错一个字", "text_b": "改签以后座位靠窗吗", "label": "0"}],
    )
    assert set(likeness_pairs(tmp_path)) == {
        Pair("相册里怎么换封面图", "封面图在相册哪里换", alike=True),
        Pair("发票抬头写错一个字", "改签以后座位靠窗吗", alike=False),
    }
