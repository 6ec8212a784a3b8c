"""Pairs, grouped complaints and reviews of our own, in the shapes of `../shared/data`."""

import gzip
import json
from itertools import combinations
from pathlib import Path
from typing import Final

from training.data import SENTIMENT, is_held_out
from training.embedding import PAIRS_TEST, PRODUCTS

PROBLEMS: Final = {
    "t1": ("登录失败了", "登录一直转圈", "登录不进去"),
    "t2": ("退款没到账", "退款拖了半个月", "退款找不到人"),
    "t3": ("包装压扁了", "包装漏了一角"),
}
"""Theme -> complaints; the first two characters name the problem."""
NO_PROBLEM: Final = "大家好"
UNSEEN: Final = {"negative": "白跑一趟真扫兴", "positive": "住得踏实又清静"}
"""Label of a source -> a clause that is neither among the samples nor among `PROBLEMS`."""


def write_embedding_data(folder: Path) -> Path:
    """Write pairs and both products; returns the folder."""
    (folder / PAIRS_TEST).parent.mkdir(parents=True, exist_ok=True)
    (folder / "themes").mkdir(exist_ok=True)
    texts = [(theme, text) for theme, of_theme in PROBLEMS.items() for text in of_theme]
    with gzip.open(folder / PAIRS_TEST, "wt", encoding="utf-8") as file:
        for (one, text), (other, second) in combinations(texts, 2):
            row = {"text_a": text, "text_b": second, "label": int(one == other)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    for product in PRODUCTS:
        lines = [*texts, ("none", NO_PROBLEM)]
        ids = [f"{product}{n:04}" for n in range(len(lines))]
        _write(
            folder / "themes" / f"{product}_in.tsv",
            [[i, "", t] for i, (_, t) in zip(ids, lines, strict=True)],
        )
        _write(
            folder / "themes" / f"{product}_out.tsv",
            [[i, t] for i, (t, _) in zip(ids, lines, strict=True)],
        )
    return folder


def add_held_out_reviews(folder: Path) -> tuple[str, ...]:
    """Add reviews kept for tests, of which no clause is among the samples; returns their texts."""
    reviews = [
        {"text": f"第{visit}次来，{clause}。", "label": label, "src": "waimai_10k"}
        for label, clause in UNSEEN.items()
        for visit in range(100, 250)
    ]
    kept = [review for review in reviews if is_held_out(review["text"])]
    with gzip.open(folder / SENTIMENT, "at", encoding="utf-8") as file:
        file.writelines(json.dumps(review, ensure_ascii=False) + "\n" for review in kept)
    return tuple(review["text"] for review in kept)


def _write(path: Path, rows: list[list[str]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
