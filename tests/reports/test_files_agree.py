import json
from collections.abc import Callable
from pathlib import Path

import pytest
from delivery_sample import delivered, worked_on
from odd_samples import EMPTY, hostile, one_week, undated, years_of_many_themes
from report_parsing import (
    RICE,
    Numbers,
    csv_rows,
    markdown_of,
    page_of,
    themes_json,
    xlsx_rows,
)
from report_sample import annotations, sample

from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.write import write_reports

SAMPLES = [
    pytest.param(sample, id="ten weeks"),
    pytest.param(hostile, id="hostile texts"),
    pytest.param(delivered, id="tickets worked on"),
    pytest.param(lambda: worked_on(hostile()), id="hostile tickets worked on"),
    pytest.param(undated, id="no dates"),
    pytest.param(one_week, id="one week"),
    pytest.param(years_of_many_themes, id="three years, fifteen themes, no tickets"),
    pytest.param(lambda: EMPTY, id="nothing"),
]
FIGURES = ("rank", "count", "users", "negative_share", "score", "low", "high")


def themes_in_json(document: dict[str, list[dict[str, float]]]) -> Numbers:
    return {
        str(theme["id"]): {
            key: theme[key] if key in theme else theme["priority"][key]  # type: ignore[index]
            for key in FIGURES
        }
        for theme in document["themes"]
    }


@pytest.mark.parametrize("make", SAMPLES)
def test_all_numbers_in_all_files_agree(make: Callable[[], ReportData], tmp_path: Path) -> None:
    data = make()
    write_reports(data, annotations(), tmp_path)
    document = themes_json(tmp_path / "themes.json")
    page = page_of((tmp_path / "report.html").read_text("utf-8"))
    markdown = markdown_of((tmp_path / "report.md").read_text("utf-8"))

    assert page.conflicts == []
    assert page.totals["reviews"] == markdown.reviews == document["run"]["reviews"]
    assert page.totals["unassigned"] == document["unassigned"]["count"]
    assert page.totals["themes"] == document["run"]["themes"] == len(document["themes"])

    stated = themes_in_json(document)
    assert stated.keys() == page.themes.keys() == markdown.themes.keys()
    for theme_id, figures in stated.items():
        shown = page.themes[theme_id]
        assert {key: shown.get(key, figures[key]) for key in FIGURES} == figures
        assert {"rank", "count", "users", "negative_share", "score"} <= shown.keys()
        assert markdown.themes[theme_id] == pytest.approx(figures, abs=0.0006)

    table, workbook = csv_rows(tmp_path / "tickets.csv"), xlsx_rows(tmp_path / "tickets.xlsx")
    assert len(table) == len(workbook) == len(data.tickets) == document["run"]["tickets"]
    for row, cells in zip(table, workbook, strict=True):
        priority = {key: float(row[key]) for key in RICE}
        assert priority == {key: cells[key] for key in RICE}
        by_theme = {theme["id"]: theme["priority"] for theme in document["themes"]}
        assert priority == {key: by_theme[row["theme"]][key] for key in RICE}
        for told in (page.tickets[row["id"]], markdown.tickets[row["id"]]):
            assert {"score", "low", "high"} <= told.keys()
            assert told == pytest.approx({key: priority[key] for key in told}, abs=0.0006)


@pytest.mark.parametrize("make", SAMPLES)
def test_same_data_gives_the_same_bytes(make: Callable[[], ReportData], tmp_path: Path) -> None:
    first = write_reports(make(), annotations(), tmp_path / "first")
    second = write_reports(make(), annotations(), tmp_path / "second")
    assert [path.name for path in first] == [
        "opinions.jsonl",
        "themes.json",
        "tickets.csv",
        "tickets.xlsx",
        "report.html",
        "report.md",
    ]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_opinions_are_written_one_line_per_review(tmp_path: Path) -> None:
    path = write_reports(EMPTY, annotations(), tmp_path)[0]
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == [review.id for _, review in annotations()]
    assert all(line["channel"] and line["external_id"] for line in lines)
