"""The order of lines and how they are spread over files change nothing."""

import json
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from builders import NOW
from desk import Desk, Rows, sample_rows, write_csv
from run_agreement import read_opinions

from feedback_nlp.channels.table import read_table
from feedback_nlp.records import Review
from feedback_nlp.storage import placements
from feedback_nlp.storage.database import reading

Reorder = Callable[[Rows], Rows]
ORDERS = [
    pytest.param(lambda rows: rows[::-1], id="backwards"),
    pytest.param(lambda rows: sorted(rows, key=lambda row: row["内容"]), id="by text"),
    pytest.param(lambda rows: [*rows[1::2], *rows[::2]], id="odd lines first"),
    pytest.param(
        lambda rows: [dict(reversed(row.items())) for row in rows], id="columns backwards"
    ),
]


def rows_without_ids() -> Rows:
    rows = sample_rows(without=["id", "topic"])
    return [*rows, *rows[:4]]  # four users who say the same twice


@pytest.mark.parametrize("reorder", ORDERS)
def test_another_order_gives_the_same_files(desk: Desk, tmp_path: Path, reorder: Reorder) -> None:
    rows = rows_without_ids()
    desk.run(write_csv(tmp_path / "as-is.csv", rows))
    other = desk.at("reordered")
    other.run(write_csv(tmp_path / "reordered.csv", reorder(rows)))
    assert len({line["id"] for line in read_opinions(desk.out)}) == 34
    assert other.files() == desk.files()


def test_a_file_cut_in_two_gives_the_same_files(desk: Desk, tmp_path: Path) -> None:
    rows = sample_rows(without=["id"])
    desk.run(write_csv(tmp_path / "whole.csv", rows))
    parts = [write_csv(tmp_path / "1.csv", rows[:11]), write_csv(tmp_path / "2.csv", rows[11:])]
    for name, files in (("in order", parts), ("turned round", parts[::-1])):
        cut = desk.at(name)
        cut.run(*files)
        assert cut.files() == desk.files()


def test_parts_run_one_after_the_other_give_the_same_opinions_and_keep_their_themes(
    desk: Desk, tmp_path: Path
) -> None:
    rows = sample_rows(without=["id"])
    desk.run(write_csv(tmp_path / "whole.csv", rows))
    later = desk.at("later")
    homes: dict[tuple[str, int], str] = {}
    for number in range(3):
        later.run(write_csv(tmp_path / f"{number}.csv", rows[number::3]))
        with later.engine() as engine, reading(engine) as session:
            placed = placements.every(session, later.workspace)
        now = {each.place: each.theme_id for each in placed}
        assert now.items() >= homes.items()
        homes = now
    assert (later.out / "opinions.jsonl").read_bytes() == (desk.out / "opinions.jsonl").read_bytes()
    assert len(homes) >= 15


def test_jsonl_and_csv_name_the_same_review_the_same(tmp_path: Path) -> None:
    rows = sample_rows(without=["id"])
    path = tmp_path / "rows.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    files = (path, write_csv(tmp_path / "rows.csv", rows))
    found = list(chain.from_iterable(read_table(file, now=NOW) for file in files))
    ids = [review.id for review in found if isinstance(review, Review)]
    assert ids[:30] == ids[30:]
