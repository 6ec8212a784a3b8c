"""The decision records are complete, numbered and indexed."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "adr"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
HEADINGS = ["Context", "Decision", "Consequences", "Alternatives refused"]


def test_numbers_have_no_gap_and_the_first_ten_decisions_are_there() -> None:
    numbers = [int(path.name[:4]) for path in RECORDS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 12


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_record_follows_the_template_on_one_page(path: Path) -> None:
    text = path.read_text("utf-8")
    first, _, status, *_ = text.splitlines()
    assert re.fullmatch(rf"# {path.name[:4]}\. \S.*", first)
    assert re.fullmatch(r"Status: (Accepted|Superseded by \d{4})\. Date: \d{4}-\d{2}-\d{2}", status)
    assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == HEADINGS
    assert len(text.splitlines()) <= 60


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_index_lists_the_record_by_number_title_status_and_date(path: Path) -> None:
    first, _, status, *_ = path.read_text("utf-8").splitlines()
    number, title = first.removeprefix("# ").split(". ", 1)
    state, date = status.removeprefix("Status: ").split(". Date: ")
    row = f"| [{number}]({path.name}) | {title} | {state} | {date} |"
    assert row in (FOLDER / "README.md").read_text("utf-8").splitlines()
