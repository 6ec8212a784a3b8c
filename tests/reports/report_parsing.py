"""Reads the numbers back out of every report file, each with a parser of its own."""

import csv
import io
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl

Numbers = dict[str, dict[str, float]]
"""Theme or ticket id -> name of the figure -> value."""
RICE = ("reach", "impact", "confidence", "effort", "score", "low", "high")


class ReportPage(HTMLParser):
    """Collects `<data data-key value>` per theme and ticket, ids, links and open tags."""

    def __init__(self) -> None:
        super().__init__()
        self.themes: Numbers = {}
        self.tickets: Numbers = {}
        self.totals: dict[str, float] = {}
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.outside: list[str] = []
        self.text: list[str] = []
        self.conflicts: list[str] = []
        self.verdicts: dict[str, str] = {}
        self._targets: list[tuple[str, dict[str, float]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.ids += [name for key, name in attrs if key == "id" and name]
        self.links += [link for key, link in attrs if key == "href" and link]
        self.outside += [str(found[key]) for key in ("src", "srcset", "action") if key in found]
        for key, numbers in (("data-theme", self.themes), ("data-ticket", self.tickets)):
            if name := found.get(key):
                self._targets.append((tag, numbers.setdefault(name, {})))
        if fix := found.get("data-fix"):
            self.verdicts[fix] = str(found["data-verdict"])
        if tag == "data":
            self._number(str(found["data-key"]), float(str(found["value"])))

    def handle_endtag(self, tag: str) -> None:
        if self._targets and self._targets[-1][0] == tag:
            self._targets.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def _number(self, key: str, value: float) -> None:
        target = self._targets[-1][1] if self._targets else self.totals
        if target.setdefault(key, value) != value:
            self.conflicts.append(f"{key}: {target[key]} and {value}")


@dataclass
class Markdown:
    """Tables of a Markdown report."""

    themes: Numbers = field(default_factory=dict)
    tickets: Numbers = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    reviews: float = 0


def page_of(html: str) -> ReportPage:
    page = ReportPage()
    page.feed(html)
    page.close()
    return page


def amount(text: str) -> float:
    """Read `337.77（80% 区间 …）`, `0.46 人月`, `1,234` or `12.3%`."""
    first = re.match(r"[\d.,]+%?", text)
    assert first, text
    number = float(first[0].rstrip("%").replace(",", ""))
    return number / 100 if first[0].endswith("%") else number


def interval(text: str) -> tuple[float, float]:
    low, high = text.split("—")
    return amount(low), amount(high)


def markdown_of(text: str) -> Markdown:
    found = Markdown()
    current = ""
    names = {"触达": "reach", "影响": "impact", "信心": "confidence", "投入": "effort"}
    for line in text.splitlines():
        if match := re.match(r"### (W-\d+)", line):
            current = match[1]
        if match := re.match(r"- \*\*(\w+)\*\* ([KW]-\d+) ", line):
            found.verdicts[match[2]] = match[1]
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            continue
        if cells[0].isdigit() and len(cells) == 9:
            low, high = interval(cells[8])
            found.themes[cells[1]] = {
                "rank": amount(cells[0]),
                "count": amount(cells[3]),
                "users": amount(cells[4]),
                "negative_share": amount(cells[5]),
                "score": amount(cells[7]),
                "low": low,
                "high": high,
            }
        if cells[0].startswith("W-"):
            low, high = interval(cells[6])
            found.tickets[cells[0]] = {"score": amount(cells[5]), "low": low, "high": high}
        if cells[0] == "评论":
            found.reviews = amount(cells[1])
        if cells[0] in names:
            found.tickets.setdefault(current, {})[names[cells[0]]] = amount(cells[1])
        if cells[0] == "得分":
            low, high = interval(cells[1].split("区间 ")[1].rstrip("）"))
            row = found.tickets.setdefault(current, {})
            row |= {"score": amount(cells[1]), "low": low, "high": high}
    return found


def corrected_shares(text: str) -> tuple[float, Numbers]:
    """Read `意见情感（70 条）：负面 43.1%（按分类误差校正后 41%，90% 区间 38%—44%）；…`."""
    told = re.search(r"意见情感（([\d,]+) 条）：(.*)", text)
    if told is None:
        return 0, {}
    names = {"负面": "neg", "中性": "neu", "正面": "pos"}
    parts = re.findall(r"(\w+) (\S+?)（按分类误差校正后 (\S+?)，90% 区间 (\S+?)）", told[2])
    shares = {
        names[name]: dict(
            zip(
                ("share", "corrected", "low", "high"),
                (amount(share), amount(corrected), *interval(ends)),
                strict=True,
            )
        )
        for name, share, corrected, ends in parts
    }
    return amount(told[1]), shares


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def xlsx_rows(path: Path) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(path)["工单"]
    heading, *rows = sheet.iter_rows(values_only=True)
    keys = [str(cell).split("\n")[1] for cell in heading]
    return [dict(zip(keys, row, strict=True)) for row in rows]


def themes_json(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document
