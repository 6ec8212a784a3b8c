"""Reads back every file of a finished run and compares their numbers with each other.

Uses the parsers of `tests/reports`, whose folder must be on the import path.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from report_parsing import (
    RICE,
    corrected_shares,
    csv_rows,
    markdown_of,
    page_of,
    themes_json,
    xlsx_rows,
)

from feedback_nlp.reports.delivered import FIXES_SHOWN, OPEN

Document = dict[str, Any]


def read_opinions(out: Path) -> list[Document]:
    lines = (out / "opinions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def assert_files_agree(out: Path) -> None:
    document, lines = themes_json(out / "themes.json"), read_opinions(out)
    _opinions_agree(document, lines)
    _quotes_agree(document, lines)
    _reports_agree(document, out)
    _shares_agree(document, lines, out)
    _tickets_agree(document, lines, out)
    assert_verdicts_agree(out)


def assert_verdicts_agree(out: Path) -> None:
    """Check that page, Markdown and both tables say the same of every fix that they name."""
    page = page_of((out / "report.html").read_text("utf-8"))
    markdown = markdown_of((out / "report.md").read_text("utf-8"))
    table = {row["id"]: row["verdict"] for row in csv_rows(out / "tickets.csv")}
    workbook = {row["id"]: row["verdict"] or "" for row in xlsx_rows(out / "tickets.xlsx")}
    assert table == workbook
    assert page.verdicts == markdown.verdicts
    named = {key: said for key, said in page.verdicts.items() if said != OPEN}
    assert named == {key: table[key] for key in named}
    assert {key for key, said in table.items() if said} == named.keys() or len(named) >= FIXES_SHOWN


def _opinions_agree(document: Document, lines: list[Document]) -> None:
    run, themes = document["run"], document["themes"]
    opinions = [opinion for line in lines for opinion in line["opinions"]]
    counted = [line for line in lines if line["quarantine"] is None]
    candidates = [
        opinion
        for line in counted
        for opinion in line["opinions"]
        if opinion["polarity"] == "neg" or opinion["intent"] == "request"
    ]
    assert run["quarantined"] == len(lines) - len(counted)
    assert run["reviews"] == len(lines) == len({line["id"] for line in lines})
    assert run["opinions"] == len(opinions)
    assert run["candidates"] == len(candidates) == run["assigned"] + run["unassigned"]
    assert run["assigned"] == sum(theme["count"] for theme in themes)
    assert run["unassigned"] == document["unassigned"]["count"]
    assert run["themes"] == len(themes) == len({theme["id"] for theme in themes})


def _quotes_agree(document: Document, lines: list[Document]) -> None:
    said = {
        line["id"]: [opinion["text"] for opinion in line["opinions"]]
        for line in lines
        if line["quarantine"] is None
    }
    for line in lines:
        for opinion in line["opinions"]:
            assert line["text"][opinion["start"] : opinion["end"]] == opinion["text"]
    for theme in document["themes"]:
        assert 0 < theme["users"] <= theme["reviews"] <= theme["count"]
        assert sum(theme["by_channel"].values()) == theme["count"]
        assert theme["quotes"]
        for quote in theme["quotes"]:
            assert quote["text"] in said[quote["review_id"]]
        if theme["trend"]:
            assert sum(week["count"] for week in theme["trend"]) <= theme["count"]


def _reports_agree(document: Document, out: Path) -> None:
    page = page_of((out / "report.html").read_text("utf-8"))
    markdown = markdown_of((out / "report.md").read_text("utf-8"))
    run, themes = document["run"], {theme["id"]: theme for theme in document["themes"]}
    assert page.conflicts == []
    assert page.totals["reviews"] == markdown.reviews == run["reviews"]
    assert page.totals["unassigned"] == run["unassigned"]
    assert page.totals["themes"] == run["themes"]
    assert page.themes.keys() == markdown.themes.keys() == themes.keys()
    for theme_id, theme in themes.items():
        figures = theme | theme["priority"]
        for told in (page.themes[theme_id], markdown.themes[theme_id]):
            assert {"rank", "count", "users", "negative_share", "score"} <= told.keys()
            assert told == pytest.approx({key: figures[key] for key in told}, abs=0.0006)


def _shares_agree(document: Document, lines: list[Document], out: Path) -> None:
    """Check the shares of opinions, or that without error rates no file has any."""
    stated = document["run"].get("opinion_polarity", {})
    page = page_of((out / "report.html").read_text("utf-8"))
    texts = ("\n".join(page.text), (out / "report.md").read_text("utf-8"))
    if not stated:
        assert not any("校正" in text for text in texts)
        return
    counts = Counter(
        opinion["polarity"]
        for line in lines
        if line["quarantine"] is None
        for opinion in line["opinions"]
    )
    total = counts.total()
    assert {name: one["count"] for name, one in stated.items()} == {
        name: counts[name] for name in ("neg", "neu", "pos")
    }
    assert sum(one["corrected"] for one in stated.values()) == pytest.approx(1, abs=0.0002)
    for one in stated.values():
        assert one["share"] == pytest.approx(one["count"] / total, abs=0.00006)
        assert 0 <= one["low"] <= one["corrected"] <= one["high"] <= 1
    for text in texts:
        told_total, told = corrected_shares(text)
        assert told_total == total
        assert told.keys() == stated.keys()
        for name, one in told.items():
            assert one == pytest.approx({key: stated[name][key] for key in one}, abs=0.0006)


def _tickets_agree(document: Document, lines: list[Document], out: Path) -> None:
    page = page_of((out / "report.html").read_text("utf-8"))
    # The parser knows tickets by the letter of the reports room's own samples.
    text = (out / "report.md").read_text("utf-8").replace("K-", "W-")
    markdown = {key.replace("W-", "K-"): told for key, told in markdown_of(text).tickets.items()}
    table, workbook = csv_rows(out / "tickets.csv"), xlsx_rows(out / "tickets.xlsx")
    priorities = {theme["id"]: theme["priority"] for theme in document["themes"]}
    known = {line["id"] for line in lines}
    assert document["run"]["tickets"] == len(table) == len(workbook)
    assert len({row["theme"] for row in table}) == len(table)
    assert {row["id"] for row in table} == page.tickets.keys() == markdown.keys()
    for row, cells in zip(table, workbook, strict=True):
        priority = {key: float(row[key]) for key in RICE}
        assert priority == {key: cells[key] for key in RICE}
        # The ticket of a theme that nobody speaks of any more keeps its last priority.
        of_theme = priorities.get(row["theme"], priority)
        assert priority == {key: of_theme[key] for key in RICE}
        assert (row["id"], row["state"]) == (cells["id"], cells["state"])
        assert set(row["evidence_ids"].split("; ")) <= known
        for told in (page.tickets[row["id"]], markdown[row["id"]]):
            shared = told.keys() & of_theme.keys()
            assert shared == told.keys() or row["theme"] not in priorities
            figures = {key: of_theme[key] for key in shared}
            assert {key: told[key] for key in shared} == pytest.approx(figures, abs=0.0006)
